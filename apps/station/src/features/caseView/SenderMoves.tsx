import { Urgency, type CaseView, type RequestView } from "@lientuyen/record";
import { Button, Choice, Dialog } from "@lientuyen/ui";
import { useState } from "react";
import { requestActs } from "./acts.ts";
import { ActForm } from "./RequestMoves.tsx";
import { useStanding, type Talk } from "./talk.ts";

type Open = "worse" | "urgency" | "withdraw" | undefined;

/** What the sender does with a request under way: worse now, another urgency, withdrawn. */
export function SenderMoves({
  view,
  request,
  talk,
}: {
  readonly view: CaseView;
  readonly request: RequestView;
  readonly talk: Talk;
}) {
  const acts = requestActs(useStanding(view), request);
  const [open, setOpen] = useState<Open>(undefined);
  const [urgency, setUrgency] = useState<Urgency>(request.urgency);
  const { caseView: t, vocabulary } = talk.words;
  const waits = request.state !== "answered";
  const close = () => setOpen(undefined);
  const name = (what: string) => `${view.log}/${what}/${request.hash}`;
  return (
    <div className="row">
      {acts.changeUrgency ? (
        <>
          <Button icon="alert" tone="danger" onClick={() => setOpen("worse")}>
            {t.worse}
          </Button>
          {waits ? <Button onClick={() => setOpen("urgency")}>{t.changeUrgency}</Button> : null}
        </>
      ) : null}
      {acts.withdraw && waits ? (
        <Button onClick={() => setOpen("withdraw")}>{t.withdraw}</Button>
      ) : null}
      <Dialog open={open === "worse"} title={t.worse} closeLabel={t.cancel} onClose={close}>
        <ActForm
          name={name("worse")}
          log={view.log}
          label={t.worseWhat}
          hint={t.worseHelp}
          sendLabel={t.sendWorse}
          fact={(reason) => ({
            kind: "urgencyChanged",
            body: { request: request.hash, urgency: raised(request.urgency), reason, worse: true },
          })}
          onDone={close}
        />
      </Dialog>
      <Dialog
        open={open === "urgency"}
        title={t.changeUrgency}
        closeLabel={t.cancel}
        onClose={close}
      >
        <ActForm
          name={name("urgency")}
          log={view.log}
          label={t.reason}
          sendLabel={t.changeUrgency}
          fact={(reason) => ({
            kind: "urgencyChanged",
            body: { request: request.hash, urgency, reason },
          })}
          onDone={close}
        >
          <Choice
            row
            label={t.newUrgency}
            value={urgency}
            onChoose={setUrgency}
            options={Urgency.options.map((value) => ({ value, label: vocabulary.urgency[value] }))}
          />
        </ActForm>
      </Dialog>
      <Dialog open={open === "withdraw"} title={t.withdraw} closeLabel={t.cancel} onClose={close}>
        <ActForm
          name={name("withdraw")}
          log={view.log}
          label={t.reason}
          sendLabel={t.withdraw}
          fact={(reason) => ({ kind: "requestWithdrawn", body: { request: request.hash, reason } })}
          onDone={close}
        />
      </Dialog>
    </div>
  );
}

/** Who gets worse moves up a step; the emergency stays one. */
export function raised(urgency: Urgency): Urgency {
  return urgency === "routine" ? "urgent" : "emergency";
}
