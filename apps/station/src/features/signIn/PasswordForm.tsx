import { Button, Check, TextField } from "@lientuyen/ui";
import { useState, type FormEvent } from "react";
import type { GateAnswer } from "../../device/gate.ts";
import { useShellWords } from "../../words/index.ts";
import { sayFailure } from "./failure.ts";

type Fault = { readonly at: "account" | "password"; readonly text: string };

/** User name and password; used to sign in, and to choose a new PIN after the old one was forgotten. */
export function PasswordForm({
  account: known,
  send,
}: {
  readonly account?: string | undefined;
  readonly send: (account: string, password: string) => Promise<GateAnswer>;
}) {
  const words = useShellWords();
  const [account, setAccount] = useState(known ?? "");
  const [password, setPassword] = useState("");
  const [shown, setShown] = useState(false);
  const [fault, setFault] = useState<Fault>();
  const [busy, setBusy] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    if (account.trim() === "") return setFault({ at: "account", text: words.needAccount });
    if (password === "") return setFault({ at: "password", text: words.needPassword });
    setFault(undefined);
    setBusy(true);
    const failure = sayFailure(await send(account.trim(), password), words);
    setBusy(false);
    if (failure !== undefined) setFault({ at: "password", text: failure });
  };

  return (
    <form className="stack" onSubmit={(event) => void submit(event)} noValidate>
      <TextField
        label={words.account}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus={known === undefined}
        value={account}
        onText={setAccount}
        error={fault?.at === "account" ? fault.text : undefined}
      />
      <TextField
        label={words.password}
        name="password"
        type={shown ? "text" : "password"}
        autoComplete="current-password"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus={known !== undefined}
        value={password}
        onText={setPassword}
        error={fault?.at === "password" ? fault.text : undefined}
      />
      <Check label={words.showPassword} checked={shown} onCheck={setShown} />
      <Button type="submit" tone="main" large busy={busy}>
        {busy ? words.signingIn : words.signIn}
      </Button>
    </form>
  );
}
