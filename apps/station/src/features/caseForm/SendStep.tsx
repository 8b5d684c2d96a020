import { Banner, Choice, Facts, Panel, TextField } from "@lientuyen/ui";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { flushDrafts } from "../../app/draft.ts";
import { useDevice } from "../../device/hooks.ts";
import { patientLines } from "../caseView/patientLine.ts";
import { useTalk } from "../caseView/talk.ts";
import { consentBody, ConsentDraft, noConsent } from "./consent.ts";
import { useForm, useStepDraft } from "./form.tsx";
import { pendingFacts } from "./pending.ts";
import { asked, noQuestions, QuestionsDraft } from "./QuestionsStep.tsx";
import { cannotSend, patientFacts, send, type CannotSend } from "./sending.ts";
import { StepFrame } from "./StepFrame.tsx";
import { missingSteps, openQuestions, stateOf, stepNames, type StepName } from "./steps.ts";
import { noAddress, ToWhomDraft, useReachable } from "./ToWhomStep.tsx";

const whereToMend: Record<CannotSend, StepName> = {
  question: "questions",
  urgency: "toWhom",
  facility: "toWhom",
};

/** Read once more, say who was told, send. */
export function SendStep() {
  const form = useForm();
  const device = useDevice();
  const talk = useTalk();
  const words = talk.words.caseForm.send;
  const questions = useStepDraft("questions", QuestionsDraft, noQuestions);
  const toWhom = useStepDraft("toWhom", ToWhomDraft, noAddress);
  const consent = useStepDraft("consent", ConsentDraft, noConsent);
  const [, navigate] = useLocation();
  const [tried, setTried] = useState(false);
  const openTo = useReachable(toWhom.value)
    .filter((row) => row.open)
    .map((row) => row.code);
  const letter = { questions: asked(questions.value), toWhom: toWhom.value };
  const obstacle = cannotSend(letter, form.view, openTo);
  const emergency = toWhom.value.urgency === "emergency";
  const consentDone = form.view?.consent !== undefined;
  const body = consentBody(consent.value, emergency, new Date(device.now()).toISOString());

  const done = async () => {
    setTried(true);
    if (obstacle !== undefined || (!consentDone && body === undefined)) return false;
    await flushDrafts();
    const before = [
      ...patientFacts(form.view),
      ...(await pendingFacts(device, form.log, form.view, talk.language)),
      ...(consentDone || body === undefined ? [] : [{ kind: "consentRecorded" as const, body }]),
    ];
    await send(device, form, { ...letter, before });
    return true;
  };
  return (
    <StepFrame
      step="send"
      title={words.title}
      saved={consent.state}
      done={done}
      doneLabel={words.send}
      then={() => navigate(`/case/${form.id}`)}
    >
      {obstacle === undefined ? null : (
        <Banner tone={tried ? "danger" : "warn"} live={tried}>
          <p>{words.obstacles[obstacle]}</p>
          <Link href={`/case/${form.id}/form/${whereToMend[obstacle]}`}>{words.mend}</Link>
        </Banner>
      )}
      <Review letter={letter} />
      <Missing ready={obstacle === undefined} />
      {consentDone ? null : (
        <Consent
          value={consent.value}
          onValue={consent.set}
          emergency={emergency}
          lacking={tried && body === undefined}
        />
      )}
    </StepFrame>
  );
}

function Review({
  letter,
}: {
  readonly letter: { readonly questions: readonly string[]; readonly toWhom: ToWhomDraft };
}) {
  const form = useForm();
  const talk = useTalk();
  const words = talk.words.caseForm.send;
  const { view } = form;
  const who = view === undefined ? undefined : patientLines(view, talk.words, talk.nowMs);
  const all = [...openQuestions(view).map((question) => question.body.text), ...letter.questions];
  const { to, urgency, specialty } = letter.toWhom;
  return (
    <Panel title={words.review}>
      <Facts
        rows={[
          [
            words.patient,
            who === undefined
              ? talk.words.vocabulary.patient.none
              : [who.name, who.line].filter((part) => part !== "").join(", "),
          ],
          [words.to, to === undefined ? "" : `${talk.facility(to)}, ${talk.specialty(specialty)}`],
          [words.urgency, urgency === undefined ? "" : talk.words.vocabulary.urgency[urgency]],
          [
            words.files,
            view === undefined
              ? ""
              : String(view.files.filter((file) => file.body.originalOf === undefined).length),
          ],
          [
            words.questions,
            all.length === 0 ? "" : <QuestionList key="questions" questions={all} />,
          ],
        ]}
      />
    </Panel>
  );
}

/** What a specialist will miss; sending goes all the same. */
function Missing({ ready }: { readonly ready: boolean }) {
  const form = useForm();
  const words = useTalk().words.caseForm;
  const missing = missingSteps(form.view, form.drafts);
  const begun = stepNames.filter((name) => stateOf(name, form.view, form.drafts) === "begun");
  if (missing.length === 0 && begun.length === 0)
    return ready ? <Banner tone="good">{words.send.nothingMissing}</Banner> : null;
  return (
    <Panel title={words.send.missing}>
      <p className="muted">{words.send.missingHint}</p>
      <ul className="plain-list row">
        {[...begun, ...missing].map((name) => (
          <li key={name}>
            <Link href={`/case/${form.id}/form/${name}`} className="button">
              {begun.includes(name) ? words.send.begun(words.steps[name]) : words.steps[name]}
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Consent({
  value,
  onValue,
  emergency,
  lacking,
}: {
  readonly value: ConsentDraft;
  readonly onValue: (value: ConsentDraft) => void;
  readonly emergency: boolean;
  readonly lacking: boolean;
}) {
  const words = useTalk().words.caseForm.consent;
  const error = (said: unknown) => (lacking && said === undefined ? words.needed : undefined);
  return (
    <Panel title={words.title}>
      <p className="muted">{emergency ? words.whyEmergency : words.why}</p>
      <Choice
        row
        label={words.told}
        value={value.told}
        error={error(value.told)}
        onChoose={(told) => onValue({ ...value, told })}
        options={(["patient", "guardian", "relative", "nobody"] as const).map((told) => ({
          value: told,
          label: words.toldWho[told],
        }))}
      />
      {value.told === undefined || value.told === "nobody" || value.told === "patient" ? null : (
        <TextField
          label={words.toldName}
          maxLength={300}
          value={value.toldName}
          onText={(toldName) => onValue({ ...value, toldName })}
        />
      )}
      <Choice
        row
        label={words.how}
        value={value.how}
        error={error(value.how)}
        onChoose={(how) => onValue({ ...value, how })}
        options={(["spoken", "signedPaper", "electronic", "notPossible"] as const).map((how) => ({
          value: how,
          label: words.hows[how],
        }))}
      />
      <Choice
        row
        label={words.ground}
        value={value.ground}
        error={error(value.ground)}
        onChoose={(ground) => onValue({ ...value, ground })}
        options={(["consent", "emergency", "law"] as const).map((ground) => ({
          value: ground,
          label: words.grounds[ground],
        }))}
      />
    </Panel>
  );
}

function QuestionList({ questions }: { readonly questions: readonly string[] }) {
  return (
    <ol className="review-questions">
      {questions.map((question, index) => (
        <li key={index}>{question}</li>
      ))}
    </ol>
  );
}
