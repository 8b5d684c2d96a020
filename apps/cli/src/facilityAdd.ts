import { FacilityCode, Level } from "@lientuyen/record";
import { addFacility } from "@lientuyen/server";
import * as v from "valibot";
import { besideServer } from "./beside.ts";
import type { Settings } from "./environment.ts";
import { Failure } from "./failure.ts";
import { say } from "./progress.ts";
import { greeting } from "./words.ts";

const longest = 300;

type Given = Parameters<typeof addFacility>[1];

/** What was typed after the command's name. @throws Failure with what is wrong of it */
export const readFacility = (args: readonly string[]): Given => {
  const [code = "", name = "", level = "", ...more] = args.map((word) => word.trim().normalize());
  if (name === "" || name.length > longest || level === "" || more.length > 0)
    throw new Failure({ code: "usage", of: "facilityAdd" });
  if (!v.is(FacilityCode, code)) throw new Failure({ code: "badFacilityCode", given: code });
  if (!v.is(Level, level))
    throw new Failure({ code: "badLevel", given: level, known: Level.options.join(", ") });
  return { code, name, level };
};

/** Founds a further facility and prints the one-time link for its administrator. */
export const facilityAdd = async (settings: Settings, args: readonly string[]): Promise<void> => {
  const given = readFacility(args);
  await besideServer(settings, async (core, address) => {
    const done = await addFacility(core, given);
    if (done.answer === "added")
      return say(greeting.facilityAdded(given.code, `${address}/first#${done.token}`));
    const { code: facility, name, level } = done.known;
    throw new Failure(
      done.answer === "hasPeople"
        ? { code: "facilityHasPeople", facility, name }
        : { code: "facilityDiffers", facility, name, level },
    );
  });
};
