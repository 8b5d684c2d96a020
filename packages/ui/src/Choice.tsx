import { useId, type ReactNode } from "react";
import { FieldError, type FieldText } from "./Field.tsx";

export interface ChoiceOption<T extends string> {
  readonly value: T;
  readonly label: ReactNode;
  readonly hint?: ReactNode | undefined;
  readonly tone?: "danger" | undefined;
  readonly disabled?: boolean | undefined;
}

/** One of several, all visible: native radio buttons as large targets, so arrows and Tab work as everywhere. */
export function Choice<T extends string>({
  label,
  hint,
  error,
  options,
  value,
  onChoose,
  row = false,
}: FieldText & {
  readonly options: readonly ChoiceOption<T>[];
  readonly value: T | undefined;
  readonly onChoose: (value: T) => void;
  readonly row?: boolean | undefined;
}) {
  const id = useId();
  return (
    <fieldset className="field" aria-describedby={error ? `${id}-error` : undefined}>
      <legend className="field-label">{label}</legend>
      {hint ? <span className="field-hint">{hint}</span> : null}
      <div className={row ? "choice choice-row" : "choice"}>
        {options.map((option) => (
          <label
            key={option.value}
            className="choice-option"
            data-chosen={option.value === value}
            data-tone={option.tone}
            data-disabled={option.disabled === true}
          >
            <input
              type="radio"
              aria-labelledby={`${id}-${option.value}`}
              aria-describedby={option.hint ? `${id}-${option.value}-hint` : undefined}
              name={id}
              value={option.value}
              checked={option.value === value}
              disabled={option.disabled === true}
              onChange={() => onChoose(option.value)}
            />
            <span className="choice-text">
              <span id={`${id}-${option.value}`}>{option.label}</span>
              {option.hint ? (
                <span className="field-hint" id={`${id}-${option.value}-hint`}>
                  {option.hint}
                </span>
              ) : null}
            </span>
          </label>
        ))}
      </div>
      <FieldError id={`${id}-error`} error={error} />
    </fieldset>
  );
}

export function Check({
  label,
  hint,
  checked,
  onCheck,
  disabled,
}: {
  readonly label: ReactNode;
  readonly hint?: ReactNode | undefined;
  readonly checked: boolean;
  readonly onCheck: (checked: boolean) => void;
  readonly disabled?: boolean | undefined;
}) {
  const id = useId();
  return (
    <label className="check">
      <input
        type="checkbox"
        aria-labelledby={id}
        aria-describedby={hint ? `${id}-hint` : undefined}
        checked={checked}
        disabled={disabled}
        onChange={(event) => onCheck(event.target.checked)}
      />
      <span className="choice-text">
        <span id={id}>{label}</span>
        {hint ? (
          <span className="field-hint" id={`${id}-hint`}>
            {hint}
          </span>
        ) : null}
      </span>
    </label>
  );
}
