import { Role, uuidv7, type DirectoryFact } from "@lientuyen/record";
import { Banner, Button, Dialog, Select, TextField } from "@lientuyen/ui";
import { useRef, useState } from "react";
import { useDevice } from "../../device/hooks.ts";
import type { Talk } from "../caseView/talk.ts";
import { specialtyChoices } from "../caseView/terms.ts";
import { faultsOf, nobodyYet, suggestPassword, type NewPerson } from "./people.ts";
import { useDoing } from "./useDoing.ts";

/** A person with an account and a first role. */
export function AddPerson({ talk }: { readonly talk: Talk }) {
  const [open, setOpen] = useState(false);
  const [added, setAdded] = useState("");
  const t = talk.words.administration;
  return (
    <>
      <div className="row">
        <Button tone="main" icon="add" onClick={() => setOpen(true)}>
          {t.add}
        </Button>
        <span role="status">{added}</span>
      </div>
      <Dialog
        open={open}
        title={t.add}
        closeLabel={talk.words.caseView.cancel}
        onClose={() => setOpen(false)}
      >
        <PersonForm
          talk={talk}
          onDone={(name) => {
            setOpen(false);
            setAdded(t.added(name));
          }}
        />
      </Dialog>
    </>
  );
}

function factsOf(person: NewPerson, id: string, from: string): readonly DirectoryFact[] {
  const optional = (key: "title" | "certificateNumber" | "phone") => {
    const value = person[key].trim();
    return value === "" ? {} : { [key]: value };
  };
  return [
    {
      kind: "personAdded",
      body: {
        person: id,
        name: person.name.trim(),
        account: person.account,
        ...optional("title"),
        ...optional("certificateNumber"),
        ...optional("phone"),
      },
    },
    {
      kind: "roleGranted",
      body: {
        person: id,
        role: person.role,
        ...(person.specialty === "" ? {} : { specialty: person.specialty }),
        from,
      },
    },
  ];
}

function PersonForm({
  talk,
  onDone,
}: {
  readonly talk: Talk;
  readonly onDone: (name: string) => void;
}) {
  const device = useDevice();
  const { run, busy, failure } = useDoing();
  const [person, setPerson] = useState(nobodyYet);
  const [tried, setTried] = useState(false);
  const written = useRef<string | undefined>(undefined);
  const { administration: t, vocabulary } = talk.words;
  const faults = tried ? faultsOf(person, talk.directory) : {};
  const put = (change: Partial<NewPerson>) => setPerson({ ...person, ...change });
  const text = (fault: keyof typeof faults) => {
    const what = faults[fault];
    return what === undefined ? undefined : t[what];
  };
  const send = async () => {
    setTried(true);
    if (Object.keys(faultsOf(person, talk.directory)).length > 0) return;
    const done = await run(async () => {
      // A user name may be taken elsewhere: then the person is there already and only the account is tried again.
      if (written.current === undefined) {
        const id = uuidv7(device.now(), crypto.getRandomValues(new Uint8Array(10)));
        await device.directory.write(factsOf(person, id, new Date(device.now()).toISOString()));
        written.current = id;
      }
      await device.directory.createAccount(written.current, person.account, person.password);
    });
    if (done) onDone(person.name.trim());
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <TextField
        label={t.name}
        hint={t.nameHint}
        value={person.name}
        onText={(name) => put({ name })}
        error={text("name")}
        maxLength={120}
      />
      <TextField
        label={t.titleField}
        hint={t.titleHint}
        value={person.title}
        onText={(title) => put({ title })}
        maxLength={40}
      />
      <TextField
        label={t.certificate}
        value={person.certificateNumber}
        onText={(certificateNumber) => put({ certificateNumber })}
        maxLength={60}
      />
      <TextField
        label={t.phone}
        type="tel"
        value={person.phone}
        onText={(phone) => put({ phone })}
        maxLength={30}
      />
      <Select
        label={t.role}
        value={person.role}
        onChoose={(role) => put({ role })}
        options={Role.options.map((value) => ({ value, label: vocabulary.role[value] }))}
      />
      <Select
        label={t.specialty}
        value={person.specialty}
        onChoose={(specialty) => put({ specialty })}
        options={[{ value: "", label: t.noSpecialty }, ...specialtyChoices(talk.language)]}
      />
      <TextField
        label={t.account}
        hint={t.accountHint}
        value={person.account}
        onText={(account) => put({ account: account.trim().toLowerCase() })}
        error={text("account")}
        maxLength={60}
        autoCapitalize="none"
        spellCheck={false}
      />
      <TextField
        label={t.password}
        hint={t.passwordHint}
        value={person.password}
        onText={(password) => put({ password })}
        error={text("password")}
        maxLength={200}
        spellCheck={false}
      />
      <div>
        <Button
          onClick={() =>
            put({ password: suggestPassword(crypto.getRandomValues(new Uint8Array(16))) })
          }
        >
          {t.suggest}
        </Button>
      </div>
      {failure === undefined ? null : (
        <Banner tone="danger" live>
          {failure}
        </Banner>
      )}
      <div>
        <Button type="submit" tone="main" busy={busy}>
          {t.save}
        </Button>
      </div>
    </form>
  );
}
