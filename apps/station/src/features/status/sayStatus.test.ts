import { expect, test } from "vitest";
import type { SyncState } from "../../device/device.ts";
import { status } from "../../words/vi/status.ts";
import { sayStatus } from "./sayStatus.ts";

const calm: SyncState = {
  online: true,
  unsentEntries: 0,
  unsentFiles: 0,
  sending: undefined,
  lastArrivedAt: "2026-11-22T15:53:00.000Z",
  signInNeeded: false,
  storage: "persisted",
  refused: 0,
  quarantined: 0,
  updateNeeded: false,
  historyChanged: false,
};
const say = (part: Partial<SyncState>) => {
  const text = sayStatus({ ...calm, ...part }, status, () => "22:53");
  return `${text.tone}: ${text.parts.join(". ")}${text.act === undefined ? "" : ` [${text.act}]`}`;
};

test("what has arrived", () => expect(say({})).toBe("good: Đã tới máy chủ lúc 22:53"));
test("what is on this machine only", () => {
  expect(say({ unsentEntries: 2, unsentFiles: 1 })).toBe(
    "warn: Chỉ có trên máy này: 3 mục [retry]",
  );
  expect(say({ online: false, unsentEntries: 3 })).toBe(
    "warn: Không có mạng. Chỉ có trên máy này: 3 mục",
  );
  expect(say({ online: false })).toBe("warn: Không có mạng. Vẫn ghi ca được; có mạng máy tự gửi.");
});
test("what is being sent, and how long it takes", () => {
  expect(say({ unsentEntries: 2, sending: { done: 3, total: 5, secondsLeft: 110 } })).toBe(
    "quiet: Đang gửi 3/5, còn khoảng 2 phút",
  );
  expect(say({ sending: { done: 0, total: 5, secondsLeft: undefined } })).toBe(
    "quiet: Đang gửi 0/5",
  );
  expect(say({ sending: { done: 4, total: 5, secondsLeft: 20 } })).toBe(
    "quiet: Đang gửi 4/5, còn chưa tới 1 phút",
  );
});
test("the worst is said first, and what to do", () => {
  expect(say({ storage: "full", refused: 1 })).toContain("[fix]");
  expect(say({ refused: 2 })).toBe("danger: 2 mục máy chủ không nhận [see]");
  expect(say({ quarantined: 2 })).toBe("warn: 2 mục chờ người quản trị cho qua; chưa ai khác thấy");
  expect(say({ signInNeeded: true, unsentEntries: 1 })).toContain("[signIn]");
  expect(say({ storage: "nearlyFull" })).toContain("[fix]");
  expect(say({ updateNeeded: true })).toContain("quá cũ");
  expect(say({ storage: "notPersisted" })).toContain("[fix]");
});
test("in emergency mode: that nothing goes out before somebody signs in", () => {
  const text = sayStatus({ ...calm, unsentEntries: 3 }, status, () => "22:53", true);
  expect(text.tone).toBe("danger");
  expect(text.parts.join(". ")).toBe(
    "Chỉ có trên máy này: 3 mục. Chỉ gửi được sau khi khóa máy và đăng nhập lại. Đang gấp thì gọi điện.",
  );
});
