import { Banner, Button, TextField } from "@lientuyen/ui";
import { useState, type FormEvent } from "react";
import { useLocation } from "wouter";
import type { EnrolledPerson, GateState } from "../../device/gate.ts";
import { useGate } from "../../device/hooks.ts";
import { useShellWords } from "../../words/index.ts";
import { Doorstep } from "./Doorstep.tsx";
import { sayFailure } from "./failure.ts";
import { PasswordForm } from "./PasswordForm.tsx";

type Locked = Extract<GateState, { readonly at: "locked" }>;
type Way =
  | { readonly at: "chooser" }
  | { readonly at: "unlock" | "forgot"; readonly person: EnrolledPerson }
  | { readonly at: "emergency" };

/** Who is at the machine, and the own PIN. What goes out goes on going out. */
export function LockScreen({ state }: { readonly state: Locked }) {
  const words = useShellWords();
  const gate = useGate();
  const only = state.enrolled.length === 1 ? state.enrolled[0] : undefined;
  const [way, setWay] = useState<Way>(
    only === undefined ? { at: "chooser" } : { at: "unlock", person: only },
  );
  const back = () => setWay({ at: "chooser" });
  return (
    <Doorstep
      title={
        way.at === "unlock"
          ? words.unlockOf(way.person.name)
          : way.at === "emergency"
            ? words.emergency
            : way.at === "forgot"
              ? words.forgotSecret
              : words.whoAreYou
      }
    >
      {state.sending > 0 ? <Banner>{words.sendingWhileLocked(state.sending)}</Banner> : null}
      {state.updateReady ? (
        <Banner
          tone="info"
          action={<Button onClick={() => void gate.update()}>{words.update}</Button>}
        >
          {words.updateReady}
        </Banner>
      ) : null}
      {way.at === "chooser" ? (
        <People enrolled={state.enrolled} choose={(person) => setWay({ at: "unlock", person })} />
      ) : null}
      {way.at === "unlock" ? (
        <Unlock
          key={way.person.person}
          person={way.person}
          forgot={() => setWay({ at: "forgot", person: way.person })}
        />
      ) : null}
      {way.at === "forgot" ? (
        <>
          <p>{words.forgotExplain}</p>
          <PasswordForm
            account={way.person.account}
            send={(account, password) => gate.resetSecret(account, password)}
          />
        </>
      ) : null}
      {way.at === "emergency" ? <EmergencyEntry /> : null}
      <div className="stack stack-s">
        {way.at === "chooser" || (way.at === "unlock" && only !== undefined) ? (
          <Button icon="add" onClick={() => gate.addPerson()}>
            {words.otherPerson}
          </Button>
        ) : (
          <Button icon="people" onClick={back}>
            {words.backToPeople}
          </Button>
        )}
        {way.at === "emergency" ? null : (
          <Button icon="alert" onClick={() => setWay({ at: "emergency" })}>
            {words.emergency}
          </Button>
        )}
      </div>
    </Doorstep>
  );
}

function People({
  enrolled,
  choose,
}: {
  readonly enrolled: readonly EnrolledPerson[];
  readonly choose: (person: EnrolledPerson) => void;
}) {
  return (
    <ul className="plain-list stack stack-s">
      {enrolled.map((person, index) => (
        <li key={person.person}>
          <Button large wide icon="person" autoFocus={index === 0} onClick={() => choose(person)}>
            {person.name}
          </Button>
        </li>
      ))}
    </ul>
  );
}

function Unlock({
  person,
  forgot,
}: {
  readonly person: EnrolledPerson;
  readonly forgot: () => void;
}) {
  const words = useShellWords();
  const gate = useGate();
  const [secret, setSecret] = useState("");
  const [fault, setFault] = useState<string>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy || secret === "") return;
    setBusy(true);
    const failure = sayFailure(await gate.unlock(person.person, secret), words);
    setBusy(false);
    setFault(failure);
    if (failure !== undefined) setSecret("");
  };
  return (
    <form className="stack" onSubmit={(event) => void submit(event)} noValidate>
      <TextField
        label={words.secret}
        type="password"
        autoComplete="current-password"
        autoFocus
        value={secret}
        onText={setSecret}
        error={fault}
      />
      <Button type="submit" tone="main" large busy={busy}>
        {busy ? words.unlocking : words.unlock}
      </Button>
      <Button tone="plain" onClick={forgot}>
        {words.forgotSecret}
      </Button>
    </form>
  );
}

function EmergencyEntry() {
  const words = useShellWords();
  const gate = useGate();
  const [, navigate] = useLocation();
  const [name, setName] = useState("");
  const [fault, setFault] = useState<string>();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === "") return setFault(words.emergencyNeedName);
    // The address may be that of a case, which nobody can read in this mode.
    navigate("/", { replace: true });
    void gate.enterEmergency(name.trim());
  };
  return (
    <form className="stack" onSubmit={submit} noValidate>
      <p>{words.emergencyExplain}</p>
      <TextField
        label={words.emergencyName}
        autoFocus
        value={name}
        onText={setName}
        error={fault}
      />
      <Button type="submit" tone="danger" large>
        {words.emergencyStart}
      </Button>
    </form>
  );
}
