import { Button, buttonClass, Panel, Select, Tag } from "@lientuyen/ui";
import { useState } from "react";
import { Link } from "wouter";
import type { CaseRow } from "../../device/device.ts";
import { useCases, useDevice } from "../../device/hooks.ts";
import { calls } from "./call.ts";
import { myName } from "./running.ts";
import { mayAct, type State } from "./standing.ts";
import { useLiveWords } from "./words.ts";

/** The cases that are spoken about, one after the other. */
export function Agenda({ state }: { readonly state: State }) {
  const device = useDevice();
  const rows = useCases();
  const words = useLiveWords().agenda;
  const { agenda, item } = state;
  const guides = mayAct(state, myName(device), { act: "setAgenda", agenda }, device.now());
  if (agenda.length < 2 && !guides) return null;
  const without = (log: string) => agenda.filter((other) => other !== log);
  return (
    <Panel title={words.title}>
      <ol className="plain-list">
        {agenda.map((log, index) => (
          <li key={log} className="live-person">
            <span className="live-person-name">
              {nameOfCase(rows.find((row) => row.log === log)) ?? words.elsewhere}
            </span>
            {index === item ? <Tag tone="info">{words.now}</Tag> : null}
            {rows.some((row) => row.log === log) ? (
              <Link href={`/${log}`} className={buttonClass({ tone: "plain" })}>
                {words.open}
              </Link>
            ) : null}
            {guides && index !== item ? (
              <>
                <Button onClick={() => void calls.act({ act: "takeItem", item: index })}>
                  {words.take}
                </Button>
                <Button onClick={() => void calls.act({ act: "setAgenda", agenda: without(log) })}>
                  {words.remove}
                </Button>
              </>
            ) : null}
          </li>
        ))}
      </ol>
      {guides ? <Adding agenda={agenda} rows={rows} /> : null}
    </Panel>
  );
}

const nameOfCase = (row: CaseRow | undefined): string | undefined =>
  row === undefined
    ? undefined
    : `${row.patientName ?? row.summaryLine ?? ""} ${row.number}`.trim();

function Adding({
  agenda,
  rows,
}: {
  readonly agenda: readonly string[];
  readonly rows: readonly CaseRow[];
}) {
  const words = useLiveWords().agenda;
  const [log, setLog] = useState("");
  const options = rows
    .filter((row) => row.state === "open" && !agenda.includes(row.log))
    .map((row) => ({ value: row.log, label: nameOfCase(row) ?? row.number }));
  if (options.length === 0) return null;
  const add = () => {
    void calls.act({ act: "setAgenda", agenda: [...agenda, log] });
    setLog("");
  };
  return (
    <div className="row">
      <Select
        label={words.choose}
        value={log}
        onChoose={setLog}
        options={[{ value: "", label: words.chooseNone }, ...options]}
      />
      <Button icon="add" disabled={log === ""} onClick={add}>
        {words.add}
      </Button>
    </div>
  );
}
