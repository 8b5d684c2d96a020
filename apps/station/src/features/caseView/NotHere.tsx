import { Banner, Button, Waiting } from "@lientuyen/ui";
import { useCases, useDevice, type CaseAbsence } from "../../device/hooks.ts";
import { rowLine } from "./patientLine.ts";
import { useTalk } from "./talk.ts";

/** What a screen shows of a case that is not here: not yet, not at all, or not any more. */
export function NotHere({ log, load }: { readonly log: string; readonly load: CaseAbsence }) {
  const t = useTalk().words.caseView;
  switch (load.at) {
    case "loading":
      return <Waiting label={t.loading} />;
    case "fetching":
      return <Waiting label={t.fetching} />;
    case "absent":
      return (
        <Banner tone="warn" title={t.notHere}>
          {t.notHereHelp}
        </Banner>
      );
    case "away":
      return <Away log={log} load={load} />;
  }
}

/** The list's row is still here: who it was, and what the matter was. */
function Away({
  log,
  load: { why, tryAgain },
}: {
  readonly log: string;
  readonly load: Extract<CaseAbsence, { at: "away" }>;
}) {
  const { sync } = useDevice();
  const talk = useTalk();
  const row = useCases().find((one) => one.log === log);
  const t = talk.words.caseView;
  const line = row === undefined ? "" : rowLine(row, talk.words);
  return (
    <div className="stack">
      {row === undefined ? null : (
        <div>
          <h1>{row.patientName ?? talk.words.search.unknownPatient}</h1>
          {line === "" ? null : <p>{line}</p>}
          <p>{row.diagnosis ?? row.summaryLine ?? ""}</p>
          <p className="row small">
            <span>{t.caseNumber}</span>
            <span className="number">{row.number}</span>
            <span>{talk.facility(row.facility)}</span>
          </p>
        </div>
      )}
      <Banner
        tone="warn"
        live
        title={t.away}
        action={
          why === "refused" ? undefined : (
            <Button
              onClick={() => {
                sync.nudge();
                tryAgain();
              }}
            >
              {t.tryAgain}
            </Button>
          )
        }
      >
        {t.awayWhy[why]}
      </Banner>
    </div>
  );
}
