import { expect, it } from "vitest";
import { emptyFirstStart, findFault, type FirstStartDraft } from "./firstStart.ts";

const whole: FirstStartDraft = {
  code: "12911",
  facilityName: "Trạm Y tế xã Thu Lũm",
  level: "commune",
  name: "Lù Thị Dung",
  account: "dung",
  password: "mot-cau-du-dai-2026",
  again: "mot-cau-du-dai-2026",
};

it("names the first thing to put right, in the order of the page", () => {
  expect(findFault(whole)).toBeUndefined();
  expect(findFault(emptyFirstStart)).toBe("code");
  expect(findFault({ ...whole, code: "1291" })).toBe("code");
  expect(findFault({ ...whole, facilityName: " " })).toBe("facilityName");
  expect(findFault({ ...whole, name: "" })).toBe("name");
  expect(findFault({ ...whole, account: "" })).toBe("account");
  expect(findFault({ ...whole, password: "ngan", again: "ngan" })).toBe("password");
  expect(findFault({ ...whole, again: "khac" })).toBe("again");
});
