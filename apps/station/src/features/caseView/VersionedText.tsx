import type { CaseBody, CaseView, Fact, Versions } from "@lientuyen/record";
import { Banner, Button } from "@lientuyen/ui";
import { allows } from "./acts.ts";
import { MendButton } from "./Mend.tsx";
import { SourceLine } from "./SourceLine.tsx";
import { useStanding, type Talk } from "./talk.ts";
import { TextForm } from "./TextForm.tsx";
import { useWriting } from "./write.ts";

type MergedKind = CaseBody<"textMerged">["kind"];

/** A text with its versions: one head is shown; two that diverged stand side by side until somebody merges them. */
export function VersionedText<B>({
  view,
  kind,
  versions,
  say,
  talk,
}: {
  readonly view: CaseView;
  readonly kind: MergedKind;
  readonly versions: Versions<B>;
  /** The text of one version. */
  readonly say: (body: B) => string;
  readonly talk: Talk;
}) {
  const [head] = versions.heads;
  const title = talk.words.vocabulary.kind[kind];
  if (head === undefined) return null;
  return (
    <section className="clinical-part stack stack-s">
      <h3>{title}</h3>
      {versions.diverged ? (
        <Diverged view={view} kind={kind} heads={versions.heads} say={say} talk={talk} />
      ) : (
        <>
          <p className="keep-lines">{say(head.body)}</p>
          <p className="row row-apart">
            <SourceLine source={head} talk={talk} />
            <MendButton view={view} target={head.hash} talk={talk} />
          </p>
        </>
      )}
    </section>
  );
}

function Diverged<B>({
  view,
  kind,
  heads,
  say,
  talk,
}: {
  readonly view: CaseView;
  readonly kind: MergedKind;
  readonly heads: readonly Fact<B>[];
  readonly say: (body: B) => string;
  readonly talk: Talk;
}) {
  const { write, busy } = useWriting(view.log);
  const standing = useStanding(view);
  const t = talk.words.caseView;
  const replaces = heads.map((h) => h.hash);
  const merged = (text: string) => ({
    kind: "textMerged" as const,
    body: { kind, text, replaces },
  });
  const may = allows(standing, merged("?"));
  return (
    <>
      <Banner tone="warn">{t.diverged}</Banner>
      <div className="two-texts">
        {heads.map((head) => (
          <article
            key={head.hash}
            className="stack stack-s"
            aria-label={t.versionOf(talk.author(head.author))}
          >
            <p className="keep-lines">{say(head.body)}</p>
            <SourceLine source={head} talk={talk} />
            {may ? (
              <div>
                <Button busy={busy} onClick={() => void write([merged(say(head.body))])}>
                  {t.useThis}
                </Button>
              </div>
            ) : null}
          </article>
        ))}
      </div>
      {may ? (
        <TextForm
          name={`${view.log}/merge/${kind}/${replaces.slice().sort().join(".").slice(0, 40)}`}
          label={t.mergeLabel}
          hint={t.mergeHelp}
          sendLabel={t.merge}
          rows={5}
          initial={heads.map((h) => say(h.body)).join("\n")}
          onSend={(text, drafts) => write([merged(text)], drafts)}
        />
      ) : null}
    </>
  );
}
