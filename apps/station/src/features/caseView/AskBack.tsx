import type { RequestView } from "@lientuyen/record";
import { Button } from "@lientuyen/ui";
import { useState } from "react";
import type { Talk } from "./talk.ts";
import { TextForm } from "./TextForm.tsx";
import { useWriting } from "./write.ts";

/** Asks the requesting side for what is still needed to answer. */
export function AskBack({
  log,
  request,
  talk,
}: {
  readonly log: string;
  readonly request: RequestView;
  readonly talk: Talk;
}) {
  const [open, setOpen] = useState(false);
  const { write } = useWriting(log);
  const t = talk.words.caseView;
  if (!open) {
    return (
      <div>
        <Button icon="help" onClick={() => setOpen(true)}>
          {t.askBack}
        </Button>
      </div>
    );
  }
  return (
    <TextForm
      name={`${log}/askBack/${request.hash}`}
      label={t.askBackLabel}
      sendLabel={t.sendAskBack}
      rows={2}
      onCancel={() => setOpen(false)}
      onSend={async (text, drafts) => {
        const body = { request: request.hash, text };
        const done = await write([{ kind: "informationAsked", body }], drafts);
        if (done) setOpen(false);
        return done;
      }}
    />
  );
}
