import type { CaseView } from "@lientuyen/record";
import { Button, Panel, Tag } from "@lientuyen/ui";
import { useState } from "react";
import { useDevice } from "../../device/hooks.ts";
import { SourceLine } from "./SourceLine.tsx";
import type { Talk } from "./talk.ts";
import { TextForm } from "./TextForm.tsx";
import { useWriting } from "./write.ts";

type Item = CaseView["conversation"][number];

/** Messages, what was asked back, and what was agreed by telephone, in the order of the record. */
export function Conversation({
  view,
  may,
  talk,
}: {
  readonly view: CaseView;
  readonly may: boolean;
  readonly talk: Talk;
}) {
  const t = talk.words.caseView;
  const { write } = useWriting(view.log);
  const [answers, setAnswers] = useState<Item | undefined>(undefined);
  return (
    <Panel title={t.conversation}>
      {view.conversation.length === 0 ? <p className="muted">{t.noConversation}</p> : null}
      <ol className="conversation" aria-label={t.conversation}>
        {view.conversation.map((item) => (
          <Message key={item.hash} item={item} talk={talk} onReply={may ? setAnswers : undefined} />
        ))}
      </ol>
      {may ? (
        <TextForm
          name={`${view.log}/message`}
          label={answers === undefined ? t.message : t.replyTo(talk.author(answers.author))}
          sendLabel={t.sendMessage}
          rows={2}
          onCancel={answers === undefined ? undefined : () => setAnswers(undefined)}
          onSend={async (text, drafts) => {
            const body = { text, ...(answers === undefined ? {} : { answers: answers.hash }) };
            const done = await write([{ kind: "messageSent", body }], drafts);
            if (done) setAnswers(undefined);
            return done;
          }}
        />
      ) : null}
    </Panel>
  );
}

function Message({
  item,
  talk,
  onReply,
}: {
  readonly item: Item;
  readonly talk: Talk;
  readonly onReply: ((item: Item) => void) | undefined;
}) {
  const { me } = useDevice();
  const t = talk.words.caseView;
  return (
    <li className="message" data-own={item.author?.facility === me.facility} data-type={item.type}>
      {item.type === "informationAsked" ? (
        <Tag tone="warn" icon="help">
          {t.askedBack}
        </Tag>
      ) : null}
      {item.type === "agreedByTelephone" ? (
        <Tag tone="info" icon="call">
          {t.agreedWith(item.body.with, talk.moments.short(item.body.at, talk.nowMs))}
        </Tag>
      ) : null}
      <p className="keep-lines">{item.body.text}</p>
      <p className="row row-apart">
        <SourceLine source={item} talk={talk} />
        {onReply === undefined ? null : (
          <Button
            tone="plain"
            onClick={() => onReply(item)}
            aria-label={t.replyTo(talk.author(item.author))}
          >
            {t.reply}
          </Button>
        )}
      </p>
    </li>
  );
}
