import path from "node:path";
import { fileURLToPath } from "node:url";
import { CannotStart } from "@lientuyen/server";
import { backup } from "./backup/backup.ts";
import { restore } from "./backup/restore.ts";
import { contractAdd } from "./contractAdd.ts";
import { readSettings, type Settings } from "./environment.ts";
import { exportCase } from "./export.ts";
import { facilityAdd } from "./facilityAdd.ts";
import { Failure } from "./failure.ts";
import { isDiskFull } from "./folder/secretFile.ts";
import { migrate } from "./migrate.ts";
import { say } from "./progress.ts";
import { seed } from "./seed.ts";
import { start } from "./start.ts";
import { verify } from "./verify.ts";
import { explain, progress } from "./words.ts";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../..");

/** What follows the command's name; resolves to the exit code. */
type Command = (args: readonly string[]) => Promise<number>;

/** A command that is told everything by settings and flags. */
const ofSettings =
  (run: (settings: Settings, root: string) => Promise<void>): Command =>
  async (args) => {
    await run(readSettings(process.env, args, root), root);
    return 0;
  };

/** A command that is told the rest by words. */
const ofWords =
  (run: (settings: Settings, words: readonly string[]) => Promise<void>): Command =>
  async (args) => {
    await run(readSettings(process.env, [], root), args);
    return 0;
  };

/** Names on the command line are meant from where it was typed; npm goes to the program's folder. */
const startedFrom = process.env["INIT_CWD"] ?? process.cwd();

const commands = {
  start: ofSettings(start),
  migrate: ofSettings(migrate),
  seed: ofSettings(seed),
  export: (args) => exportCase(readSettings(process.env, [], root), args, startedFrom),
  "facility-add": ofWords(facilityAdd),
  "contract-add": ofWords(contractAdd),
  backup: (args) => backup(readSettings(process.env, [], root), args, startedFrom),
  restore: (args) => restore(readSettings(process.env, [], root), args, startedFrom),
  verify: (args) => verify(args, startedFrom),
} as const satisfies Record<string, Command>;
const isCommand = (name: string): name is keyof typeof commands => Object.hasOwn(commands, name);

const complain = (error: unknown): void => {
  if (error instanceof Failure) return say(explain(error.reason));
  if (error instanceof CannotStart)
    return say(explain({ code: "cannotStart", detail: error.message }));
  if (isDiskFull(error))
    return say(
      explain({ code: "diskFull", folder: process.env["LIENTUYEN_DATA"] ?? ".lientuyen" }),
    );
  say(progress.unforeseen, error instanceof Error ? (error.stack ?? error.message) : String(error));
};

const run = async ([name = "start", ...args]: readonly string[]): Promise<number> => {
  if (!isCommand(name)) throw new Failure({ code: "unknownCommand", name });
  return commands[name](args);
};

run(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    complain(error);
    process.exit(1);
  },
);
