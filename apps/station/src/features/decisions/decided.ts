import type { CaseBody, Fact, RecommendationView, RequestView } from "@lientuyen/record";

/** Where a recommendation stands with the side that asked. */
export type Decided =
  | { readonly state: "undecided" }
  | { readonly state: "decided"; readonly decision: Fact<CaseBody<"decisionMade">> }
  /** Decisions that crossed: both stay until a person resolves it. */
  | { readonly state: "crossed"; readonly decisions: readonly Fact<CaseBody<"decisionMade">>[] };

export function decidedOn(recommendation: RecommendationView): Decided {
  const [first, ...others] = recommendation.decisions;
  if (first === undefined) return { state: "undecided" };
  return others.length === 0
    ? { state: "decided", decision: first }
    : { state: "crossed", decisions: recommendation.decisions };
}

/** Recommendations of all requests that still want a decision. */
export function undecided(requests: readonly RequestView[]): readonly RecommendationView[] {
  return requests.flatMap((r) => r.recommendations).filter((r) => decidedOn(r).state !== "decided");
}

export interface DecisionDraft {
  readonly decision: "accept" | "change" | "decline";
  readonly text: string;
  readonly reason: string;
}

export type DecisionLack = "text" | "reason";

/** What a decision still lacks: a change says what is done instead and why, a refusal says why. */
export function lacks(draft: DecisionDraft): DecisionLack | undefined {
  if (draft.decision === "accept") return undefined;
  if (draft.decision === "change" && draft.text.trim() === "") return "text";
  return draft.reason.trim() === "" ? "reason" : undefined;
}

export function decisionBody(
  recommendation: RecommendationView,
  draft: DecisionDraft,
): CaseBody<"decisionMade"> {
  const text = draft.text.trim();
  const reason = draft.reason.trim();
  return {
    recommendation: recommendation.hash,
    decision: draft.decision,
    ...(draft.decision === "change" ? { text } : {}),
    ...(reason === "" ? {} : { reason }),
    replaces: recommendation.decisions.map((d) => d.hash),
  };
}
