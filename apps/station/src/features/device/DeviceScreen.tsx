import { Banner, Button, Facts, Panel } from "@lientuyen/ui";
import { useEffect, useState } from "react";
import { flushDrafts } from "../../app/draft.ts";
import { useDevice, useGate, useSync } from "../../device/hooks.ts";
import { facilityName } from "../caseView/named.ts";
import { useTalk } from "../caseView/talk.ts";
import { LanguageChoice } from "../signIn/LanguageChoice.tsx";
import { PasswordForm } from "../signIn/PasswordForm.tsx";
import { RefusedPanel } from "./RefusedPanel.tsx";
import { StoragePanel } from "./StoragePanel.tsx";

/** What this machine holds, what has gone out, and what to do where something is stuck. */
export function DeviceScreen() {
  const gate = useGate();
  const device = useDevice();
  const sync = useSync();
  const talk = useTalk();
  const words = talk.words.device;
  useHashScroll();
  const lock = () => void flushDrafts().then(() => gate.lock());
  return (
    <>
      <h1>{words.title}</h1>
      {sync.updateNeeded ? <Banner tone="warn">{words.updateNeeded}</Banner> : null}
      {sync.signInNeeded ? (
        <div id="signIn">
          <Panel title={words.signInTitle}>
            <p>{words.signInText}</p>
            <PasswordForm
              account={device.me.account}
              send={(account, password) => gate.signIn(account, password)}
            />
          </Panel>
        </div>
      ) : null}
      <div id="refused">
        <RefusedPanel />
      </div>
      <Panel title={words.sending}>
        <Facts
          rows={[
            [words.network, sync.online ? words.online : words.offline],
            [words.entriesHere, String(sync.unsentEntries)],
            [words.filesHere, String(sync.unsentFiles)],
            [
              words.lastArrived,
              sync.lastArrivedAt === undefined
                ? words.never
                : talk.moments.short(sync.lastArrivedAt, talk.nowMs),
            ],
          ]}
        />
        <div className="row">
          <Button icon="send" disabled={!sync.online} onClick={() => device.sync.nudge()}>
            {words.sendNow}
          </Button>
        </div>
      </Panel>
      <div id="storage">
        <StoragePanel storage={sync.storage} />
      </div>
      <Panel title={words.look}>
        <Facts
          rows={[
            [words.person, device.me.name],
            [
              words.roles,
              device.me.roles
                .map((row) =>
                  [
                    talk.words.vocabulary.role[row.role],
                    row.specialty === undefined ? "" : talk.specialty(row.specialty),
                  ]
                    .filter((part) => part !== "")
                    .join(", "),
                )
                .join("; "),
            ],
            [words.facility, facilityName(talk.directory, device.me.facility)],
            [words.deviceId, device.author.device.slice(-6)],
          ]}
        />
        <LanguageChoice />
        <p className="muted">{words.idle}</p>
        <div className="row">
          <Button icon="lock" onClick={lock}>
            {words.lockNow}
          </Button>
        </div>
      </Panel>
    </>
  );
}

/** The status line points to one part of this screen. */
function useHashScroll(): void {
  const [hash] = useState(() => location.hash.slice(1));
  useEffect(() => {
    if (hash !== "") document.getElementById(hash)?.scrollIntoView();
  }, [hash]);
}
