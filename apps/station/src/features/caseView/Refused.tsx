import { errors, isErrorCode } from "@lientuyen/api";
import type { CaseView } from "@lientuyen/record";
import { Banner, Button } from "@lientuyen/ui";
import { useState } from "react";
import { useLocation } from "wouter";
import { useDevice } from "../../device/hooks.ts";
import { copyCase } from "./copyCase.ts";
import { namedIn } from "./named.ts";
import type { Talk } from "./talk.ts";
import { WriteFailed } from "./TextForm.tsx";

/** What the server refused of this case, each with its reason: shown to the author, never dropped in silence. */
export function Refused({ view, talk }: { readonly view: CaseView; readonly talk: Talk }) {
  const device = useDevice();
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);
  const [, go] = useLocation();
  const refused = device.cases.refused(view.log);
  const quarantined = device.cases.quarantined(view.log);
  const { caseView: t, vocabulary } = talk.words;
  const why = (code: string) => (isErrorCode(code) ? errors[code][talk.language] : code);
  return (
    <>
      {view.missing.length > 0 ? <Banner>{t.missingEntries}</Banner> : null}
      {quarantined > 0 ? (
        <Banner tone="warn" live>
          {t.quarantined(quarantined)}
        </Banner>
      ) : null}
      {refused.length === 0 ? null : (
        <Banner tone="danger" title={t.refused(refused.length)} live>
          <ul className="plain-list">
            {refused.map((r) => (
              <li key={r.hash}>{t.refusedWhat(namedIn(vocabulary.kind, r.kind), why(r.code))}</li>
            ))}
          </ul>
          {view.facility === device.me.facility ? (
            <div>
              <Button
                busy={busy}
                onClick={() => {
                  setBusy(true);
                  setFailed(false);
                  copyCase(device, view)
                    .then((log) => go(`/${log}/form/send`))
                    .catch(() => setFailed(true))
                    .finally(() => setBusy(false));
                }}
              >
                {t.copyIntoNew}
              </Button>
            </div>
          ) : null}
          <WriteFailed failed={failed} />
        </Banner>
      )}
    </>
  );
}
