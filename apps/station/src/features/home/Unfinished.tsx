import { Panel, buttonClass } from "@lientuyen/ui";
import { useEffect, useState } from "react";
import * as v from "valibot";
import { Link } from "wouter";
import { momentsIn } from "../caseView/moments.ts";
import type { Device } from "../../device/device.ts";
import { useCases, useDevice } from "../../device/hooks.ts";
import { useLanguage, useFirstWords } from "../../words/index.ts";
import { About, formDraft } from "../caseForm/about.ts";

interface Row {
  readonly id: string;
  readonly number: string;
  readonly startedAt: string | undefined;
}

/** Cases that were begun and not sent, e.g. before a power cut. */
export function Unfinished() {
  const device = useDevice();
  const cases = useCases();
  const words = useFirstWords().home;
  const language = useLanguage();
  const [rows, setRows] = useState<readonly Row[]>([]);
  useEffect(() => {
    let stopped = false;
    void findUnfinished(device).then((found) => {
      if (!stopped) setRows(found);
    });
    return () => {
      stopped = true;
    };
  }, [device, cases]);
  if (rows.length === 0) return null;
  return (
    <Panel title={words.drafts}>
      <ul className="plain-list stack stack-s">
        {rows.map((row) => (
          <li key={row.id} className="row row-apart">
            <span className="number">
              {words.draftLine(
                row.number,
                row.startedAt === undefined
                  ? ""
                  : momentsIn(language).short(row.startedAt, device.now()),
              )}
            </span>
            <Link className={buttonClass({})} href={`/case/${row.id}/form`}>
              {words.resume}
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

async function findUnfinished(device: Device): Promise<readonly Row[]> {
  const names = await device.drafts.list("case/");
  const ids = [
    ...new Set(names.flatMap((name) => /^case\/([0-9a-f-]{36})\/form\//.exec(name)?.[1] ?? [])),
  ];
  const rows = await Promise.all(
    ids.map(async (id): Promise<Row> => {
      const about = v.safeParse(About, await device.drafts.load(formDraft(`case/${id}`, "about")));
      const known = device.cases.list().find((row) => row.log === `case/${id}`);
      return {
        id,
        number: known?.number ?? (about.success ? about.output.number : ""),
        startedAt: known?.openedAt ?? (about.success ? about.output.startedAt : undefined),
      };
    }),
  );
  return rows.sort((a, b) => (b.startedAt ?? "").localeCompare(a.startedAt ?? ""));
}
