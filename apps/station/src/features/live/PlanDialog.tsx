import type { CaseView, PersonView } from "@lientuyen/record";
import { Banner, Button, Dialog, Select, TextField } from "@lientuyen/ui";
import { useState } from "react";
import { useDevice, useDirectory } from "../../device/hooks.ts";
import type { Talk } from "../caseView/talk.ts";
import { myName } from "./running.ts";
import { nameIn } from "./name.ts";
import { isNamed } from "./People.tsx";
import { sessionsOf, type LiveSession, type Plan } from "./sessions.ts";
import { useLiveWords } from "./words.ts";

const roles = ["member", "presenter", "secretary", "listener", "chair"] as const;
type PlannedRole = (typeof roles)[number];

/** More are found by typing more of the name. */
const mostFound = 6;

/** Half an hour from now, as the browser's own field writes it. */
const soon = (nowMs: number): string => {
  const at = new Date(nowMs + 30 * 60_000);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
};

/** Who could be there: everybody of the facilities that take part in the case, with a part in care. */
const invitable = (people: Iterable<PersonView>, view: CaseView): readonly PersonView[] => {
  const facilities = new Set([view.facility, ...view.requests.map(({ to }) => to)]);
  return [...people].filter(
    ({ facility, roles: held }) =>
      facilities.has(facility) &&
      held.some(({ role, until }) => role !== "itAdministrator" && until === undefined),
  );
};

const planOf = (
  at: string,
  chosen: ReadonlyMap<string, PlannedRole>,
  me: string,
): Plan | undefined => {
  const startsAt = new Date(at);
  if (Number.isNaN(startsAt.getTime())) return undefined;
  const chair = [...chosen].find(([, role]) => role === "chair")?.[0];
  const people = [...chosen].flatMap(([who, role]) =>
    role === "chair" || (who === me && chair !== undefined) ? [] : [{ who, role }],
  );
  return {
    startsAt: startsAt.toISOString(),
    ...(chair === undefined ? {} : { chair }),
    people,
  };
};

/** A session for a later hour, with who is to be there as what. */
export function PlanDialog({
  view,
  talk,
  onClose,
  onMade,
}: {
  readonly view: CaseView;
  readonly talk: Talk;
  readonly onClose: () => void;
  readonly onMade: (session: LiveSession) => void;
}) {
  const device = useDevice();
  const words = useLiveWords().plan;
  const [at, setAt] = useState(() => soon(device.now()));
  const [chosen, setChosen] = useState<ReadonlyMap<string, PlannedRole>>(new Map());
  const [failed, setFailed] = useState(false);
  const make = async () => {
    const plan = planOf(at, chosen, myName(device));
    const made = plan && (await sessionsOf(device).plan(view.log, plan));
    if (made?.ok) onMade(made.value);
    else setFailed(true);
  };
  return (
    <Dialog
      open
      title={words.make}
      closeLabel={talk.words.frame.close}
      onClose={onClose}
      actions={
        <Button tone="main" onClick={() => void make()}>
          {words.keep}
        </Button>
      }
    >
      {failed ? (
        <Banner tone="warn" live>
          {words.failed}
        </Banner>
      ) : null}
      <TextField label={words.hour} type="datetime-local" value={at} onText={setAt} />
      <Chosen chosen={chosen} talk={talk} onChange={setChosen} />
      <Finding chosen={chosen} view={view} talk={talk} onChange={setChosen} />
      <p className="small">{words.others}</p>
    </Dialog>
  );
}

interface Choosing {
  readonly chosen: ReadonlyMap<string, PlannedRole>;
  readonly talk: Talk;
  readonly onChange: (chosen: ReadonlyMap<string, PlannedRole>) => void;
}

/** There is one chair: who had it before is a secretary. */
const withRole = (
  chosen: ReadonlyMap<string, PlannedRole>,
  who: string,
  role: PlannedRole,
): ReadonlyMap<string, PlannedRole> =>
  new Map([
    ...[...chosen].map(
      ([each, was]) => [each, role === "chair" && was === "chair" ? "secretary" : was] as const,
    ),
    [who, role],
  ]);

function Chosen({ chosen, talk, onChange }: Choosing) {
  const words = useLiveWords();
  const without = (who: string) => new Map([...chosen].filter(([each]) => each !== who));
  return (
    <ul className="plain-list stack stack-s">
      {[...chosen].map(([who, role]) => (
        <li key={who} className="row">
          <Select
            label={nameIn(talk, who)}
            value={role}
            onChoose={(next) => onChange(withRole(chosen, who, next))}
            options={roles.map((value) => ({ value, label: words.role[value] }))}
          />
          <Button icon="close" onClick={() => onChange(without(who))}>
            {words.plan.without}
          </Button>
        </li>
      ))}
    </ul>
  );
}

function Finding({ chosen, view, talk, onChange }: Choosing & { readonly view: CaseView }) {
  const words = useLiveWords().plan;
  const me = myName(useDevice());
  const directory = useDirectory();
  const [sought, setSought] = useState("");
  const found = invitable(directory.people.values(), view)
    .map(({ facility, person }) => `${facility}/${person}`)
    .filter((who) => who !== me && !chosen.has(who) && isNamed(nameIn(talk, who), sought))
    .slice(0, mostFound);
  return (
    <>
      <TextField label={words.find} value={sought} onText={setSought} />
      <div className="live-acts">
        {found.map((who) => (
          <Button
            key={who}
            icon="add"
            onClick={() => {
              onChange(withRole(chosen, who, "member"));
              setSought("");
            }}
          >
            {nameIn(talk, who)}
          </Button>
        ))}
      </div>
    </>
  );
}
