import {
  foldCase,
  type Author,
  type CaseFact,
  type CaseView,
  type DirectoryView,
  type FacilityView,
  type FoldInput,
  type Mark,
  type PersonView,
  type Role,
} from "@lientuyen/record";

/** A case told entry by entry, folded by the record itself; hashes are made up, signatures are not looked at. */
export interface CaseBuilder {
  readonly log: string;
  /** Writes one entry after all that is there; returns its hash. */
  readonly write: (author: Author, fact: CaseFact, more?: Partial<Written>) => string;
  readonly view: () => CaseView;
}

export interface Written {
  readonly at: string;
  /** False: not at the server yet. */
  readonly received: boolean;
  readonly receivedAt: string;
  readonly marks: readonly Mark[];
  /** What its author had seen; else everything so far. */
  readonly after: readonly string[];
}

export const stationDoctor: Author = {
  person: "00000000-0000-7000-8000-000000000001",
  facility: "12913",
  device: "00000000-0000-7000-8000-0000000000d1",
};
export const specialist: Author = {
  person: "00000000-0000-7000-8000-000000000002",
  facility: "01901",
  device: "00000000-0000-7000-8000-0000000000d2",
};
export const coordinator: Author = {
  ...specialist,
  person: "00000000-0000-7000-8000-000000000003",
};

const startMs = Date.parse("2026-11-22T15:40:00.000Z");
const minuteMs = 60_000;

export function caseFor(): CaseBuilder {
  const log = "case/00000000-0000-7000-8000-0000000000ca";
  const inputs: FoldInput[] = [];
  let heads: readonly string[] = [];
  const write: CaseBuilder["write"] = (author, fact, more = {}) => {
    const n = inputs.length + 1;
    const hash = String(n).padStart(43, "h");
    const at = more.at ?? new Date(startMs + n * minuteMs).toISOString();
    const after = more.after ?? heads;
    inputs.push({
      entry: {
        hash,
        header: {
          v: 1,
          id: `00000000-0000-7000-8000-${String(n).padStart(12, "0")}`,
          log,
          kind: fact.kind,
          key: author.person.slice(-12).padStart(43, "k"),
          n,
          dir: "",
          at,
          after: [...after],
          bodyHash: "b".repeat(43),
        },
        body: fact.body,
        salt: "s".repeat(22),
        sig: "g".repeat(86),
        headerText: "",
        bodyText: JSON.stringify(fact.body),
      },
      author,
      receipt:
        more.received === false
          ? undefined
          : { seq: n, receivedAt: more.receivedAt ?? at, marks: more.marks ?? [] },
    });
    heads = [...heads.filter((h) => !after.includes(h)), hash];
    return hash;
  };
  return { log, write, view: () => foldCase(log, inputs) };
}

const personOf = (
  author: Author,
  name: string,
  roles: readonly Role[],
  specialty?: string,
): PersonView => ({
  person: author.person,
  facility: author.facility,
  name,
  title: "BS.",
  certificateNumber: undefined,
  phone: `09${author.person.slice(-8)}`,
  account: name.toLowerCase(),
  roles: roles.map((role) => ({
    role,
    specialty,
    from: "2024-01-01T00:00:00.000Z",
    until: undefined,
  })),
});

const facilityOf = (
  over: Pick<FacilityView, "code" | "name" | "level" | "duty">,
  other: string,
  device: string,
): FacilityView => ({
  ...over,
  shortName: over.name,
  versions: [],
  phone: undefined,
  contracts: [{ contract: "HD-1", with: other, from: "2024-01-01T00:00:00.000Z" }],
  devices: [{ device, name: "PC", disowned: false }],
});

const facilities: readonly FacilityView[] = [
  facilityOf(
    { code: "12913", name: "Trạm Y tế xã Tà Tổng", level: "commune", duty: [] },
    "01901",
    stationDoctor.device,
  ),
  facilityOf(
    {
      code: "01901",
      name: "Bệnh viện Trung ương Sông Hồng",
      level: "central",
      duty: [
        { name: "Trực chung", phone: "024 111" },
        { specialty: "toxicology", name: "Trực chống độc", phone: "024 222" },
        { specialty: "cardiology", name: "Trực tim mạch", phone: "024 333" },
      ],
    },
    "12913",
    specialist.device,
  ),
];

/** Two facilities with a contract, a doctor at each and a coordinator. */
export const twoFacilities: DirectoryView = {
  facilities: new Map(facilities.map((f) => [f.code, f])),
  people: new Map(
    [
      personOf(stationDoctor, "Sua", ["physicianAssistant"]),
      personOf(specialist, "Huy", ["physician"], "toxicology"),
      personOf(coordinator, "Lan", ["coordinator"]),
    ].map((p) => [p.person, p]),
  ),
  keys: new Map(),
  released: new Set(),
};

export interface Bitten {
  readonly case: CaseBuilder;
  readonly question: string;
  readonly request: string;
}

/** The snakebite as far as the request, sent and received. */
export function snakebite(
  sent: Partial<Written> = {},
  { contract }: { readonly contract: string | undefined } = { contract: "HD-1" },
): Bitten {
  const built = caseFor();
  built.write(stationDoctor, {
    kind: "opened",
    body: { number: "TT-1", facility: "12913", mode: "support" },
  });
  built.write(stationDoctor, {
    kind: "summary",
    body: { text: "Rắn cắn chân phải", replaces: [] },
  });
  const question = built.write(stationDoctor, {
    kind: "questionAsked",
    body: { text: "Có chỉ định huyết thanh không?" },
  });
  const request = built.write(
    stationDoctor,
    {
      kind: "requestSent",
      body: {
        to: "01901",
        specialty: "toxicology",
        urgency: "emergency",
        questions: [question],
        ...(contract === undefined ? {} : { contract }),
      },
    },
    sent,
  );
  return { case: built, question, request };
}

export const at = "2026-11-22T16:30:00.000Z";
