import path from "node:path";
import { fileURLToPath } from "node:url";
import { CannotStart } from "@lientuyen/server";
import { readSettings } from "./environment.ts";
import { Failure } from "./failure.ts";
import { isDiskFull } from "./folder/secretFile.ts";
import { migrate } from "./migrate.ts";
import { say } from "./progress.ts";
import { seed } from "./seed.ts";
import { start } from "./start.ts";
import { explain, progress } from "./words.ts";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../..");
const commands = { start, migrate, seed } as const;
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

const run = async ([name = "start", ...args]: readonly string[]): Promise<void> => {
  if (!isCommand(name)) throw new Failure({ code: "unknownCommand", name });
  await commands[name](readSettings(process.env, args, root), root);
};

run(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: unknown) => {
    complain(error);
    process.exit(1);
  },
);
