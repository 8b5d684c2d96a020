import { Banner, Button, Waiting } from "@lientuyen/ui";
import type { ReactNode } from "react";
import type { GateState } from "../../device/gate.ts";
import { useGate } from "../../device/hooks.ts";
import { useShellWords } from "../../words/index.ts";
import { LanguageChoice } from "./LanguageChoice.tsx";

/** The frame of every screen before the lock is open. */
export function Doorstep({
  title,
  children,
}: {
  readonly title?: string;
  readonly children: ReactNode;
}) {
  const words = useShellWords();
  return (
    <main className="doorstep">
      <div className="doorstep-brand">
        <img src="/icon.svg" alt="" width={48} height={48} />
        <div>
          <strong>{words.product}</strong>
          <div className="muted small">{words.purpose}</div>
        </div>
      </div>
      {title === undefined ? null : <h1>{title}</h1>}
      {children}
      <LanguageChoice />
    </main>
  );
}

export function OpeningScreen() {
  return <Waiting label={useShellWords().loading} />;
}

export function ElsewhereScreen() {
  const words = useShellWords();
  const gate = useGate();
  return (
    <Doorstep title={words.elsewhereTitle}>
      <p>{words.elsewhereText}</p>
      <Button tone="main" large onClick={() => void gate.takeOver()}>
        {words.useHere}
      </Button>
    </Doorstep>
  );
}

export function ImpossibleScreen({
  why,
}: {
  readonly why: Extract<GateState, { readonly at: "impossible" }>["why"];
}) {
  const words = useShellWords();
  return (
    <Doorstep title={words.impossibleTitle}>
      <Banner tone="warn">{words[why]}</Banner>
    </Doorstep>
  );
}
