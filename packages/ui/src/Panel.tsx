import { useId, type ReactNode } from "react";

/** A part of a screen with its heading. */
export function Panel({
  title,
  side,
  children,
}: {
  readonly title?: ReactNode;
  readonly side?: ReactNode;
  readonly children: ReactNode;
}) {
  const id = useId();
  return (
    <section className="panel stack" aria-labelledby={title ? id : undefined}>
      {title ? (
        <div className="row row-apart">
          <h2 id={id}>{title}</h2>
          {side}
        </div>
      ) : null}
      {children}
    </section>
  );
}

/** Names and values, e.g. of a patient; values without content are left out. */
export function Facts({
  rows,
}: {
  readonly rows: readonly (readonly [name: string, value: ReactNode])[];
}) {
  const shown = rows.filter(
    ([, value]) => value !== undefined && value !== null && value !== "" && value !== false,
  );
  return (
    <dl className="facts">
      {shown.map(([name, value]) => (
        <FactRow key={name} name={name} value={value} />
      ))}
    </dl>
  );
}

function FactRow({ name, value }: { readonly name: string; readonly value: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

/** For readers only. */
export function Hidden({ children }: { readonly children: ReactNode }) {
  return <span className="visually-hidden">{children}</span>;
}
