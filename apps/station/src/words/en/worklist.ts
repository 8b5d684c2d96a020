export const worklist: typeof import("../vi/worklist.ts").worklist = {
  title: "Waiting work",
  filter: "Show",
  mine: (n) => `Mine (${n})`,
  specialty: (n) => `My specialty (${n})`,
  all: (n) => `All (${n})`,
  emptyMine: "No request is allocated to you.",
  emptyAll: "No request is waiting.",
  count: (n) => `${n} ${n === 1 ? "request" : "requests"}`,
  isNew: "New",
  worse: "Worse now",
  left: {
    days: (d, h) => `${d} d ${h} h left`,
    hours: (h, m) => `${h} h ${m} min left`,
    minutes: (clock) => `${clock} left`,
  },
  late: {
    days: (d, h) => `${d} d ${h} h overdue`,
    hours: (h, m) => `${h} h ${m} min overdue`,
    minutes: (m) => (m === 0 ? "just overdue" : `${m} min overdue`),
  },
  waited: (how) => `sent ${how}`,
  openQuestions: (n) =>
    n === 0 ? "all questions answered" : `${n} ${n === 1 ? "question" : "questions"} open`,
  whose: (who) => who,
  yours: "Yours",
  nobody: "Nobody yet",
  openCase: (number) => `Open case ${number}`,
};
