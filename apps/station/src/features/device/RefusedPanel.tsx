import { errors, type ErrorCode } from "@lientuyen/api";
import { Button, Panel } from "@lientuyen/ui";
import { useState } from "react";
import { useLocation } from "wouter";
import type { CaseRow } from "../../device/device.ts";
import { useCases, useDevice, useSync } from "../../device/hooks.ts";
import { useTalk } from "../caseView/talk.ts";
import { copyIntoNewCase } from "./copyCase.ts";

const isKnown = (code: string): code is ErrorCode => code in errors;

/** One item a case, with the reason and a way on. */
export function RefusedPanel() {
  const device = useDevice();
  useSync(); // refusals come with the sync
  const words = useTalk().words.device;
  const rows = useCases().filter((row) => device.cases.refused(row.log).length > 0);
  if (rows.length === 0) return null;
  return (
    <Panel title={words.refusedTitle}>
      <p>{words.refusedText}</p>
      <ul className="plain-list stack">
        {rows.map((row) => (
          <li key={row.log}>
            <RefusedCase row={row} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function RefusedCase({ row }: { readonly row: CaseRow }) {
  const device = useDevice();
  const talk = useTalk();
  const words = talk.words.device;
  const [busy, setBusy] = useState(false);
  const [, navigate] = useLocation();
  const reason = (code: string) => (isKnown(code) ? errors[code][talk.language] : code);
  const kinds: Readonly<Record<string, string>> = talk.words.vocabulary.kind;
  const copy = async () => {
    setBusy(true);
    const log = await copyIntoNewCase(device, row.log).finally(() => setBusy(false));
    navigate(`/${log}/form`);
  };
  return (
    <div className="stack stack-s">
      <strong>
        {[words.caseOf(row.number), row.patientName ?? ""].filter((part) => part !== "").join(", ")}
      </strong>
      <ul>
        {device.cases.refused(row.log).map((refusal) => (
          <li key={refusal.hash}>
            {words.refusedLine(
              kinds[refusal.kind] ?? talk.words.vocabulary.unknownKind,
              reason(refusal.code),
            )}
          </li>
        ))}
      </ul>
      <div className="row">
        <Button icon="add" busy={busy} onClick={() => void copy()}>
          {busy ? words.copying : words.copy}
        </Button>
        <Button onClick={() => navigate(`/${row.log}`)}>{words.openCase}</Button>
      </div>
    </div>
  );
}
