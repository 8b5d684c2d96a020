import { Banner, Button } from "@lientuyen/ui";
import { lazy, Suspense } from "react";
import { useGate } from "../../device/hooks.ts";
import { useShellWords } from "../../words/index.ts";
import { Doorstep } from "./Doorstep.tsx";
import { PasswordForm } from "./PasswordForm.tsx";

/** Hardly any device ever says it. */
const LostStore = lazy(() =>
  import("./LostStore.tsx").then((module) => ({ default: module.LostStore })),
);

export function SignInScreen({
  online,
  others,
  lostUnsent,
}: {
  readonly online: boolean;
  readonly others: boolean;
  readonly lostUnsent: number | undefined;
}) {
  const words = useShellWords();
  const gate = useGate();
  return (
    <Doorstep title={words.signIn}>
      {online ? null : <Banner tone="warn">{words.signInOffline}</Banner>}
      {lostUnsent === undefined ? null : (
        <Suspense fallback={null}>
          <LostStore unsent={lostUnsent} />
        </Suspense>
      )}
      <PasswordForm send={(account, password) => gate.signIn(account, password)} />
      {others ? (
        <Button icon="back" onClick={() => gate.backToChooser()}>
          {words.backToPeople}
        </Button>
      ) : null}
    </Doorstep>
  );
}
