import { Banner, Button, Dialog, Select, TextField } from "@lientuyen/ui";
import { useState } from "react";
import { useDevice } from "../../device/hooks.ts";
import type { Talk } from "../caseView/talk.ts";
import { specialtyChoices } from "../caseView/terms.ts";
import { useDoing } from "./useDoing.ts";

/** The numbers that other facilities call when nobody answers. */
export function Duty({ talk }: { readonly talk: Talk }) {
  const { me } = useDevice();
  const [open, setOpen] = useState(false);
  const { administration: t, caseView } = talk.words;
  const desks = talk.directory.facilities.get(me.facility)?.duty ?? [];
  return (
    <section className="panel stack stack-s">
      <div className="row row-apart">
        <h2>{t.duty}</h2>
        <Button onClick={() => setOpen(true)}>{t.dutyAdd}</Button>
      </div>
      <p className="small muted">{t.dutyHelp}</p>
      <ul className="roles">
        {desks.map((desk) => (
          <li key={`${desk.specialty ?? ""} ${desk.urgency ?? ""} ${desk.phone}`} className="row">
            <span>
              {talk.words.vocabulary.labelled(
                desk.specialty === undefined ? t.anySpecialty : talk.specialty(desk.specialty),
                desk.name,
              )}
            </span>
            <span className="number">{desk.phone}</span>
          </li>
        ))}
      </ul>
      <Dialog
        open={open}
        title={t.dutyAdd}
        closeLabel={caseView.cancel}
        onClose={() => setOpen(false)}
      >
        <DutyForm talk={talk} onDone={() => setOpen(false)} />
      </Dialog>
    </section>
  );
}

function DutyForm({ talk, onDone }: { readonly talk: Talk; readonly onDone: () => void }) {
  const device = useDevice();
  const { run, busy, failure } = useDoing();
  const [specialty, setSpecialty] = useState("");
  const [name, setName] = useState("");
  const [phone, setPhone] = useState("");
  const [tried, setTried] = useState(false);
  const t = talk.words.administration;
  const lacking = (text: string) => (tried && text.trim() === "" ? t.needed : undefined);
  const send = async () => {
    setTried(true);
    if (name.trim() === "" || phone.trim() === "") return;
    const done = await run(() =>
      device.directory.write([
        {
          kind: "dutySet",
          body: {
            name: name.trim(),
            phone: phone.trim(),
            ...(specialty === "" ? {} : { specialty }),
          },
        },
      ]),
    );
    if (done) onDone();
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Select
        label={t.specialty}
        value={specialty}
        onChoose={setSpecialty}
        options={[{ value: "", label: t.anySpecialty }, ...specialtyChoices(talk.language)]}
      />
      <TextField
        label={t.dutyName}
        value={name}
        onText={setName}
        maxLength={300}
        error={lacking(name)}
      />
      <TextField
        label={t.phone}
        type="tel"
        value={phone}
        onText={setPhone}
        maxLength={30}
        error={lacking(phone)}
      />
      {failure === undefined ? null : (
        <Banner tone="danger" live>
          {failure}
        </Banner>
      )}
      <div>
        <Button type="submit" tone="main" busy={busy}>
          {t.dutyAdd}
        </Button>
      </div>
    </form>
  );
}
