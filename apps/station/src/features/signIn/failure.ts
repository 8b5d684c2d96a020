import type { GateAnswer } from "../../device/gate.ts";
import type { useShellWords } from "../../words/index.ts";

/** A gate's refusal in words; undefined where it succeeded. */
export function sayFailure(
  answer: GateAnswer,
  words: ReturnType<typeof useShellWords>,
): string | undefined {
  if (answer.ok) return undefined;
  const text = words.failures[answer.why];
  return answer.waitMs === undefined || answer.waitMs <= 0
    ? text
    : `${text} ${words.waitSeconds(Math.ceil(answer.waitMs / 1000))}`;
}
