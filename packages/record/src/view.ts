import type { CaseBody, FileRef, Urgency } from "./caseKinds.ts";
import type { Header, Mark } from "./entry.ts";
import type { DirectoryBody, Level, Role } from "./directoryKinds.ts";
import type { Identity, Sex } from "./identity.ts";

/** Who wrote an entry, read from the certificate of its key, never from a field. */
export interface Author {
  readonly person: string;
  readonly facility: string;
  readonly device: string;
}

/** An entry after parsing: `proof` is what the browser could show by itself. */
export interface ParsedEntry {
  readonly hash: string;
  readonly header: Header;
  /** The body as an unknown JSON value; undefined where withheld. */
  readonly body: unknown;
  readonly salt: string | undefined;
  readonly sig: string;
  readonly headerText: string;
  readonly bodyText: string | undefined;
}

export interface ReceivedMeta {
  readonly seq: number;
  readonly receivedAt: string;
  readonly marks: readonly Mark[];
}

/** What fold takes: an entry, its author by certificate (if known) and its receipt (if any yet). */
export interface FoldInput {
  readonly entry: ParsedEntry;
  readonly author: Author | undefined;
  readonly receipt: ReceivedMeta | undefined;
}

/** Where a shown fact comes from. */
export interface Source {
  readonly hash: string;
  readonly author: Author | undefined;
  /** The author's clock. */
  readonly at: string;
  readonly receipt: ReceivedMeta | undefined;
  /** Hash of the correction that replaced the body, if any. */
  readonly correctedBy: string | undefined;
}

export interface Fact<B> extends Source {
  readonly body: B;
}

/** A text with versions: `heads` are the versions nothing replaces; more than one = diverged, both stay. */
export interface Versions<B> {
  readonly heads: readonly Fact<B>[];
  readonly diverged: boolean;
}

export type RequestState =
  | "sent" // arrived or on its way; nobody took it
  | "allocated"
  | "accepted"
  | "answering" // at least one opinion or recommendation
  | "answered" // every question has an opinion
  | "declined"
  | "sentOn" // continued by another request state at another facility: see `to`
  | "withdrawn";

export interface RequestView {
  readonly sent: Fact<CaseBody<"requestSent">>;
  readonly hash: string;
  readonly state: RequestState;
  /** Facility, specialty and urgency now (after sent on, urgency changed). */
  readonly to: string;
  readonly specialty: string;
  readonly urgency: Urgency;
  readonly worse: boolean;
  /** Contract that it hangs on; of an emergency without one, as named later. */
  readonly contract: string | undefined;
  /** Facilities that had it and sent it on. */
  readonly formerTo: readonly string[];
  readonly allocatedTo: string | undefined;
  readonly acceptedBy: Author | undefined;
  /** Entry that last changed this request: what the next exclusive act `expects`. */
  readonly head: string;
  /** Questions it carries, and for each the opinions' heads (several = dissent or divergence; all kept). */
  readonly questions: readonly {
    readonly question: Fact<CaseBody<"questionAsked">>;
    readonly opinions: readonly Fact<CaseBody<"opinionGiven">>[];
  }[];
  readonly recommendations: readonly RecommendationView[];
  readonly informationAsked: readonly Fact<CaseBody<"informationAsked">>[];
  readonly seenBy: readonly Source[];
  readonly specialistsAsked: readonly Fact<CaseBody<"specialistAsked">>[];
  /** Every change of state with its fact, in fold order, for the timeline and the sender's strip. */
  readonly steps: readonly {
    readonly state: RequestState | "seen" | "urgencyChanged";
    readonly source: Source;
    readonly reason: string | undefined;
  }[];
}

export interface RecommendationView {
  readonly hash: string;
  readonly fact: Fact<CaseBody<"recommendationMade">>;
  readonly request: string;
  /** Several heads = decisions crossed: a conflict until a person resolves it. */
  readonly decisions: readonly Fact<CaseBody<"decisionMade">>[];
}

export interface FileView extends Fact<CaseBody<"fileAdded">> {
  readonly file: FileRef;
  /** The full original, once its own entry is there. */
  readonly original: Fact<CaseBody<"fileAdded">> | undefined;
  /** A better take replaced it. */
  readonly retakenBy: string | undefined;
}

export interface Conflict {
  /** exclusive: the first entry has it, the others came too late. correction, patient: crossed, the last in order is shown. */
  readonly about: "decision" | "closing" | "exclusive" | "correction" | "patient";
  readonly entries: readonly string[];
}

