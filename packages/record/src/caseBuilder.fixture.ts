/// <reference types="node" />
import { createHash } from "node:crypto";
import {
  canonicalText,
  edges,
  foldCase,
  foldDirectory,
  type Author,
  type CaseBody,
  type CaseKind,
  type CaseView,
  type DirectoryBody,
  type DirectoryKind,
  type DirectoryView,
  type FoldInput,
  type Role,
} from "./index.ts";

export const hashOf = (text: string): string =>
  createHash("sha256").update(text, "utf8").digest("base64url");
export const uuidOf = (name: string): string => {
  const hex = createHash("sha256").update(name).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};
export const momentAt = (minute: number): string =>
  new Date(Date.UTC(2026, 10, 22, 15, 40) + minute * 60_000).toISOString();

export const log = `case/${uuidOf("the case")}`;
/** Tà Tổng, Sông Hồng, Lai Châu. */
export const station = "12913";
export const central = "01901";
export const provincial = "12901";

export const authorAt = (facility: string, name: string): Author => ({
  person: uuidOf(`${facility} ${name}`),
  facility,
  device: uuidOf(`device of ${name}`),
});

export interface WriteOptions {
  /** Default: the heads as the builder has them now. */
  readonly after?: readonly string[];
  /** Default: received at once, in turn. */
  readonly received?: boolean;
}

/** An entry as a fold takes it; its hash is a real one, its signature is not (folds do not look). */
export function inputOf(parts: {
  readonly log: string;
  readonly kind: string;
  readonly body: unknown;
  readonly author: Author | undefined;
  readonly after: readonly string[];
  readonly minute: number;
  readonly seq: number | undefined;
}): FoldInput {
  const bodyText = parts.body === undefined ? undefined : canonicalText(parts.body);
  const header = {
    v: 1 as const,
    id: uuidOf(`${parts.kind} ${parts.minute} ${bodyText} ${parts.author?.person}`),
    log: parts.log,
    kind: parts.kind,
    key: hashOf(parts.author?.device ?? "nobody"),
    n: parts.minute + 1,
    dir: "",
    at: momentAt(parts.minute),
    after: [...parts.after].sort(),
    bodyHash: hashOf(bodyText ?? ""),
  };
  const headerText = canonicalText(header);
  return {
    entry: {
      hash: hashOf(headerText),
      header,
      body: parts.body,
      salt: "A".repeat(22),
      sig: "A".repeat(86),
      headerText,
      bodyText,
    },
    author: parts.author,
    receipt:
      parts.seq === undefined
        ? undefined
        : { seq: parts.seq, receivedAt: momentAt(parts.minute), marks: [] },
  };
}

/** A case as it grows: `write` returns the hash that later bodies name. */
export class CaseBuilder {
  readonly inputs: FoldInput[] = [];
  #minute = 0;
  #seq = 0;

  write<K extends CaseKind>(
    author: Author,
    kind: K,
    body: CaseBody<K>,
    options: WriteOptions = {},
  ): string {
    return this.writeRaw(author, kind, body, options);
  }

  writeRaw(
    author: Author | undefined,
    kind: string,
    body: unknown,
    options: WriteOptions = {},
  ): string {
    const after = options.after ?? edges(this.inputs).heads;
    if (options.received !== false) this.#seq += 1;
    const seq = options.received === false ? undefined : this.#seq;
    const input = inputOf({ log, kind, body, author, after, minute: this.#minute, seq });
    this.#minute += 1;
    this.inputs.push(input);
    return input.entry.hash;
  }

  view(): CaseView {
    return foldCase(log, this.inputs);
  }
}

export function openedCase(author: Author): CaseBuilder {
  const builder = new CaseBuilder();
  builder.write(author, "opened", {
    number: "12913-K7M2-9TXC",
    facility: author.facility,
    mode: "support",
  });
  return builder;
}

/** One facility's directory as it grows. */
export class DirectoryBuilder {
  readonly inputs: FoldInput[] = [];
  #minute = -10_000;

  write<K extends DirectoryKind>(facility: string, kind: K, body: DirectoryBody<K>): string {
    const directory = `directory/${facility}`;
    const own = this.inputs.filter((input) => input.entry.header.log === directory);
    const input = inputOf({
      log: directory,
      kind,
      body,
      author: undefined,
      after: edges(own).heads,
      minute: this.#minute,
      seq: own.length + 1,
    });
    this.#minute += 1;
    this.inputs.push(input);
    return input.entry.hash;
  }

  facility(code: string, level: "commune" | "provincial" | "central" = "commune"): void {
    const name = `Cơ sở ${code}`;
    this.write(code, "facilityFounded", { code, name, shortName: name, level, from: long });
  }

  person(author: Author, role: Role, until?: string): void {
    const { facility, person } = author;
    const rest = until === undefined ? {} : { until };
    this.write(facility, "personAdded", { person, name: "Người", account: person.slice(0, 8) });
    this.write(facility, "roleGranted", { person, role, from: long, ...rest });
  }

  contract(a: string, b: string, rest: Partial<DirectoryBody<"contractAgreed">> = {}): void {
    const contract = `${a}-${b}`;
    this.write(a, "contractAgreed", { contract, with: b, from: long, ...rest });
    this.write(b, "contractAgreed", { contract, with: a, from: long, ...rest });
  }

  view(): DirectoryView {
    return foldDirectory(this.inputs);
  }
}

export const long = "2024-01-01T00:00:00.000Z";
export const now = momentAt(10_000);
