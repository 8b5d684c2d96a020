import {
  useId,
  useLayoutEffect,
  useRef,
  type InputHTMLAttributes,
  type ReactNode,
  type Ref,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
} from "react";
import { Icon } from "./Icon.tsx";

/** Attributes that tie a control to its label, hint and error. */
export interface FieldControl {
  readonly id: string;
  readonly className: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": true | undefined;
}

export interface FieldText {
  readonly label: ReactNode;
  readonly hint?: ReactNode | undefined;
  /** Shown at the field, announced, and named by the control. */
  readonly error?: ReactNode | undefined;
}

/** A label, its control, a hint and an error in one place. The control takes the given attributes. */
export function Field({
  label,
  hint,
  error,
  children,
}: FieldText & { readonly children: (control: FieldControl) => ReactNode }) {
  const id = useId();
  const described = [hint ? `${id}-hint` : "", error ? `${id}-error` : ""]
    .filter((part) => part !== "")
    .join(" ");
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      {hint ? (
        <span className="field-hint" id={`${id}-hint`}>
          {hint}
        </span>
      ) : null}
      {children({
        id,
        className: "input",
        "aria-describedby": described === "" ? undefined : described,
        "aria-invalid": error ? true : undefined,
      })}
      <FieldError id={`${id}-error`} error={error} />
    </div>
  );
}

export function FieldError({
  id,
  error,
}: {
  readonly id?: string | undefined;
  readonly error: ReactNode;
}) {
  if (!error) return null;
  return (
    <span className="field-error" id={id} role="alert">
      <Icon name="alert" />
      <span>{error}</span>
    </span>
  );
}

type Own = FieldText & { readonly onText: (text: string) => void; readonly value: string };

export function TextField({
  label,
  hint,
  error,
  onText,
  ref,
  ...rest
}: Own &
  Omit<InputHTMLAttributes<HTMLInputElement>, "onChange" | "value" | "className"> & {
    readonly ref?: Ref<HTMLInputElement> | undefined;
  }) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <input
          type="text"
          autoComplete="off"
          {...rest}
          {...control}
          ref={ref}
          onChange={(event) => onText(event.target.value)}
        />
      )}
    </Field>
  );
}

type Area = Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, "onChange" | "value" | "className">;

/** One line that grows with what is typed, so that all of it can be read; it takes no line breaks. */
export function GrowingField({ onText, ...rest }: Own & Omit<Area, "rows">) {
  const area = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    if (area.current === null) return;
    const { style } = area.current;
    style.height = "auto";
    // Borders do not count into what it would scroll.
    const borders = area.current.offsetHeight - area.current.clientHeight;
    style.height = `${area.current.scrollHeight + borders}px`;
  }, [rest.value]);
  return (
    <TextArea
      {...rest}
      ref={area}
      rows={1}
      onText={(text) => onText(text.replace(/\s*[\r\n]+\s*/g, " "))}
    />
  );
}

export function TextArea({
  label,
  hint,
  error,
  onText,
  ref,
  ...rest
}: Own & Area & { readonly ref?: Ref<HTMLTextAreaElement> | undefined }) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <textarea
          {...rest}
          {...control}
          ref={ref}
          onChange={(event) => onText(event.target.value)}
        />
      )}
    </Field>
  );
}

export interface Option<T extends string> {
  readonly value: T;
  readonly label: string;
}

export function Select<T extends string>({
  label,
  hint,
  error,
  value,
  options,
  onChoose,
  ...rest
}: FieldText & {
  readonly value: T;
  readonly options: readonly Option<T>[];
  readonly onChoose: (value: T) => void;
} & Omit<SelectHTMLAttributes<HTMLSelectElement>, "onChange" | "value" | "className">) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <select
          {...rest}
          {...control}
          value={value}
          onChange={(event) => {
            const chosen = options.find((option) => option.value === event.target.value);
            if (chosen !== undefined) onChoose(chosen.value);
          }}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
