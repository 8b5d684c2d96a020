import { expect, it } from "vitest";
import { emptyFirstStart, facilityOfLink, findFault, type FirstStartDraft } from "./firstStart.ts";

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
  expect(findFault(whole, false)).toBeUndefined();
  expect(findFault(emptyFirstStart, false)).toBe("code");
  expect(findFault({ ...whole, code: "1291" }, false)).toBe("code");
  expect(findFault({ ...whole, facilityName: " " }, false)).toBe("facilityName");
  expect(findFault({ ...whole, name: "" }, false)).toBe("name");
  expect(findFault({ ...whole, account: "" }, false)).toBe("account");
  expect(findFault({ ...whole, password: "ngan", again: "ngan" }, false)).toBe("password");
  expect(findFault({ ...whole, again: "khac" }, false)).toBe("again");
});

it("asks nothing about a facility that the link names", () => {
  expect(facilityOfLink("k4Jx_y-9.12911")).toBe("12911");
  expect(facilityOfLink("k4Jx_y-9")).toBeUndefined();
  expect(findFault({ ...whole, code: "", facilityName: "" }, true)).toBeUndefined();
  expect(findFault({ ...emptyFirstStart }, true)).toBe("name");
});
