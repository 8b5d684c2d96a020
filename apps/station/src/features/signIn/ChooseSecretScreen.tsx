import { Button, TextField } from "@lientuyen/ui";
import { useState, type FormEvent } from "react";
import { useGate } from "../../device/hooks.ts";
import { useShellWords } from "../../words/index.ts";
import { Doorstep } from "./Doorstep.tsx";
import { sayFailure } from "./failure.ts";

/** Six or more digits, or twelve or more characters: the gate's own rule, asked here before the slow key. */
export function longEnough(secret: string): boolean {
  return /^\d+$/.test(secret) ? secret.length >= 6 : secret.length >= 12;
}

type Fault = { readonly at: "first" | "second"; readonly text: string };

export function ChooseSecretScreen({ name }: { readonly name: string }) {
  const words = useShellWords();
  const gate = useGate();
  const [secret, setSecret] = useState("");
  const [again, setAgain] = useState("");
  const [fault, setFault] = useState<Fault>();
  const [busy, setBusy] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    if (!longEnough(secret)) return setFault({ at: "first", text: words.weakSecret });
    if (secret !== again) return setFault({ at: "second", text: words.secretsDiffer });
    setFault(undefined);
    setBusy(true);
    const failure = sayFailure(await gate.chooseSecret(secret), words);
    setBusy(false);
    if (failure !== undefined) setFault({ at: "first", text: failure });
  };

  return (
    <Doorstep title={words.chooseSecretTitle}>
      <p>{words.chooseSecretWhy(name)}</p>
      <form className="stack" onSubmit={(event) => void submit(event)} noValidate>
        <TextField
          label={words.secret}
          hint={words.secretHint}
          type="password"
          autoComplete="new-password"
          autoFocus
          value={secret}
          onText={setSecret}
          error={fault?.at === "first" ? fault.text : undefined}
        />
        <TextField
          label={words.secretAgain}
          type="password"
          autoComplete="new-password"
          value={again}
          onText={setAgain}
          error={fault?.at === "second" ? fault.text : undefined}
        />
        <Button type="submit" tone="main" large busy={busy}>
          {busy ? words.savingSecret : words.saveSecret}
        </Button>
      </form>
    </Doorstep>
  );
}
