import { progress as words, type Both } from "./words.ts";

export const say = ([vi, en]: Both, ...more: readonly string[]): void => {
  process.stdout.write([vi, `  ${en}`, ...more].join("\n") + "\n");
};

const patienceMs = 700;

/** Runs a step; says what is going on only once it takes longer than a blink. */
export const during = async <T>(step: keyof typeof words, work: () => Promise<T>): Promise<T> => {
  const [vi, en] = words[step];
  const timer = setTimeout(() => process.stdout.write(`${vi} / ${en} …\n`), patienceMs);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
  }
};
