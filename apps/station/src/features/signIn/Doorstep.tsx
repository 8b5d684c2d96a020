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
        <Sign />
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

/** As public/icon.svg, in the page itself: the screen locks without a line as well. */
function Sign() {
  return (
    <svg className="doorstep-sign" viewBox="0 0 512 512" aria-hidden="true">
      <rect width="512" height="512" fill="#0b6460" />
      <g fill="none" strokeLinecap="round" strokeLinejoin="round">
        <path d="M128 352 256 256l128 96M256 256V136" stroke="#fff" strokeWidth="34" />
        <path d="M256 72v112M200 128h112" stroke="#ffd27a" strokeWidth="38" />
      </g>
      <g fill="#fff">
        <circle cx="128" cy="360" r="44" />
        <circle cx="384" cy="360" r="44" />
        <circle cx="256" cy="256" r="34" />
      </g>
    </svg>
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
