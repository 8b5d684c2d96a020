import { Button, Panel, Tag, TextField } from "@lientuyen/ui";
import { useState } from "react";
import { useDevice } from "../../device/hooks.ts";
import type { Talk } from "../caseView/talk.ts";
import { calls, type Call } from "./call.ts";
import { myName } from "./running.ts";
import { nameIn } from "./name.ts";
import { PersonDialog } from "./PersonDialog.tsx";
import { actsAbout, type Attendee, type State } from "./standing.ts";
import { useLiveWords } from "./words.ts";

/** From here on a name is looked for rather than seen. */
const manyPeople = 8;

/** Who is in the session and how they stand: the door first, then raised hands, then everybody. */
export function People({ call, talk }: { readonly call: Call; readonly talk: Talk }) {
  const words = useLiveWords();
  const [sought, setSought] = useState("");
  const state = call.session?.state;
  if (state === undefined) return null;
  const inside = state.people.filter(({ place }) => place === "inside");
  const found = (each: Attendee) => isNamed(nameIn(talk, each.who), sought);
  const absent = state.people.filter(
    ({ place }) => place === "lost" || place === "left" || place === "expected",
  );
  const shown = inside.filter(found);
  return (
    <Panel title={words.people(inside.length)}>
      <AtDoor state={state} talk={talk} />
      <Hands state={state} talk={talk} />
      {state.people.length > manyPeople ? (
        <TextField label={words.find} value={sought} onText={setSought} />
      ) : null}
      <List people={shown} state={state} talk={talk} />
      {shown.length === 0 ? <p className="muted">{words.nobodyFound}</p> : null}
      {absent.length === 0 ? null : (
        <details className="more">
          <summary>{words.absent(absent.length)}</summary>
          <List people={absent.filter(found)} state={state} talk={talk} />
        </details>
      )}
    </Panel>
  );
}

/** Without diacritics and case: nobody types them in a hurry. */
const plain = (text: string): string =>
  text.normalize("NFD").replaceAll(/\p{M}/gu, "").replaceAll(/đ/giu, "d").toLowerCase();
export const isNamed = (name: string, sought: string): boolean =>
  plain(name).includes(plain(sought));

interface Listing {
  readonly state: State;
  readonly talk: Talk;
}

function AtDoor({ state, talk }: Listing) {
  const words = useLiveWords();
  const device = useDevice();
  const waiting = state.people.filter(({ place }) => place === "lobby");
  if (waiting.length === 0) return null;
  const mayAdmit = waiting.some(
    (each) => actsAbout(state, myName(device), each, device.now())[0]?.act === "admit",
  );
  const admit = async () => {
    for (const { who } of waiting) await calls.act({ act: "admit", who });
  };
  return (
    <section className="live-door" aria-label={words.waitingAtDoor(waiting.length)} role="status">
      <h3>{words.waitingAtDoor(waiting.length)}</h3>
      <List people={waiting} state={state} talk={talk} quick="admit" />
      {mayAdmit && waiting.length > 1 ? (
        <Button onClick={() => void admit()}>{words.admitAll}</Button>
      ) : null}
    </section>
  );
}

function Hands({ state, talk }: Listing) {
  const words = useLiveWords();
  const raised = state.hands.flatMap((name) => state.people.filter(({ who }) => who === name));
  if (raised.length === 0) return null;
  return (
    <section aria-label={words.hands(raised.length)}>
      <h3>{words.hands(raised.length)}</h3>
      <List people={raised} state={state} talk={talk} quick="giveFloor" />
    </section>
  );
}

function List({
  people,
  state,
  talk,
  quick,
}: Listing & {
  readonly people: readonly Attendee[];
  /** What is most likely wanted: one press. */
  readonly quick?: "admit" | "giveFloor";
}) {
  return (
    <ul className="plain-list">
      {people.map((each) => (
        <Person key={each.who} each={each} state={state} talk={talk} quick={quick} />
      ))}
    </ul>
  );
}

function Person({
  each,
  state,
  talk,
  quick,
}: Listing & { readonly each: Attendee; readonly quick: "admit" | "giveFloor" | undefined }) {
  const [open, setOpen] = useState(false);
  const device = useDevice();
  const words = useLiveWords();
  const me = myName(device);
  const acts = actsAbout(state, me, each, device.now());
  const first = acts.find(({ act }) => act === quick);
  const name = each.who === me ? words.you : nameIn(talk, each.who);
  return (
    <li className="live-person">
      <span className="live-person-name">{name}</span>
      <Marks each={each} state={state} />
      {first === undefined || quick === undefined ? null : (
        <Button tone="main" onClick={() => void calls.act(first)}>
          {words.act[quick]}
        </Button>
      )}
      {acts.length === 0 ? null : (
        <Button aria-haspopup="dialog" aria-label={words.see(name)} onClick={() => setOpen(true)}>
          {words.seeShort}
        </Button>
      )}
      {open ? (
        <PersonDialog name={name} acts={acts} talk={talk} onClose={() => setOpen(false)} />
      ) : null}
    </li>
  );
}

function Marks({ each, state }: { readonly each: Attendee; readonly state: State }) {
  const words = useLiveWords();
  const { who, role, place, muted } = each;
  return (
    <>
      {role === "member" ? null : <Tag>{words.role[role]}</Tag>}
      {place === "inside" || place === "lobby" ? null : <Tag tone="warn">{words.place[place]}</Tag>}
      {state.floor === who ? <Tag tone="info">{words.hasFloor}</Tag> : null}
      {state.spotlight === who ? <Tag tone="info">{words.spotlit}</Tag> : null}
      {muted && place === "inside" ? <Tag>{words.muted}</Tag> : null}
    </>
  );
}
