import { useCases } from "../../device/hooks.ts";
import { useTalk } from "../caseView/talk.ts";
import { CaseLine } from "../search/CaseLine.tsx";
import { EmptyList } from "../search/EmptyList.tsx";
import { waitingGroups } from "./answers.ts";

/** What came back and waits for somebody here. */
export function AnswersScreen() {
  const talk = useTalk();
  const groups = waitingGroups(useCases());
  const t = talk.words.answers;
  return (
    <div className="stack">
      <h1>{t.title}</h1>
      {groups.length === 0 ? <EmptyList>{t.empty}</EmptyList> : null}
      {groups.map((group) => (
        <section key={group.waits} className="stack stack-s" aria-label={t.group[group.waits]}>
          <h2>{t.group[group.waits]}</h2>
          <ul className="case-lines">
            {group.rows.map((row) => (
              <li key={row.log}>
                <CaseLine row={row} talk={talk} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
