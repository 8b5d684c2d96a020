import type { CaseView, Conflict, TimelineEntry } from "@lientuyen/record";
import { Banner, Button, TextField } from "@lientuyen/ui";
import { useState } from "react";
import { allows } from "../caseView/acts.ts";
import { SourceLine } from "../caseView/SourceLine.tsx";
import { useStanding, type Talk } from "../caseView/talk.ts";
import { WriteFailed } from "../caseView/TextForm.tsx";
import { useWriting } from "../caseView/write.ts";
import { describe } from "../timeline/describe.ts";

/** What crossed and waits for a person: both sides are shown, and whoever may decide chooses with a reason. */
export function Conflicts({ view, talk }: { readonly view: CaseView; readonly talk: Talk }) {
  return view.conflicts.map((conflict) => (
    <OneConflict key={conflict.entries.join()} view={view} conflict={conflict} talk={talk} />
  ));
}

function OneConflict({
  view,
  conflict,
  talk,
}: {
  readonly view: CaseView;
  readonly conflict: Conflict;
  readonly talk: Talk;
}) {
  const { write, busy, failed } = useWriting(view.log);
  const standing = useStanding(view);
  const [reason, setReason] = useState("");
  const [lacking, setLacking] = useState(false);
  const { decisions: t, caseView } = talk.words;
  const about = {
    decision: t.crossed,
    exclusive: t.crossedExclusive,
    closing: t.crossedClosing,
    correction: t.crossedCorrection,
    patient: t.crossedPatient,
  } satisfies Record<Conflict["about"], string>;
  const resolution = (chosen: string, why: string) => ({
    kind: "conflictResolved" as const,
    body: { chosen, over: conflict.entries.filter((e) => e !== chosen), reason: why },
  });
  const choose = (hash: string) => {
    const why = reason.trim();
    setLacking(why === "");
    if (why !== "") void write([resolution(hash, why)]);
  };
  const entries = conflict.entries
    .map((hash) => view.entries.find((e) => e.hash === hash))
    .filter((e): e is TimelineEntry => e !== undefined);
  const may = allows(standing, resolution(conflict.entries[0] ?? "", "?"));
  return (
    <Banner tone="warn" title={t.conflictTitle} live>
      <p>{about[conflict.about]}</p>
      <div className="two-texts">
        {entries.map((entry) => (
          <article key={entry.hash} className="stack stack-s">
            <p className="keep-lines">{describe(entry, view, talk)}</p>
            <SourceLine source={entry} talk={talk} />
            {may ? (
              <div>
                <Button busy={busy} onClick={() => choose(entry.hash)}>
                  {t.resolve}
                </Button>
              </div>
            ) : null}
          </article>
        ))}
      </div>
      {may ? (
        <TextField
          label={t.resolveReason}
          value={reason}
          onText={setReason}
          maxLength={2000}
          error={lacking ? caseView.needed : undefined}
        />
      ) : null}
      <WriteFailed failed={failed} />
    </Banner>
  );
}
