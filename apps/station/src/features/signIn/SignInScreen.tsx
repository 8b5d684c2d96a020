import { Banner, Button } from "@lientuyen/ui";
import { useGate } from "../../device/hooks.ts";
import { useShellWords } from "../../words/index.ts";
import { Doorstep } from "./Doorstep.tsx";
import { PasswordForm } from "./PasswordForm.tsx";

export function SignInScreen({
  online,
  others,
}: {
  readonly online: boolean;
  readonly others: boolean;
}) {
  const words = useShellWords();
  const gate = useGate();
  return (
    <Doorstep title={words.signIn}>
      {online ? null : <Banner tone="warn">{words.signInOffline}</Banner>}
      <PasswordForm send={(account, password) => gate.signIn(account, password)} />
      {others ? (
        <Button icon="back" onClick={() => gate.backToChooser()}>
          {words.backToPeople}
        </Button>
      ) : null}
    </Doorstep>
  );
}
