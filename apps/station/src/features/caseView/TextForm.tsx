import { Banner, Button, TextArea } from "@lientuyen/ui";
import { useState, type ReactNode } from "react";
import * as v from "valibot";
import { useDraft, type DraftState } from "../../app/draft.ts";
import { useWords } from "../../words/index.ts";

const textSchema = v.string();

export function DraftNote({ state }: { readonly state: DraftState }) {
  const { caseView } = useWords();
  const texts = {
    loading: "",
    untouched: "",
    saving: caseView.draftSaving,
    saved: caseView.draftKept,
    failed: caseView.draftFailed,
  } satisfies Record<DraftState, string>;
  return (
    <span className={state === "failed" ? "small draft-failed" : "small muted"} role="status">
      {texts[state]}
    </span>
  );
}

export function WriteFailed({ failed }: { readonly failed: boolean }) {
  const { caseView } = useWords();
  return failed ? (
    <Banner tone="danger" live>
      {caseView.writeFailed}
    </Banner>
  ) : null;
}

interface TextFormProps {
  /** Name of the draft. */
  readonly name: string;
  readonly label: string;
  readonly sendLabel: string;
  readonly hint?: string | undefined;
  readonly rows?: number | undefined;
  readonly initial?: string | undefined;
  readonly main?: boolean | undefined;
  /** Further fields between text and button. */
  readonly children?: ReactNode;
  /** Writes the entry that these drafts become; true once it is on disk and they are gone. */
  readonly onSend: (text: string, drafts: readonly string[]) => Promise<boolean>;
  readonly onCancel?: (() => void) | undefined;
}

/**
 * A text that is kept as it is typed and becomes an entry by its button (or Ctrl+Enter). What is typed while the entry
 * is being written is the next text: the field is emptied only where it still holds what was sent.
 */
export function TextForm(props: TextFormProps) {
  const { caseView } = useWords();
  const draft = useDraft(props.name, textSchema, props.initial ?? "");
  const [lacking, setLacking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);
  const send = async () => {
    const sent = draft.value;
    const text = sent.trim();
    setLacking(text === "");
    if (text === "" || busy) return;
    setBusy(true);
    setFailed(false);
    await draft.flush();
    const done = await props.onSend(text, [props.name]);
    if (done) await draft.clear(sent);
    setBusy(false);
    setFailed(!done);
  };
  return (
    <form
      className="stack stack-s"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <TextArea
        label={props.label}
        hint={props.hint}
        rows={props.rows ?? 3}
        value={draft.value}
        readOnly={draft.state === "loading"}
        error={lacking ? caseView.needed : undefined}
        onText={(text) => {
          setLacking(false);
          draft.set(text);
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void send();
        }}
      />
      {props.children}
      <div className="row">
        <Button type="submit" tone={props.main === true ? "main" : "quiet"} busy={busy}>
          {props.sendLabel}
        </Button>
        {props.onCancel === undefined ? null : (
          <Button tone="plain" onClick={props.onCancel}>
            {caseView.cancel}
          </Button>
        )}
        <DraftNote state={draft.state} />
      </div>
      <WriteFailed failed={failed} />
    </form>
  );
}
