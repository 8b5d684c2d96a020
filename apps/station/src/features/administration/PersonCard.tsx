import { Role, type PersonView } from "@lientuyen/record";
import { Banner, Button, Dialog, Select, Tag, TextField } from "@lientuyen/ui";
import { useState } from "react";
import { useDevice } from "../../device/hooks.ts";
import type { Talk } from "../caseView/talk.ts";
import { specialtyChoices } from "../caseView/terms.ts";
import { isInForce } from "../requests/load.ts";
import { useDoing } from "./useDoing.ts";

type Open = { readonly what: "grant" } | { readonly what: "end"; readonly role: Role } | undefined;

/** One person: roles now and before, password. */
export function PersonCard({ person, talk }: { readonly person: PersonView; readonly talk: Talk }) {
  const device = useDevice();
  const { run, busy, failure } = useDoing();
  const [open, setOpen] = useState<Open>(undefined);
  const [password, setPassword] = useState<string | undefined>(undefined);
  const { administration: t, vocabulary, caseView } = talk.words;
  const at = new Date(device.now()).toISOString();
  const name = talk.person(person.person);
  const now = person.roles.filter((r) => isInForce(r, at));
  return (
    <article className="panel stack stack-s" aria-label={name}>
      <div className="row row-apart">
        <p>
          <strong>{name}</strong> <span className="muted">{person.account}</span>
          {person.phone === undefined ? null : <span className="number"> · {person.phone}</span>}
        </p>
        <div className="row">
          <Button aria-label={t.grantFor(name)} onClick={() => setOpen({ what: "grant" })}>
            {t.grant}
          </Button>
          <Button
            aria-label={t.resetOf(name)}
            busy={busy}
            onClick={() =>
              void run(async () => setPassword(await device.directory.resetPassword(person.person)))
            }
          >
            {t.resetPassword}
          </Button>
        </div>
      </div>
      {now.length === 0 ? <p className="muted">{t.noRole}</p> : null}
      <ul className="roles">
        {now.map((r) => (
          <li key={`${r.role} ${r.specialty ?? ""} ${r.from}`} className="row">
            <Tag tone="info">
              {vocabulary.role[r.role]}
              {r.specialty === undefined ? "" : `, ${talk.specialty(r.specialty)}`}
            </Tag>
            <span className="small muted">{t.since(talk.moments.day(r.from))}</span>
            <Button
              tone="plain"
              aria-label={t.endRoleOf(vocabulary.role[r.role], name)}
              onClick={() => setOpen({ what: "end", role: r.role })}
            >
              {t.endRole}
            </Button>
          </li>
        ))}
      </ul>
      {password === undefined ? null : (
        <Banner tone="good" live>
          {t.newPassword(name)} <code className="password">{password}</code>
        </Banner>
      )}
      {failure === undefined ? null : (
        <Banner tone="danger" live>
          {failure}
        </Banner>
      )}
      <Dialog
        open={open?.what === "grant"}
        title={t.grantFor(name)}
        closeLabel={caseView.cancel}
        onClose={() => setOpen(undefined)}
      >
        <GrantForm person={person} talk={talk} onDone={() => setOpen(undefined)} />
      </Dialog>
      <Dialog
        open={open?.what === "end"}
        title={open?.what === "end" ? t.endRoleOf(vocabulary.role[open.role], name) : ""}
        closeLabel={caseView.cancel}
        onClose={() => setOpen(undefined)}
      >
        <ReasonForm
          label={t.endReason}
          send={t.endRole}
          talk={talk}
          optional
          onSend={async (reason) => {
            if (open?.what !== "end") return;
            await device.directory.write([
              {
                kind: "roleEnded",
                body: {
                  person: person.person,
                  role: open.role,
                  ...(reason === "" ? {} : { reason }),
                },
              },
            ]);
            setOpen(undefined);
          }}
        />
      </Dialog>
    </article>
  );
}

function GrantForm({
  person,
  talk,
  onDone,
}: {
  readonly person: PersonView;
  readonly talk: Talk;
  readonly onDone: () => void;
}) {
  const device = useDevice();
  const { run, busy, failure } = useDoing();
  const [role, setRole] = useState<Role>("physician");
  const [specialty, setSpecialty] = useState("");
  const { administration: t, vocabulary } = talk.words;
  const send = () =>
    run(async () => {
      await device.directory.write([
        {
          kind: "roleGranted",
          body: {
            person: person.person,
            role,
            ...(specialty === "" ? {} : { specialty }),
            from: new Date(device.now()).toISOString(),
          },
        },
      ]);
      onDone();
    });
  return (
    <div className="stack">
      <Select
        label={t.role}
        value={role}
        onChoose={setRole}
        options={Role.options.map((value) => ({ value, label: vocabulary.role[value] }))}
      />
      <Select
        label={t.specialty}
        value={specialty}
        onChoose={setSpecialty}
        options={[{ value: "", label: t.noSpecialty }, ...specialtyChoices(talk.language)]}
      />
      {failure === undefined ? null : (
        <Banner tone="danger" live>
          {failure}
        </Banner>
      )}
      <div>
        <Button tone="main" busy={busy} onClick={() => void send()}>
          {t.grant}
        </Button>
      </div>
    </div>
  );
}

/** A reason and a button, for acts that cannot be taken back by another click. */
export function ReasonForm({
  label,
  hint,
  send,
  talk,
  optional = false,
  danger = false,
  onSend,
}: {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly send: string;
  readonly talk: Talk;
  readonly optional?: boolean | undefined;
  readonly danger?: boolean | undefined;
  readonly onSend: (reason: string) => Promise<void>;
}) {
  const { run, busy, failure } = useDoing();
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const t = talk.words.administration;
  const text = reason.trim();
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (optional || text !== "") void run(() => onSend(text));
      }}
    >
      <TextField
        label={label}
        hint={hint}
        value={reason}
        onText={setReason}
        maxLength={300}
        error={tried && !optional && text === "" ? t.needed : undefined}
      />
      {failure === undefined ? null : (
        <Banner tone="danger" live>
          {failure}
        </Banner>
      )}
      <div>
        <Button type="submit" tone={danger ? "danger" : "main"} busy={busy}>
          {send}
        </Button>
      </div>
    </form>
  );
}
