import { readCardText } from "@lientuyen/terms";
import { expect, test } from "vitest";
import { fromIdentity, noPatient, partialIdentity, readPatient, withCard } from "./patientDraft.ts";

const at = "2026-11-22T15:40:00.000Z";
const words = { months: (count: number) => `${count} tháng` };
const card =
  "012092004417|120455667|Giàng A Dế|15031992|Nam|Bản Nậm Ngà, Tà Tổng, Lai Châu|20042022";

test("a scanned card fills the form and reads as an identity", () => {
  const read = readCardText(card);
  if (read.read !== "card") throw new Error(read.why);
  expect(readPatient(withCard(noPatient, read.card), at)).toEqual({
    ok: true,
    identity: {
      name: "Giàng A Dế",
      sex: "male",
      birth: { known: "day", day: "1992-03-15" },
      address: "Bản Nậm Ngà, Tà Tổng, Lai Châu",
      personalNumber: "012092004417",
      oldNumber: "120455667",
    },
  });
});
test("an identity goes into the fields and comes back the same", () => {
  const identity = {
    name: "Chang Thị Na",
    sex: "female",
    birth: { known: "ageMonths", ageMonths: 18, at },
    guardian: { relation: "mẹ", personalNumber: "012194003321" },
  } as const;
  expect(readPatient(fromIdentity(identity, "log", words), at)).toEqual({ ok: true, identity });
});
test("each fault is named at its field", () => {
  const fault = (part: Partial<typeof noPatient>) => {
    const read = readPatient({ ...noPatient, name: "Na", ...part }, at);
    return read.ok ? undefined : `${read.fault.at} ${read.fault.what}`;
  };
  expect(fault({})).toBeUndefined();
  expect(fault({ name: " " })).toBe("name needed");
  expect(fault({ birth: "18" })).toBe("birth whichUnit");
  expect(fault({ birth: "31/02/2020" })).toBe("birth wrong");
  expect(fault({ personalNumber: "123" })).toBe("personalNumber wrong");
  expect(fault({ personalNumber: "012 092 004 417" })).toBeUndefined();
  expect(fault({ insuranceNumber: "HT2" })).toBe("insuranceNumber wrong");
  expect(fault({ guardianNumber: "012194003321" })).toBe("guardianRelation needed");
});
test("a half-filled form is enough to look for the same person", () => {
  expect(partialIdentity({ ...noPatient, name: "Trang Thị Na", personalNumber: "12" }, at)).toEqual(
    { sex: "unknown", name: "Trang Thị Na" },
  );
  expect(partialIdentity({ ...noPatient, personalNumber: "012194003321" }, at)).toMatchObject({
    personalNumber: "012194003321",
  });
});
