import type { CaseBody, Identity, Urgency } from "@lientuyen/record";

/** A case as it is told here: how it was opened and asked, then what happened, each so many minutes after the last. */
export interface SeedCase {
  /** Account of who opened it. */
  readonly by: string;
  /** How long ago it was opened. */
  readonly openedMinutesAgo: number;
  readonly patient: Identity | { readonly notYetKnown: string };
  readonly history?: string;
  readonly allergies?: string;
  readonly medicines?: string;
  /** Readings by sign, e.g. `{ pulse: 88, systolic: 130 }`. */
  readonly vitals?: Readonly<Record<string, number>>;
  readonly examination?: string;
  readonly diagnosis?: { readonly text: string; readonly icd10?: string };
  readonly summary?: string;
  /** Pictures that are drawn, one for each caption. */
  readonly pictures?: readonly { readonly caption: string; readonly motif: Motif }[];
  readonly questions?: readonly string[];
  readonly request?: { readonly to: string; readonly specialty: string; readonly urgency: Urgency };
  readonly then?: readonly Step[];
}

export type Motif = "skin" | "wound" | "film" | "trace" | "paper";

interface Told {
  readonly by: string;
  readonly after: number;
}

/** Questions and recommendations are named by their place in the case, from 0. */
export type Step = Told &
  (
    | { readonly act: "see" | "accept" }
    | { readonly act: "allocate"; readonly to: string }
    | {
        readonly act: "sendOn";
        readonly to: string;
        readonly specialty: string;
        readonly reason: string;
      }
    | { readonly act: "decline" | "withdraw"; readonly reason: string }
    | { readonly act: "worse"; readonly urgency: Urgency; readonly reason: string }
    | { readonly act: "say"; readonly text: string }
    | { readonly act: "ask"; readonly text: string }
    | { readonly act: "recommend"; readonly text: string }
    | { readonly act: "note"; readonly text: string }
    | {
        readonly act: "opine";
        readonly question: number;
        readonly text: string;
        readonly confidence: CaseBody<"opinionGiven">["confidence"];
      }
    | {
        readonly act: "decide";
        readonly recommendation: number;
        readonly decision: CaseBody<"decisionMade">["decision"];
        readonly text?: string;
        readonly reason?: string;
      }
    | { readonly act: "handOver"; readonly facility: string; readonly text: string }
    | { readonly act: "telephone"; readonly with: string; readonly text: string }
    | { readonly act: "measure"; readonly vitals: Readonly<Record<string, number>> }
    | {
        readonly act: "outcome";
        readonly result: CaseBody<"outcomeTold">["result"];
        readonly text: string;
      }
    | { readonly act: "close" }
  );
