import { Button, Panel, Tag } from "@lientuyen/ui";
import { useDevice } from "../../device/hooks.ts";
import type { LiveSession, SessionAct } from "./sessions.ts";
import type { Talk } from "../caseView/talk.ts";
import { calls, myName, type Call } from "./call.ts";
import { nameIn } from "./name.ts";
import { useLiveWords } from "./words.ts";

type Attendee = LiveSession["state"]["people"][number];

/** Who is in the session and how they stand; the chair sees to the others from here. */
export function People({ call, talk }: { readonly call: Call; readonly talk: Talk }) {
  const device = useDevice();
  const words = useLiveWords();
  const me = myName(device);
  const people = (call.session?.state.people ?? []).filter(
    ({ place }) => place !== "removed" && place !== "expected",
  );
  const chairs = people.some(({ who, role }) => who === me && role === "chair");
  return (
    <Panel title={words.people(people.filter(({ place }) => place === "inside").length)}>
      <ul className="plain-list">
        {people.map((each) => (
          <li key={each.who} className="live-person">
            <span className="live-person-name">
              {each.who === me ? words.you : nameIn(talk, each.who)}
            </span>
            <Tag>{words.role[each.role]}</Tag>
            {each.place === "inside" ? null : <Tag tone="warn">{words.place[each.place]}</Tag>}
            {each.muted ? <Tag>{words.muted}</Tag> : null}
            {chairs && each.who !== me ? <Seeing each={each} /> : null}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** What the chair may do about one of the others. */
function Seeing({ each }: { readonly each: Attendee }) {
  const words = useLiveWords();
  const { who, place, muted } = each;
  const act = (given: SessionAct) => () => void calls.act(given);
  return (
    <span className="row">
      {place === "lobby" ? (
        <Button onClick={act({ act: "admit", who })}>{words.admit}</Button>
      ) : null}
      {place === "inside" && !muted ? (
        <Button onClick={act({ act: "mute", who })}>{words.mute}</Button>
      ) : null}
      {place === "inside" || place === "lost" ? (
        <Button onClick={act({ act: "remove", who })}>{words.remove}</Button>
      ) : null}
      {place === "inside" ? (
        <Button onClick={act({ act: "handOver", who })}>{words.handOver}</Button>
      ) : null}
    </span>
  );
}
