export const search: typeof import("../vi/search.ts").search = {
  title: "My cases",
  label: "Find a case",
  hint: "Name, case number, diagnosis, card number. Accents are not needed.",
  open: (n) => `Open (${n})`,
  closed: (n) => `Closed (${n})`,
  which: "Show",
  found: (n) => `${n} ${n === 1 ? "case" : "cases"}`,
  none: "No case found.",
  noneYet: "No cases yet.",
  unknownPatient: "Not yet identified",
  unsent: (n) => `${n} unsent`,
  writing: "Being written",
};
