import type { CaseFact, CaseView, RequestView } from "@lientuyen/record";
import { Button, Dialog, Select } from "@lientuyen/ui";
import { useState, type ReactNode } from "react";
import { useDevice } from "../../device/hooks.ts";
import { allows, type RequestActs } from "./acts.ts";
import { facilityChoices, specialtiesAt } from "./choices.ts";
import { useStanding, type Talk } from "./talk.ts";
import { TextForm, WriteFailed } from "./TextForm.tsx";
import { useWriting } from "./write.ts";

interface Props {
  /** The rarer moves stand behind one button. */
  readonly folded?: boolean | undefined;
  readonly view: CaseView;
  readonly request: RequestView;
  readonly acts: RequestActs;
  readonly talk: Talk;
}

type Open = "sendOn" | "decline" | "askIn" | undefined;

/** Accept, send on, decline, ask another specialist in: what the asked side may do with a request. */
export function RequestMoves({ view, request, acts, talk, folded = false }: Props) {
  const [open, setOpen] = useState<Open>(undefined);
  const [unfolded, setUnfolded] = useState(false);
  const { write, busy, failed } = useWriting(view.log);
  const t = talk.words.caseView;
  const moved = { request: request.hash, expects: request.head };
  const close = () => setOpen(undefined);
  const rare = (
    [
      [acts.askSpecialist, "askIn", "people", t.askIn],
      [acts.sendOn, "sendOn", "send", t.sendOn],
      [acts.decline, "decline", "close", t.decline],
    ] as const
  )
    .filter(([may]) => may)
    .map(([, what, icon, label]) => (
      <Button key={what} icon={icon} onClick={() => setOpen(what)}>
        {label}
      </Button>
    ));
  return (
    <>
      <div className="row">
        {acts.accept ? (
          <Button
            tone="main"
            icon="check"
            busy={busy}
            onClick={() => void write([{ kind: "accepted", body: moved }])}
          >
            {t.accept}
          </Button>
        ) : null}
        {folded && rare.length > 0 ? (
          <Button aria-expanded={unfolded} onClick={() => setUnfolded(!unfolded)}>
            {t.moreActs}
          </Button>
        ) : null}
        {folded && !unfolded ? null : rare}
      </div>
      <WriteFailed failed={failed} />
      <Dialog open={open === "decline"} title={t.decline} closeLabel={t.cancel} onClose={close}>
        <ActForm
          name={`${view.log}/decline/${request.hash}`}
          log={view.log}
          label={t.reason}
          sendLabel={t.decline}
          fact={(reason) => ({ kind: "declined", body: { ...moved, reason } })}
          onDone={close}
        />
      </Dialog>
      <Dialog open={open === "sendOn"} title={t.sendOn} closeLabel={t.cancel} onClose={close}>
        <SendOnForm view={view} request={request} talk={talk} onDone={close} />
      </Dialog>
      <Dialog open={open === "askIn"} title={t.askIn} closeLabel={t.cancel} onClose={close}>
        <AskInForm view={view} request={request} talk={talk} onDone={close} />
      </Dialog>
    </>
  );
}

/** A reason and a button that writes one entry. */
export function ActForm({
  name,
  log,
  label,
  hint,
  sendLabel,
  fact,
  onDone,
  children,
}: {
  readonly name: string;
  readonly log: string;
  readonly label: string;
  readonly hint?: string | undefined;
  readonly sendLabel: string;
  readonly fact: (text: string) => CaseFact;
  readonly onDone: () => void;
  readonly children?: ReactNode;
}) {
  const { write } = useWriting(log);
  return (
    <TextForm
      name={name}
      label={label}
      hint={hint}
      sendLabel={sendLabel}
      main
      onSend={async (text, drafts) => {
        const done = await write([fact(text)], drafts);
        if (done) onDone();
        return done;
      }}
    >
      {children}
    </TextForm>
  );
}

type FormProps = Omit<Props, "acts"> & { readonly onDone: () => void };

function SendOnForm({ view, request, talk, onDone }: FormProps) {
  const { me } = useDevice();
  const t = talk.words.caseView;
  const standing = useStanding(view);
  const moved = { request: request.hash, expects: request.head };
  // Only where this may go: the record's own rule on contracts is asked.
  const facilities = facilityChoices(talk.directory, [me.facility]).filter(({ value }) =>
    allows(standing, {
      kind: "sentOn",
      body: { ...moved, to: value, specialty: request.specialty, reason: "?" },
    }),
  );
  const [to, setTo] = useState(facilities[0]?.value ?? "");
  const specialties = specialtiesAt(talk.directory, to, talk.language);
  const [specialty, setSpecialty] = useState(request.specialty);
  return (
    <ActForm
      name={`${view.log}/sendOn/${request.hash}`}
      log={view.log}
      label={t.reason}
      sendLabel={t.sendOn}
      fact={(reason) => ({
        kind: "sentOn",
        body: { ...moved, to, specialty, reason },
      })}
      onDone={onDone}
    >
      <Select label={t.sendOnTo} value={to} options={facilities} onChoose={setTo} />
      <Select label={t.specialty} value={specialty} options={specialties} onChoose={setSpecialty} />
    </ActForm>
  );
}

function AskInForm({ view, request, talk, onDone }: FormProps) {
  const { me } = useDevice();
  const t = talk.words.caseView;
  const standing = useStanding(view);
  const facilities = facilityChoices(talk.directory, []).filter(({ value }) =>
    allows(standing, {
      kind: "specialistAsked",
      body: {
        request: request.hash,
        facility: value,
        specialty: request.specialty,
        reason: "?",
      },
    }),
  );
  const [facility, setFacility] = useState(me.facility);
  const specialties = specialtiesAt(talk.directory, facility, talk.language);
  const [specialty, setSpecialty] = useState(specialties[0]?.value ?? request.specialty);
  const people = [...talk.directory.people.values()]
    .filter((p) => p.facility === facility && p.person !== me.person)
    .filter((p) => p.roles.some((r) => r.specialty === specialty))
    .map((p) => ({ value: p.person, label: talk.person(p.person) }));
  const [person, setPerson] = useState("");
  const chosen = people.some((p) => p.value === person) ? { person } : {};
  return (
    <ActForm
      name={`${view.log}/askIn/${request.hash}`}
      log={view.log}
      label={t.reason}
      sendLabel={t.askIn}
      fact={(reason) => ({
        kind: "specialistAsked",
        body: { request: request.hash, facility, specialty, ...chosen, reason },
      })}
      onDone={onDone}
    >
      <Select label={t.askInTo} value={facility} options={facilities} onChoose={setFacility} />
      <Select label={t.specialty} value={specialty} options={specialties} onChoose={setSpecialty} />
      <Select
        label={t.askInPerson}
        value={person}
        options={[{ value: "", label: t.anyone }, ...people]}
        onChoose={setPerson}
      />
    </ActForm>
  );
}
