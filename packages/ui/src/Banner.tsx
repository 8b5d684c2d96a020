import type { ReactNode } from "react";
import { Icon, type IconName } from "./Icon.tsx";

export type Tone = "info" | "warn" | "danger" | "good";

const signs: Record<Tone, IconName> = {
  info: "info",
  warn: "alert",
  danger: "alert",
  good: "check",
};

/** A message in the page. `live` announces it when it appears. */
export function Banner({
  tone = "info",
  title,
  live = false,
  children,
  action,
}: {
  readonly tone?: Tone | undefined;
  readonly title?: ReactNode;
  readonly live?: boolean | undefined;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}) {
  return (
    <div
      className={`banner banner-${tone}`}
      role={live ? (tone === "danger" ? "alert" : "status") : undefined}
    >
      <Icon name={signs[tone]} />
      <div className="banner-body">
        {title ? <div className="banner-title">{title}</div> : null}
        {children}
        {action ? <div className="row">{action}</div> : null}
      </div>
    </div>
  );
}

export function Tag({
  tone,
  icon,
  children,
}: {
  readonly tone?: Tone | undefined;
  readonly icon?: IconName | undefined;
  readonly children: ReactNode;
}) {
  return (
    <span className={tone === undefined ? "tag" : `tag tag-${tone}`}>
      {icon === undefined ? null : <Icon name={icon} />}
      {children}
    </span>
  );
}

export function Empty({ children }: { readonly children: ReactNode }) {
  return <div className="empty">{children}</div>;
}

/** Shown while something loads; appears at once, moves nothing. */
export function Waiting({ label }: { readonly label: string }) {
  return (
    <p className="waiting" role="status">
      {label}
    </p>
  );
}
