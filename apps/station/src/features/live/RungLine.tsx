import { rungNames, type RungName } from "@lientuyen/session";
import { Banner } from "@lientuyen/ui";
import type { Talk } from "../caseView/talk.ts";
import { calls, type Call } from "./call.ts";
import { nameIn } from "./name.ts";
import { useLiveWords } from "./words.ts";

const asChosen = (value: string): RungName | null =>
  rungNames.find((name) => name === value) ?? null;

/** On which rung one stands, why, and the choice to stay on one; below it who does not hear whom. */
export function RungLine({ call, talk }: { readonly call: Call; readonly talk: Talk }) {
  const words = useLiveWords();
  const { rungs, deaf } = call;
  if (rungs === undefined) return null;
  const { rung, because, sends, receives } = words.noted;
  const say = (direction: "send" | "receive"): string => {
    const { rung: now, last } = rungs[direction];
    return (direction === "send" ? sends : receives)(rung[now], because[last?.why ?? "stable"]);
  };
  return (
    <div
      className="live-rung"
      data-deaf={deaf.length}
      data-send={rungs.send.rung}
      data-receive={rungs.receive.rung}
    >
      <p role="status" className="small">
        {say("send")}
        <br />
        {say("receive")}
      </p>
      <label className="small">
        {words.holdRung}
        <select
          value={rungs.send.held ?? ""}
          onChange={({ target }) => calls.hold(asChosen(target.value))}
        >
          <option value="">{words.byItself}</option>
          {rungNames.map((name) => (
            <option key={name} value={name}>
              {rung[name]}
            </option>
          ))}
        </select>
      </label>
      {deaf.map(({ listener, speaker }) => (
        <Banner key={`${listener} ${speaker}`} tone="warn" live>
          {words.doesNotHear(nameIn(talk, listener), nameIn(talk, speaker))}
        </Banner>
      ))}
    </div>
  );
}
