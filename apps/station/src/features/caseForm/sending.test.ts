import { expect, test } from "vitest";
import { cannotSend } from "./sending.ts";

const toWhom = { specialty: "cardiology", urgency: "urgent", to: "12901" } as const;

test("a question, how urgent, to whom: nothing else stops a request", () => {
  expect(cannotSend({ questions: [], toWhom }, undefined, ["12901"])).toBe("question");
  expect(
    cannotSend({ questions: ["?"], toWhom: { specialty: "cardiology" } }, undefined, ["12901"]),
  ).toBe("urgency");
  expect(
    cannotSend(
      { questions: ["?"], toWhom: { specialty: "cardiology", urgency: "urgent" } },
      undefined,
      ["12901"],
    ),
  ).toBe("facility");
  expect(cannotSend({ questions: ["?"], toWhom }, undefined, [])).toBe("facility");
  expect(cannotSend({ questions: ["?"], toWhom }, undefined, ["12901"])).toBeUndefined();
});
