import { Banner, Choice } from "@lientuyen/ui";
import { useState } from "react";
import { useDevice, useSync } from "../../device/hooks.ts";
import { useTalk } from "../caseView/talk.ts";
import { AddPerson } from "./AddPerson.tsx";
import "./administration.css";
import { Deposits } from "./Deposits.tsx";
import { Devices } from "./Devices.tsx";
import { Duty } from "./Duty.tsx";
import { peopleOf } from "./people.ts";
import { PersonCard } from "./PersonCard.tsx";
import { Quarantine } from "./Quarantine.tsx";

type Part = "people" | "devices" | "quarantine";

/** The facility's people, their roles, keys and devices, for its IT administrator. */
export function PeopleScreen() {
  const { me, now } = useDevice();
  const { online } = useSync();
  const talk = useTalk();
  const [part, setPart] = useState<Part>("people");
  const t = talk.words.administration;
  const people = peopleOf(talk.directory, me.facility, new Date(now()).toISOString());
  return (
    <div className="stack">
      <h1>{t.title}</h1>
      {online ? null : <Banner tone="warn">{t.offline}</Banner>}
      {online ? <Deposits talk={talk} /> : null}
      <Choice
        row
        label={talk.words.timeline.show}
        value={part}
        onChoose={setPart}
        options={[
          { value: "people", label: t.people },
          { value: "devices", label: t.devices },
          { value: "quarantine", label: t.quarantine },
        ]}
      />
      {part === "people" ? (
        <>
          <AddPerson talk={talk} />
          <Duty talk={talk} />
          <ul className="people">
            {people.map((person) => (
              <li key={person.person}>
                <PersonCard person={person} talk={talk} />
              </li>
            ))}
          </ul>
        </>
      ) : null}
      {part === "devices" ? <Devices talk={talk} /> : null}
      {part === "quarantine" ? <Quarantine talk={talk} /> : null}
    </div>
  );
}