/** Everything a screen shows of a case, derived from its entries alone. */
export interface CaseView {
  readonly log: string;
  /** False until the `opened` entry is there. */
  readonly known: boolean;
  readonly number: string;
  readonly facility: string;
  readonly openedAt: string;
  readonly patient:
    | { readonly state: "none" }
    | {
        readonly state: "notYetKnown";
        readonly description: string | undefined;
        readonly sex: Sex | undefined;
        readonly ageYears: number | undefined;
        readonly source: Source;
      }
    | {
        readonly state: "known";
        readonly log: string;
        readonly identity: Identity;
        readonly source: Source;
      };
  readonly consent: Fact<CaseBody<"consentRecorded">> | undefined;
  readonly recordingConsent: Fact<CaseBody<"recordingConsent">> | undefined;
  readonly history: Versions<CaseBody<"historyTaken">>;
  readonly allergiesAndMedicines: Versions<CaseBody<"allergiesAndMedicines">>;
  readonly vitalSigns: readonly Fact<CaseBody<"vitalSigns">>[];
  readonly examination: Versions<CaseBody<"examination">>;
  readonly diagnosis: Versions<CaseBody<"diagnosis">>;
  readonly summary: Versions<CaseBody<"summary">>;
  readonly notes: readonly Fact<CaseBody<"note">>[];
  readonly files: readonly FileView[];
  readonly questions: readonly Fact<CaseBody<"questionAsked">>[];
  readonly requests: readonly RequestView[];
  /** Messages, information asked for and telephone agreements, in fold order. */
  readonly conversation: readonly (
    | (Fact<CaseBody<"messageSent">> & { readonly type: "message" })
    | (Fact<CaseBody<"informationAsked">> & { readonly type: "informationAsked" })
    | (Fact<CaseBody<"agreedByTelephone">> & { readonly type: "agreedByTelephone" })
  )[];
  readonly handOvers: readonly Fact<CaseBody<"handedOver">>[];
  readonly outcomes: readonly Fact<CaseBody<"outcomeTold">>[];
  readonly state: "open" | "closed";
  readonly conflicts: readonly Conflict[];
  /** Every entry in fold order, known kind or not, withheld or not: the timeline. */
  readonly entries: readonly TimelineEntry[];
  /** Entry hashes that nothing names in `after`: what the next entry's `after` holds. */
  readonly heads: readonly string[];
  /** `after` hashes that are not here. */
  readonly missing: readonly string[];
}

export interface TimelineEntry extends Source {
  readonly id: string;
  readonly kind: string;
  /** False for a kind this version does not know, or a body that is not of its kind: shown as such. */
  readonly understood: boolean;
  readonly body: unknown;
  readonly withheld: { readonly by: string; readonly ground: string } | undefined;
}

/** A person's standing at a facility, now and before: rows have from/until. */
export interface PersonView {
  readonly person: string;
  readonly facility: string;
  readonly name: string;
  readonly title: string | undefined;
  readonly certificateNumber: string | undefined;
  readonly phone: string | undefined;
  readonly account: string;
  readonly roles: readonly {
    readonly role: Role;
    readonly specialty: string | undefined;
    readonly from: string;
    readonly until: string | undefined;
  }[];
}

export interface KeyView {
  readonly key: string;
  readonly publicKey: string;
  readonly person: string;
  readonly device: string;
  readonly facility: string;
  readonly confirmed: boolean;
  /** Hash of the entry that disowned it (or its device), with that entry's seq. */
  readonly disowned: { readonly entry: string; readonly seq: number | undefined } | undefined;
  /** The server has seen it used on two machines. */
  readonly cloned: boolean;
}

export interface FacilityView {
  readonly code: string;
  /** Names and levels with the day from which each holds, in the order written: see `facilityAt`. */
  readonly versions: readonly {
    readonly name: string;
    readonly shortName: string;
    readonly level: Level;
    readonly phone: string | undefined;
    readonly from: string;
  }[];
  readonly name: string;
  readonly shortName: string;
  readonly level: Level;
  readonly phone: string | undefined;
  readonly contracts: readonly DirectoryBody<"contractAgreed">[];
  readonly duty: readonly DirectoryBody<"dutySet">[];
  readonly devices: readonly {
    readonly device: string;
    readonly name: string;
    readonly disowned: boolean;
  }[];
}

/** All directories that are known here, folded. */
export interface DirectoryView {
  readonly facilities: ReadonlyMap<string, FacilityView>;
  readonly people: ReadonlyMap<string, PersonView>;
  readonly keys: ReadonlyMap<string, KeyView>;
  readonly released: ReadonlySet<string>;
}
