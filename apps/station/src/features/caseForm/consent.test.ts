import { expect, test } from "vitest";
import { consentBody, noConsent } from "./consent.ts";

const at = "2026-11-22T15:40:00.000Z";

test("nothing is said for the patient outside an emergency", () => {
  expect(consentBody(noConsent, false, at)).toBeUndefined();
  expect(consentBody({ toldName: "", told: "patient", how: "spoken" }, false, at)).toBeUndefined();
  expect(
    consentBody({ toldName: "", told: "patient", how: "spoken", ground: "consent" }, false, at),
  ).toEqual({ ground: "consent", told: "patient", how: "spoken", at });
});
test("an emergency goes without, and says so", () => {
  expect(consentBody(noConsent, true, at)).toEqual({
    ground: "emergency",
    told: "nobody",
    how: "notPossible",
    at,
  });
  expect(consentBody({ toldName: " Sùng Thị Mỷ ", told: "relative" }, true, at)).toEqual({
    ground: "emergency",
    told: "relative",
    how: "spoken",
    toldName: "Sùng Thị Mỷ",
    at,
  });
});
