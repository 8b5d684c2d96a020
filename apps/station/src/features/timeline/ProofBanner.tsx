import type { CaseView } from "@lientuyen/record";
import { Banner, Waiting } from "@lientuyen/ui";
import { namedIn } from "../caseView/named.ts";
import type { Talk } from "../caseView/talk.ts";
import type { LeftOut } from "./leftOut.ts";
import type { Checked, ProofLoad } from "./useProof.ts";

/** Whether the proof holds, in one sentence; where not, which entry and what is wrong with it. */
export function ProofBanner({
  load,
  view,
  talk,
}: {
  readonly load: ProofLoad;
  readonly view: CaseView;
  readonly talk: Talk;
}) {
  const t = talk.words.timeline;
  if (load.at === "checking") return <Waiting label={t.proofChecking} />;
  if (load.at === "failed") {
    return (
      <Banner tone="danger" live>
        {t.proofFailed}
      </Banner>
    );
  }
  const { proof, count, leftOut } = load;
  const notes = (
    <>
      {proof.withheld.length > 0 ? <p>{t.withheldCount(proof.withheld.length)}</p> : null}
      {proof.unreceived.length > 0 ? <p>{t.unreceivedCount(proof.unreceived.length)}</p> : null}
    </>
  );
  if (proof.ok) {
    return (
      <Banner tone="good" title={t.proofHolds} live>
        <p>{t.proofHoldsHelp(count)}</p>
        {notes}
      </Banner>
    );
  }
  return (
    <Banner tone="danger" title={t.proofBroken} live>
      <p>{t.proofBrokenHelp}</p>
      <ul className="plain-list">
        {proof.faults.map((fault) => (
          <li key={`${fault.entry} ${fault.what}`}>
            <a href={`#e-${fault.entry}`}>{faultText(fault, view, leftOut, talk)}</a>
          </li>
        ))}
      </ul>
      {notes}
    </Banner>
  );
}

function faultText(
  fault: Checked["faults"][number],
  view: CaseView,
  leftOut: readonly LeftOut[],
  talk: Talk,
): string {
  const { timeline: t, vocabulary } = talk.words;
  const what = namedIn(t.what, fault.what);
  const at = view.entries.findIndex((e) => e.hash === fault.entry);
  const entry = view.entries[at];
  if (entry !== undefined)
    return t.fault(at + 1, namedIn(vocabulary.kind, entry.kind), talk.author(entry.author), what);
  const out = leftOut.find(({ hash }) => hash === fault.entry);
  return out?.kind === undefined
    ? t.faultUnknown(fault.entry.slice(0, 8), what)
    : t.faultLeftOut(namedIn(vocabulary.kind, out.kind), talk.author(out.author), what);
}
