import type { CaseBody } from "@lientuyen/record";
import { judgeReading, vitalUnit } from "@lientuyen/terms";
import { Button, TextField } from "@lientuyen/ui";
import { useState } from "react";
import type { Talk } from "./talk.ts";
import { sayNumber, signName } from "./terms.ts";
import { WriteFailed } from "./TextForm.tsx";
import { readReading, type TypedReading } from "./vitals.ts";
import { useWriting } from "./write.ts";

/** One field for each reading of a measurement; an emptied one is taken out. */
export function VitalSignsCorrection({
  log,
  target,
  body,
  talk,
  onDone,
}: {
  readonly log: string;
  readonly target: string;
  readonly body: CaseBody<"vitalSigns">;
  readonly talk: Talk;
  readonly onDone: () => void;
}) {
  const { write, busy, failed } = useWriting(log);
  const [typed, setTyped] = useState<ReadonlyMap<string, string>>(
    () => new Map(body.readings.map((r) => [r.sign, sayNumber(r.value, talk.language)])),
  );
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const t = talk.words.caseView;
  const read = body.readings.map((r) => ({
    sign: r.sign,
    text: typed.get(r.sign) ?? "",
    typed: readReading(typed.get(r.sign) ?? "", (value) => judgeReading(r.sign, value, undefined)),
  }));
  const send = async () => {
    setTried(true);
    const wrong = read.some((r) => r.typed.read === "unreadable" || r.typed.read === "impossible");
    const readings = read.flatMap((r) =>
      "value" in r.typed
        ? [
            {
              sign: r.sign,
              value: r.typed.value,
              ...(r.typed.read === "odd" ? { confirmed: true } : {}),
            },
          ]
        : [],
    );
    if (wrong || readings.length === 0 || reason.trim() === "") return;
    const done = await write([
      { kind: "correction", body: { target, reason: reason.trim(), body: { ...body, readings } } },
    ]);
    if (done) onDone();
  };
  return (
    <form
      className="stack stack-s"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {read.map((r) => (
        <TextField
          key={r.sign}
          label={`${signName(r.sign, talk.language)} (${vitalUnit(r.sign, talk.language)})`}
          inputMode="decimal"
          value={r.text}
          hint={r.typed.read === "odd" ? t.readingOdd(r.text) : undefined}
          error={tried ? fault(r.typed, r.text, talk) : undefined}
          onText={(text) => setTyped(new Map(typed).set(r.sign, text))}
        />
      ))}
      <TextField
        label={t.correctReason}
        value={reason}
        maxLength={2000}
        onText={setReason}
        error={tried && reason.trim() === "" ? t.needed : undefined}
      />
      <div>
        <Button type="submit" tone="main" busy={busy}>
          {t.sendCorrection}
        </Button>
      </div>
      <WriteFailed failed={failed} />
    </form>
  );
}

function fault(typed: TypedReading, text: string, talk: Talk): string | undefined {
  const t = talk.words.caseView;
  if (typed.read === "unreadable") return t.readingUnreadable(text);
  return typed.read === "impossible" ? t.readingImpossible(text) : undefined;
}
