import { call, protocol, type CallValue } from "@lientuyen/api";
import { Banner, Button, Dialog, Empty, Waiting } from "@lientuyen/ui";
import { useCallback, useEffect, useState } from "react";
import { useDevice } from "../../device/hooks.ts";
import { browserLine } from "../../device/line.ts";
import type { Talk } from "../caseView/talk.ts";
import { ReasonForm } from "./PersonCard.tsx";

type Row = CallValue<"quarantine">["rows"][number];
type Load =
  | { readonly at: "loading" }
  | { readonly at: "failed" }
  | { readonly at: "here"; readonly rows: readonly Row[] };

/** What arrived after its key was disowned, until somebody lets it in. */
export function Quarantine({ talk }: { readonly talk: Talk }) {
  const device = useDevice();
  const [load, setLoad] = useState<Load>({ at: "loading" });
  const [releasing, setReleasing] = useState<Row | undefined>(undefined);
  const { administration: t, caseView } = talk.words;
  const ask = useCallback(async () => {
    const answer = await call("quarantine", {}, { fetch: browserLine, protocol });
    setLoad(answer.ok ? { at: "here", rows: answer.value.rows } : { at: "failed" });
  }, []);
  useEffect(() => void ask(), [ask]);
  if (load.at === "loading") return <Waiting label={caseView.loading} />;
  if (load.at === "failed") return <Banner tone="warn">{t.offline}</Banner>;
  return (
    <div className="stack">
      <p className="small muted">{t.quarantineHelp}</p>
      {load.rows.length === 0 ? <Empty>{t.quarantineEmpty}</Empty> : null}
      <ul className="people">
        {load.rows.map((row) => (
          <li key={row.entry} className="panel row row-apart">
            <span className="row">
              {t.quarantineLine(talk.person(row.person), talk.moments.full(row.arrivedAt))}
              <code className="small">{row.entry.slice(0, 8)}</code>
            </span>
            <Button onClick={() => setReleasing(row)}>{t.release}</Button>
          </li>
        ))}
      </ul>
      <Dialog
        open={releasing !== undefined}
        title={t.release}
        closeLabel={caseView.cancel}
        onClose={() => setReleasing(undefined)}
      >
        <ReasonForm
          label={t.releaseReason}
          send={t.release}
          talk={talk}
          onSend={async (reason) => {
            if (releasing === undefined) return;
            await device.directory.write([
              { kind: "entryReleased", body: { entry: releasing.entry, reason } },
            ]);
            setReleasing(undefined);
            await ask();
          }}
        />
      </Dialog>
    </div>
  );
}
