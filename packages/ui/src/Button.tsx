import type { ButtonHTMLAttributes, Ref } from "react";
import { Icon, type IconName } from "./Icon.tsx";

export interface ButtonLook {
  /** `main`: the one main action of a screen. */
  readonly tone?: "main" | "danger" | "quiet" | "plain" | undefined;
  readonly large?: boolean | undefined;
  readonly wide?: boolean | undefined;
}

/** Class of a button, for links that look like one. */
export function buttonClass({ tone = "quiet", large = false, wide = false }: ButtonLook): string {
  const look = tone === "quiet" ? "" : ` button-${tone}`;
  return `button${look}${large ? " button-large" : ""}${wide ? " button-wide" : ""}`;
}

type Props = Omit<ButtonHTMLAttributes<HTMLButtonElement>, "className"> &
  ButtonLook & {
    readonly icon?: IconName | undefined;
    /** Work is going on: shown as disabled to assistive technology, a second press does nothing, focus stays. */
    readonly busy?: boolean | undefined;
    readonly ref?: Ref<HTMLButtonElement> | undefined;
  };

export function Button({ tone, large, wide, icon, busy, onClick, children, ...rest }: Props) {
  return (
    <button
      type="button"
      {...rest}
      className={buttonClass({ tone, large, wide })}
      aria-disabled={busy ? true : undefined}
      aria-busy={busy ? true : undefined}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {icon === undefined ? null : <Icon name={icon} />}
      {children}
    </button>
  );
}
