import type { KeyView } from "@lientuyen/record";
import { Banner, Button, Dialog, Empty, Panel, Tag } from "@lientuyen/ui";
import { useState } from "react";
import { useDevice } from "../../device/hooks.ts";
import type { Talk } from "../caseView/talk.ts";
import { devicesOf, type DeviceKeys } from "./people.ts";
import { ReasonForm } from "./PersonCard.tsx";
import { useDoing } from "./useDoing.ts";

/** Devices of the facility and who has a key on each: confirm, disown. */
export function Devices({ talk }: { readonly talk: Talk }) {
  const { me } = useDevice();
  const devices = devicesOf(talk.directory, me.facility);
  const t = talk.words.administration;
  return (
    <div className="stack">
      <p className="small muted">{t.confirmHelp}</p>
      {devices.some(({ keys }) => keys.some(isOpenlyCloned)) ? (
        <Banner tone="danger">{t.clonedHelp}</Banner>
      ) : null}
      {devices.length === 0 ? <Empty>{t.noDevices}</Empty> : null}
      {devices.map((device) => (
        <DeviceCard key={device.device} of={device} talk={talk} />
      ))}
    </div>
  );
}

const isOpenlyCloned = ({ cloned, disowned }: KeyView): boolean => cloned && disowned === undefined;

type Disowning =
  | { readonly what: "device" }
  | { readonly what: "key"; readonly key: KeyView }
  | undefined;

function DeviceCard({ of, talk }: { readonly of: DeviceKeys; readonly talk: Talk }) {
  const device = useDevice();
  const { run, busy, failure } = useDoing();
  const [disowning, setDisowning] = useState<Disowning>(undefined);
  const { administration: t, caseView } = talk.words;
  const close = () => setDisowning(undefined);
  // Several machines may be called the same: the end of the device's own number tells them apart.
  const label = `${of.name} · ${of.device.slice(-4)}`;
  const title =
    disowning === undefined
      ? ""
      : disowning.what === "device"
        ? t.disownDeviceOf(label)
        : t.disownKeyOf(talk.person(disowning.key.person), label);
  return (
    <Panel
      title={label}
      side={
        of.disowned ? (
          <Tag tone="danger">{t.disowned}</Tag>
        ) : (
          <Button
            aria-label={t.disownDeviceOf(label)}
            onClick={() => setDisowning({ what: "device" })}
          >
            {t.disownDevice}
          </Button>
        )
      }
    >
      {of.keys.length === 0 ? <p className="muted">{t.noKeys}</p> : null}
      <ul className="roles">
        {of.keys.map((key) => {
          const name = talk.person(key.person);
          return (
            <li key={key.key} className="row">
              <strong>{name}</strong>
              <code className="small">{key.key.slice(0, 8)}</code>
              {key.cloned ? <Tag tone="danger">{t.cloned}</Tag> : null}
              {key.disowned !== undefined ? (
                <Tag tone="danger">{t.disowned}</Tag>
              ) : key.confirmed ? (
                <Tag tone="good" icon="check">
                  {t.confirmed}
                </Tag>
              ) : (
                <>
                  <Tag tone="warn">{t.unconfirmed}</Tag>
                  <Button
                    busy={busy}
                    aria-label={t.confirmOf(name, label)}
                    onClick={() =>
                      void run(() =>
                        device.directory.write([{ kind: "keyConfirmed", body: { key: key.key } }]),
                      )
                    }
                  >
                    {t.confirm}
                  </Button>
                </>
              )}
              {key.disowned === undefined ? (
                <Button
                  tone="plain"
                  aria-label={t.disownKeyOf(name, label)}
                  onClick={() => setDisowning({ what: "key", key })}
                >
                  {t.disownKey}
                </Button>
              ) : null}
            </li>
          );
        })}
      </ul>
      {failure === undefined ? null : (
        <Banner tone="danger" live>
          {failure}
        </Banner>
      )}
      <Dialog
        open={disowning !== undefined}
        title={title}
        closeLabel={caseView.cancel}
        onClose={close}
      >
        <p>{t.disownHelp}</p>
        <ReasonForm
          danger
          label={t.disownReason}
          send={disowning?.what === "device" ? t.disownDevice : t.disownKey}
          talk={talk}
          onSend={async (reason) => {
            if (disowning === undefined) return;
            await device.directory.write([
              disowning.what === "device"
                ? { kind: "deviceDisowned", body: { device: of.device, reason } }
                : { kind: "keyDisowned", body: { key: disowning.key.key, reason } },
            ]);
            close();
          }}
        />
      </Dialog>
    </Panel>
  );
}
