import { randomBytes } from "node:crypto";
import * as v from "valibot";
import type { DataFolder } from "./folder/dataFolder.ts";
import { keepSecret } from "./folder/secretFile.ts";
import { facilities, people } from "./seed/network.ts";

const Passwords = v.record(v.string(), v.string());

/** Letters and digits that nobody confuses, none that a Vietnamese keyboard turns into a tone. */
const signs = "bcghkmnpqtv23456789";

const makePassword = (): string => {
  const text = [...randomBytes(15)].map((byte) => signs[byte % signs.length] ?? "b").join("");
  return `${text.slice(0, 5)}-${text.slice(5, 10)}-${text.slice(10)}`;
};

/** Passwords of the demo's people, made for this installation and kept with it. */
export const keepDemoPasswords = async (
  folder: DataFolder,
): Promise<Readonly<Record<string, string>>> => {
  const make = (): string =>
    JSON.stringify(
      Object.fromEntries(people.map(({ account }) => [account, makePassword()])),
      undefined,
      2,
    );
  return v.parse(
    Passwords,
    JSON.parse(await keepSecret(folder.secrets, "demo-passwords.json", make)),
  );
};

/** One line for each of the demo's people, by facility. */
export const demoLines = (passwords: Readonly<Record<string, string>>): readonly string[] =>
  facilities.flatMap(({ code, shortName }) => [
    `  ${shortName}`,
    ...people
      .filter(({ facility }) => facility === code)
      .map(
        ({ account, title, name, roles }) =>
          `    ${account.padEnd(9)} ${passwords[account] ?? ""}   ${title} ${name} (${roles.map(({ role, specialty }) => specialty ?? role).join(", ")})`,
      ),
  ]);
