import { Button, Choice, TextField } from "@lientuyen/ui";
import { useDeferredValue, useMemo, useRef, useState } from "react";
import { useCases, useDevice, useReading } from "../../device/hooks.ts";
import { useTalk } from "../caseView/talk.ts";
import { CaseLine } from "./CaseLine.tsx";
import { EmptyList } from "./EmptyList.tsx";

type Which = "open" | "closed";

/** A list is drawn so far; whoever wants more asks, or searches. */
const drawnAtOnce = 50;

/** All cases of this device: open and closed, and the search that needs no accents. */
export function CasesScreen() {
  const { cases } = useDevice();
  const all = useCases();
  const reading = useReading();
  const talk = useTalk();
  const [query, setQuery] = useState("");
  const [which, setWhich] = useState<Which>("open");
  const [most, setMost] = useState(drawnAtOnce);
  const list = useRef<HTMLUListElement>(null);
  const asked = useDeferredValue(query.trim());
  const found = useMemo(() => (asked === "" ? all : cases.search(asked)), [asked, all, cases]);
  const t = talk.words.search;
  const of = (state: Which) => found.filter((r) => r.state === state);
  // A search that finds nothing on this side shows the other.
  const side: Which =
    asked !== "" && of(which).length === 0 && found.length > 0
      ? which === "open"
        ? "closed"
        : "open"
      : which;
  const shown = of(side);
  return (
    <div className="stack">
      <h1>{t.title}</h1>
      <TextField
        type="search"
        label={t.label}
        hint={t.hint}
        value={query}
        onText={setQuery}
        autoFocus
        onKeyDown={(event) => {
          if (event.key !== "ArrowDown" && event.key !== "Enter") return;
          const first = list.current?.querySelector("a");
          if (first === null || first === undefined) return;
          event.preventDefault();
          if (event.key === "Enter") first.click();
          else first.focus();
        }}
      />
      <Choice
        row
        label={t.which}
        value={side}
        onChoose={setWhich}
        options={[
          { value: "open", label: t.open(of("open").length) },
          { value: "closed", label: t.closed(of("closed").length) },
        ]}
      />
      <p role="status" className="small muted">
        {reading === "reading" ? talk.words.frame.listLoading : t.found(shown.length)}
      </p>
      {shown.length === 0 ? <EmptyList>{asked === "" ? t.noneYet : t.none}</EmptyList> : null}
      <ul
        className="case-lines"
        ref={list}
        onKeyDown={(event) => {
          if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
          const links = [...(list.current?.querySelectorAll("a") ?? [])];
          const at = links.findIndex((link) => link === document.activeElement);
          links[at + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
          event.preventDefault();
        }}
      >
        {shown.slice(0, most).map((row) => (
          <li key={row.log}>
            <CaseLine row={row} talk={talk} />
          </li>
        ))}
      </ul>
      {shown.length > most ? (
        <Button onClick={() => setMost(most + drawnAtOnce)}>{t.more(shown.length - most)}</Button>
      ) : null}
    </div>
  );
}
