import type { CaseView, RequestView } from "@lientuyen/record";
import { Button, Dialog, Select } from "@lientuyen/ui";
import { useState } from "react";
import { useCase, useCases, useDevice } from "../../device/hooks.ts";
import { requestActs } from "../caseView/acts.ts";
import { RequestMoves } from "../caseView/RequestMoves.tsx";
import { useStanding, type Talk } from "../caseView/talk.ts";
import { WriteFailed } from "../caseView/TextForm.tsx";
import { useWriting } from "../caseView/write.ts";
import type { WorkRow } from "../worklist/worklist.ts";
import { loads, specialtiesOf } from "./load.ts";

interface Props {
  readonly work: WorkRow;
  readonly talk: Talk;
  readonly onTold: (text: string) => void;
}

/** What the coordinator does with a request in the list. */
export function RequestActions({ work, talk, onTold }: Props) {
  const load = useCase(work.row.log);
  const view = load.at === "here" ? load.view : undefined;
  const request = view?.requests.find((r) => r.hash === work.request.hash);
  if (view === undefined || request === undefined) return null;
  return <Actions view={view} request={request} talk={talk} onTold={onTold} />;
}

function Actions({
  view,
  request,
  talk,
  onTold,
}: {
  readonly view: CaseView;
  readonly request: RequestView;
  readonly talk: Talk;
  readonly onTold: (text: string) => void;
}) {
  const [open, setOpen] = useState(false);
  const acts = requestActs(useStanding(view), request);
  const t = talk.words.requests;
  return (
    <>
      <div className="row">
        {acts.allocate ? (
          <Button tone="main" icon="person" onClick={() => setOpen(true)}>
            {request.allocatedTo === undefined ? t.allocate : t.allocateAgain}
          </Button>
        ) : null}
        <RequestMoves view={view} request={request} acts={{ ...acts, accept: false }} talk={talk} />
      </div>
      <Dialog
        open={open}
        title={t.allocate}
        closeLabel={talk.words.caseView.cancel}
        onClose={() => setOpen(false)}
      >
        <AllocateForm
          view={view}
          request={request}
          talk={talk}
          onDone={(name) => {
            setOpen(false);
            onTold(t.allocated(name));
          }}
        />
      </Dialog>
    </>
  );
}

function AllocateForm({
  view,
  request,
  talk,
  onDone,
}: {
  readonly view: CaseView;
  readonly request: RequestView;
  readonly talk: Talk;
  readonly onDone: (name: string) => void;
}) {
  const { me } = useDevice();
  const rows = useCases();
  const { write, busy, failed } = useWriting(view.log);
  const t = talk.words.requests;
  const people = loads(talk.directory, rows, me.facility, request.specialty, talk.nowMs);
  const [to, setTo] = useState(people[0]?.person.person ?? "");
  const send = async () => {
    const done = await write([
      { kind: "allocated", body: { request: request.hash, to, expects: request.head } },
    ]);
    if (done) onDone(talk.person(to));
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {people.some((p) => p.fits) ? null : <p>{t.nobodyFits}</p>}
      <Select
        label={t.allocateTo}
        value={to}
        onChoose={setTo}
        options={people.map((p) => ({
          value: p.person.person,
          label: t.loadOf(talk.person(p.person.person), specialtiesOf(p.person, talk), p.open),
        }))}
      />
      <div>
        <Button type="submit" tone="main" busy={busy} disabled={to === ""}>
          {t.allocate}
        </Button>
      </div>
      <WriteFailed failed={failed} />
    </form>
  );
}
