import type { DirectoryBody, FacilityView, Level } from "@lientuyen/record";
import { instant, type Core } from "../core.ts";
import { foundingFact, hasAccount, makeFacilityLink } from "./firstAdministrator.ts";
import { appendAsServer } from "./serverEntries.ts";

export interface NewFacility {
  readonly code: string;
  readonly name: string;
  readonly level: Level;
}

export type FacilityAnswer =
  | { readonly answer: "added"; readonly token: string }
  /** Nobody of it signed in yet, so there is a new link; `differs` would be another facility under its code. */
  | { readonly answer: "hasPeople" | "differs"; readonly known: NewFacility };

const facilityNamed = async (core: Core, code: string): Promise<FacilityView | undefined> => {
  const { view } = await core.database.asSystem((tx) => core.directory.current(tx));
  return view.facilities.get(code);
};

/**
 * Founds a further facility by the server's own hand and makes the one-time link (24 h) of its administrator.
 * Asked again for the same facility while nobody signs in there, it makes a new link.
 */
export const addFacility = async (core: Core, given: NewFacility): Promise<FacilityAnswer> => {
  const known = await facilityNamed(core, given.code);
  if (known === undefined) await appendAsServer(core, [foundingFact(given, instant(core.now()))]);
  else {
    if (await hasAccount(core, given.code)) return { answer: "hasPeople", known };
    if (known.name !== given.name || known.level !== given.level)
      return { answer: "differs", known };
  }
  return { answer: "added", token: await makeFacilityLink(core, given.code) };
};

export interface NewContract {
  readonly contract: string;
  readonly between: readonly [string, string];
  /** Instant from which it is in force. */
  readonly from: string;
  /** Empty: all. */
  readonly specialties: readonly string[];
  /** Where they differ from the general ones (packages/terms). */
  readonly answerWithinMinutes?: DirectoryBody<"contractAgreed">["answerWithinMinutes"];
}

export type ContractAnswer =
  | { readonly answer: "agreed" }
  | { readonly answer: "unknownFacility" | "taken"; readonly facility: string };

/** Writes one contract into the directories of both facilities; where a crash left one side, the other is written. */
export const agreeContract = async (core: Core, given: NewContract): Promise<ContractAnswer> => {
  const [one, other] = given.between;
  const missing: ReturnType<typeof sideOf>[] = [];
  for (const [facility, partner] of [
    [one, other],
    [other, one],
  ] as const) {
    const known = await facilityNamed(core, facility);
    if (known === undefined) return { answer: "unknownFacility", facility };
    const side = sideOf(given, facility, partner);
    const row = known.contracts.find(({ contract }) => contract === given.contract);
    if (row === undefined) missing.push(side);
    else if (!isSame(row, side.body)) return { answer: "taken", facility };
  }
  await appendAsServer(core, missing);
  return missing.length === 0 ? { answer: "taken", facility: one } : { answer: "agreed" };
};

const sideOf = (given: NewContract, facility: string, partner: string) => {
  const { contract, from, specialties, answerWithinMinutes } = given;
  const body: DirectoryBody<"contractAgreed"> = {
    contract,
    with: partner,
    from,
    ...(specialties.length === 0 ? {} : { specialties: [...specialties] }),
    ...(answerWithinMinutes === undefined ? {} : { answerWithinMinutes }),
  };
  return { log: `directory/${facility}`, kind: "contractAgreed", body };
};

const urgencies = ["emergency", "urgent", "routine"] as const;

const isSame = (
  row: DirectoryBody<"contractAgreed">,
  body: DirectoryBody<"contractAgreed">,
): boolean =>
  row.with === body.with &&
  row.from === body.from &&
  row.until === undefined &&
  urgencies.every((u) => row.answerWithinMinutes?.[u] === body.answerWithinMinutes?.[u]) &&
  (row.specialties ?? []).join() === (body.specialties ?? []).join();
