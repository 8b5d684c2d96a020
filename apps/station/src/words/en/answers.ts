export const answers: typeof import("../vi/answers.ts").answers = {
  title: "Answers that wait for me",
  empty: "Nothing waits for you.",
  group: {
    answer: "Answered, to be decided",
    informationAsked: "The specialist asks back",
    outcomeDue: "The outcome is due",
    diverged: "Two versions to merge",
  },
  undecided: (n) => `${n} undecided`,
  changed: (ago) => `changed ${ago}`,
};
