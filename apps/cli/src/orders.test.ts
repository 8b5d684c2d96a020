import { expect, test } from "vitest";
import { readContract } from "./contractAdd.ts";
import { readFacility } from "./facilityAdd.ts";
import { Failure } from "./failure.ts";

/** The reason of the refusal, or what was read. */
const tried = (
  read: (words: readonly string[]) => unknown,
  ...words: readonly string[]
): unknown => {
  try {
    return read(words);
  } catch (error) {
    return error instanceof Failure ? error.reason.code : error;
  }
};

test("facility-add is read, or told what is wrong of it", () => {
  const name = "Trạm Y tế xã Thu Lũm";
  // As some keyboards write it: letters and tones apart.
  expect(tried(readFacility, "12911", `  ${name.normalize("NFD")} `, "commune")).toEqual({
    code: "12911",
    name,
    level: "commune",
  });
  expect(tried(readFacility)).toBe("usage");
  expect(tried(readFacility, "12911", "Trạm", "Y", "tế", "commune")).toBe("usage");
  expect(tried(readFacility, "12911", "x".repeat(301), "commune")).toBe("usage");
  expect(tried(readFacility, "1291a", name, "commune")).toBe("badFacilityCode");
  expect(tried(readFacility, "12911", name, "xã")).toBe("badLevel");
});

test("contract-add is read, or told what is wrong of it; its day begins in Vietnam", () => {
  const read = (day: string, ...specialties: readonly string[]): unknown =>
    tried(readContract, "HD-1", "12911", "12901", day, ...specialties);
  expect(read("2026-03-01", "cardiology")).toEqual({
    contract: "HD-1",
    between: ["12911", "12901"],
    from: "2026-02-28T17:00:00.000Z",
    specialties: ["cardiology"],
  });
  expect(read("2026-03-01", "urgent=30", "cardiology", "routine=720")).toMatchObject({
    specialties: ["cardiology"],
    answerWithinMinutes: { urgent: 30, routine: 720 },
  });
  for (const word of ["urgent=0", "urgent=-5", "urgent=1.5", "soon=5", "urgent="])
    expect(read("2026-03-01", word)).toBe("badSpecialty");
  for (const day of ["2026-02-30", "2026-13-01", "1/3/2026", "2026-3-1"])
    expect(read(day)).toBe("badDay");
  expect(read("2026-03-01", "tim")).toBe("badSpecialty");
  expect(tried(readContract, "HD-1", "12911", "12911", "2026-03-01")).toBe("sameFacility");
  expect(tried(readContract, "HD-1", "12911", "", "2026-03-01")).toBe("badFacilityCode");
  expect(tried(readContract, "x".repeat(61), "12911", "12901", "2026-03-01")).toBe("usage");
  expect(tried(readContract, "HD-1", "12911", "12901")).toBe("usage");
});
