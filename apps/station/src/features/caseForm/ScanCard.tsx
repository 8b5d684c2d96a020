import { readCardText, type CardReading } from "@lientuyen/terms";
import { Button, TextField } from "@lientuyen/ui";
import { lazy, Suspense, useState } from "react";
import { useFirstWords } from "../../words/index.ts";

const ScanDialog = lazy(() =>
  import("./ScanDialog.tsx").then((module) => ({ default: module.ScanDialog })),
);

/** The field that a hand scanner types into (it ends with Enter), that takes a number too; or the camera. */
export function ScanCard({ onCard }: { readonly onCard: (card: CardReading) => void }) {
  const words = useFirstWords();
  const text = words.caseForm.patient;
  const [typed, setTyped] = useState("");
  const [said, setSaid] = useState<{ readonly well: boolean; readonly text: string }>();
  const [camera, setCamera] = useState(false);
  const read = (raw: string) => {
    const result = readCardText(raw);
    if (result.read === "card") {
      onCard(result.card);
      setTyped("");
      setSaid({ well: true, text: text.cardRead });
    } else setSaid({ well: false, text: text.cardFaults[result.why] });
  };
  return (
    <>
      <div className="scan-row">
        <TextField
          label={text.scan}
          hint={text.scanHint}
          autoFocus
          spellCheck={false}
          maxLength={600}
          value={typed}
          error={said?.well === false ? said.text : undefined}
          onText={(next) => {
            setTyped(next);
            setSaid(undefined);
          }}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || typed.trim() === "") return;
            event.preventDefault();
            read(typed);
          }}
        />
        <Button icon="qr" onClick={() => setCamera(true)}>
          {text.scanCamera}
        </Button>
      </div>
      <p role="status" className={said?.well === true ? undefined : "visually-hidden"}>
        {said?.well === true ? said.text : ""}
      </p>
      {camera ? (
        <Suspense fallback={null}>
          <ScanDialog
            onClose={() => setCamera(false)}
            onText={(raw) => {
              setCamera(false);
              read(raw);
            }}
          />
        </Suspense>
      ) : null}
    </>
  );
}
