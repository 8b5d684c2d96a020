import type { CaseView, RequestView } from "@lientuyen/record";
import { Button, Dialog, Select, Tag, TextField } from "@lientuyen/ui";
import { useState } from "react";
import { contractLaterOf } from "./contractLater.ts";
import { useStanding, type Talk } from "./talk.ts";
import { WriteFailed } from "./TextForm.tsx";
import { useWriting } from "./write.ts";

interface Props {
  readonly view: CaseView;
  readonly request: RequestView;
  readonly talk: Talk;
}

/** An emergency that went without a contract says so, and takes its name once there is one. */
export function ContractLater({ view, request, talk }: Props) {
  const [open, setOpen] = useState(false);
  const contract = contractLaterOf(useStanding(view), request);
  const { caseView: t, vocabulary } = talk.words;
  const close = () => setOpen(false);
  if (contract.was === "there") return null;
  if (contract.was === "named") return <p className="small">{t.contractIs(contract.contract)}</p>;
  return (
    <div className="row">
      <Tag tone="warn">{vocabulary.mark.noContract}</Tag>
      {contract.nameable.length === 0 ? null : (
        <Button onClick={() => setOpen(true)}>{t.nameContract}</Button>
      )}
      <Dialog open={open} title={t.nameContract} closeLabel={t.cancel} onClose={close}>
        <NameForm
          view={view}
          request={request}
          talk={talk}
          contracts={contract.nameable}
          onDone={close}
        />
      </Dialog>
    </div>
  );
}

function NameForm({
  view,
  request,
  talk,
  contracts,
  onDone,
}: Props & { readonly contracts: readonly string[]; readonly onDone: () => void }) {
  const { write, busy, failed } = useWriting(view.log);
  const [contract, setContract] = useState(contracts[0] ?? "");
  const [note, setNote] = useState("");
  const t = talk.words.caseView;
  const send = async () => {
    const said = note.trim();
    const done = await write([
      {
        kind: "contractNamed",
        body: { request: request.hash, contract, ...(said === "" ? {} : { note: said }) },
      },
    ]);
    if (done) onDone();
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Select
        label={t.whichContract}
        value={contract}
        onChoose={setContract}
        options={contracts.map((value) => ({ value, label: value }))}
      />
      <TextField label={t.note} value={note} onText={setNote} maxLength={2000} />
      <div>
        <Button type="submit" tone="main" busy={busy}>
          {t.nameContract}
        </Button>
      </div>
      <WriteFailed failed={failed} />
    </form>
  );
}
