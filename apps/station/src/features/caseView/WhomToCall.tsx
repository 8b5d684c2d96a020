import type { CaseView, RequestView } from "@lientuyen/record";
import { buttonClass, Icon, TextField } from "@lientuyen/ui";
import { useState } from "react";
import { useDevice } from "../../device/hooks.ts";
import type { Talk } from "./talk.ts";
import { TextForm } from "./TextForm.tsx";
import { telAddress, whomToCall } from "./whomToCall.ts";
import { useWriting } from "./write.ts";

/** Telephone numbers for one tap, and the form that records afterwards what was agreed. */
export function WhomToCall({
  view,
  request,
  talk,
  open,
}: {
  readonly view: CaseView;
  readonly request: RequestView | undefined;
  readonly talk: Talk;
  readonly open: boolean;
}) {
  const { me } = useDevice();
  const t = talk.words.caseView;
  const callees = whomToCall(view, request, talk.directory, me);
  const [lastCalled, setLastCalled] = useState("");
  return (
    <details className="more" open={open}>
      <summary>
        <Icon name="call" /> <span>{t.whomToCall}</span>
        {callees[0] === undefined ? null : (
          <span className="small muted first-callee">
            {callees[0].name} <span className="number">{callees[0].phone}</span>
          </span>
        )}
      </summary>
      <div className="stack">
        {callees.length === 0 ? <p>{t.nobodyToCall}</p> : null}
        <ul className="callees">
          {callees.map((callee) => (
            <li key={`${callee.who} ${callee.phone} ${callee.name}`}>
              <a
                className={buttonClass({ wide: true })}
                href={telAddress(callee.phone)}
                aria-label={t.call(callee.name, callee.phone)}
                onClick={() => setLastCalled(callee.name)}
              >
                <Icon name="call" />
                <span>{talk.words.vocabulary.labelled(t.callee[callee.who], callee.name)}</span>
                <span className="number">{callee.phone}</span>
              </a>
            </li>
          ))}
        </ul>
        <CallRecord
          key={lastCalled}
          view={view}
          request={request}
          talk={talk}
          calledName={lastCalled}
        />
      </div>
    </details>
  );
}

function CallRecord({
  view,
  request,
  talk,
  calledName,
}: {
  readonly view: CaseView;
  readonly request: RequestView | undefined;
  readonly talk: Talk;
  readonly calledName: string;
}) {
  const device = useDevice();
  const t = talk.words.caseView;
  const { write } = useWriting(view.log);
  const [who, setWho] = useState(calledName);
  const [lacking, setLacking] = useState(false);
  return (
    <details className="more" open={calledName !== ""}>
      <summary>{t.recordCall}</summary>
      <TextForm
        name={`${view.log}/call/${request?.hash ?? "case"}`}
        label={t.callText}
        sendLabel={t.saveCall}
        onSend={async (text, drafts) => {
          setLacking(who.trim() === "");
          if (who.trim() === "") return false;
          const body = {
            ...(request === undefined ? {} : { request: request.hash }),
            with: who.trim(),
            at: new Date(device.now()).toISOString(),
            text,
          };
          return write([{ kind: "agreedByTelephone", body }], drafts);
        }}
      >
        <TextField
          label={t.callWith}
          value={who}
          onText={setWho}
          maxLength={300}
          error={lacking ? t.needed : undefined}
        />
      </TextForm>
    </details>
  );
}
