import type { BundleFault, BundleReport } from "./check.ts";
import type { Item } from "./shelf.ts";
import type { Both } from "../words.ts";
import { bundleWords as words, faultWords } from "./words.ts";

/** `case/… #5 note 2hT…`: enough to find the entry in the bundle and in the case. */
export const nameItem = ({ log, receipt, entry, hash }: Item): string =>
  `${log} #${receipt.seq} ${entry?.header.kind ?? "?"} ${hash}`;

const verdictOf = ({ verdict, root = "", faults }: BundleReport): Both => {
  switch (verdict) {
    case "authentic":
      return words.authentic(root);
    case "consistent":
      return words.consistent(root);
    case "broken":
      return words.broken(faults.length);
  }
};

const faultLine = ({ what, item, file, seq, log }: BundleFault): Both => {
  const where = item === undefined ? (file ?? log ?? "bundle.json") : nameItem(item);
  const [vi, en] = faultWords[what];
  const more = [
    ...(item === undefined || file === undefined ? [] : [file]),
    ...((what === "gap" || what === "tailCut") && seq !== undefined ? [`#${seq}`] : []),
  ].join(" ");
  return [`✘ ${where}: ${vi} ${more}`.trimEnd(), `${en} ${more}`.trimEnd()];
};

const depositLines = ({ deposits }: BundleReport): readonly Both[] => {
  if (deposits === undefined) return [];
  const { confirmed, count } = deposits;
  return [
    confirmed === undefined
      ? words.notDeposited(count)
      : words.deposited(confirmed.name, confirmed.at),
  ];
};

/** What people are told of a checked bundle, the verdict first. */
export const reportLines = (report: BundleReport): readonly Both[] => [
  verdictOf(report),
  words.counts(report),
  ...(report.checkpoint === undefined ? [] : [words.checkpoint(report.checkpoint)]),
  ...depositLines(report),
  ...(report.earlier === 0 ? [] : [words.earlier(report.earlier)]),
  ...report.withheld.map((item) => words.withheld(nameItem(item))),
  ...report.faults.map(faultLine),
];
