import { FacilityCode } from "@lientuyen/record";
import { agreeContract } from "@lientuyen/server";
import { specialties as known } from "@lientuyen/terms";
import * as v from "valibot";
import { besideServer } from "./beside.ts";
import type { Settings } from "./environment.ts";
import { Failure } from "./failure.ts";
import { say } from "./progress.ts";
import { greeting } from "./words.ts";

const longest = 60;

/** A day begins at midnight in Vietnam, which knows no summer time. */
const startOf = (day: string): string => {
  const at = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(`${day}T00:00:00.000+07:00`) : Number.NaN;
  const isDay = !Number.isNaN(at) && new Date(at + 7 * 3_600_000).toISOString().startsWith(day);
  if (!isDay) throw new Failure({ code: "badDay", given: day });
  return new Date(at).toISOString();
};

const checkSpecialties = (given: readonly string[]): void => {
  const codes = known.map(({ code }) => code);
  const strange = given.find((code) => !codes.includes(code));
  if (strange !== undefined)
    throw new Failure({ code: "badSpecialty", given: strange, known: codes.join(", ") });
};

const minutesWord = /^(emergency|urgent|routine)=([1-9]\d{0,4})$/;

/** "urgent=30": the contract's own minutes to answer, for urgencies where it has some. */
const readMinutes = (word: string) => {
  const [, urgency, minutes] = minutesWord.exec(word) ?? [];
  return urgency === undefined ? [] : [[urgency, Number(minutes)] as const];
};

type Given = Parameters<typeof agreeContract>[1];

/** What was typed after the command's name. @throws Failure with what is wrong of it */
export const readContract = (args: readonly string[]): Given => {
  const [contract = "", one = "", other = "", day = "", ...terms] = args.map((word) =>
    word.trim().normalize(),
  );
  const specialties = terms.filter((word) => !minutesWord.test(word));
  const minutes = Object.fromEntries(terms.flatMap(readMinutes));
  if (contract === "" || contract.length > longest || day === "")
    throw new Failure({ code: "usage", of: "contractAdd" });
  for (const given of [one, other])
    if (!v.is(FacilityCode, given)) throw new Failure({ code: "badFacilityCode", given });
  if (one === other) throw new Failure({ code: "sameFacility", facility: one });
  checkSpecialties(specialties);
  const given = { contract, between: [one, other] as const, from: startOf(day), specialties };
  return Object.keys(minutes).length === 0 ? given : { ...given, answerWithinMinutes: minutes };
};

/** Writes a signed contract into the directories of both facilities. */
export const contractAdd = async (settings: Settings, args: readonly string[]): Promise<void> => {
  const given = readContract(args);
  const { contract, between } = given;
  await besideServer(settings, async (core) => {
    const done = await agreeContract(core, given);
    if (done.answer === "agreed") return say(greeting.contractAgreed(contract, ...between));
    const { facility } = done;
    throw new Failure(
      done.answer === "taken"
        ? { code: "contractTaken", contract, facility }
        : { code: "unknownFacility", facility },
    );
  });
};
