import { Button } from "./Button.tsx";
import { Icon } from "./Icon.tsx";

export type PadKey =
  | "0"
  | "1"
  | "2"
  | "3"
  | "4"
  | "5"
  | "6"
  | "7"
  | "8"
  | "9"
  | ","
  | "/"
  | "erase"
  | "next";

const rows: readonly PadKey[] = [
  "1",
  "2",
  "3",
  "4",
  "5",
  "6",
  "7",
  "8",
  "9",
  ",",
  "0",
  "/",
  "erase",
  "next",
];

/** What a key does to a text; shared with tests. */
export function pressed(text: string, key: PadKey): string {
  if (key === "next") return text;
  if (key === "erase") return text.slice(0, -1);
  return text + key;
}

/** Digits under the finger. Not in the Tab order: whoever has a keyboard types into the field itself. */
export function NumericPad({
  label,
  eraseLabel,
  nextLabel,
  onKey,
}: {
  readonly label: string;
  readonly eraseLabel: string;
  readonly nextLabel: string;
  readonly onKey: (key: PadKey) => void;
}) {
  return (
    <div className="pad" role="group" aria-label={label}>
      {rows.map((key) => (
        <Button
          key={key}
          tabIndex={-1}
          tone={key === "next" ? "main" : "quiet"}
          aria-label={key === "erase" ? eraseLabel : undefined}
          // The field keeps the focus, so that a phone's keyboard and a reader stay where they were.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onKey(key)}
        >
          {key === "erase" ? <Icon name="back" /> : key === "next" ? nextLabel : key}
        </Button>
      ))}
    </div>
  );
}
