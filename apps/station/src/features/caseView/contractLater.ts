import { contractInForce, type RequestView } from "@lientuyen/record";
import { allows, type Standing } from "./acts.ts";

/** What is known of the contract of a request that went as an emergency without one. */
type ContractLater =
  | { readonly was: "there" }
  | { readonly was: "missing"; readonly nameable: readonly string[] }
  | { readonly was: "named"; readonly contract: string };

/** Decree 96/2023 art. 87: care in an emergency does not wait for the contract; the contract is named afterwards. */
export function contractLaterOf(standing: Standing, request: RequestView): ContractLater {
  if (request.sent.receipt?.marks.includes("noContract") !== true) return { was: "there" };
  if (request.contract !== undefined) return { was: "named", contract: request.contract };
  const { view, directory, at } = standing;
  const from = request.sent.author?.facility ?? view.facility;
  const ends = [request, request.sent.body];
  const found = ends.flatMap(({ to, specialty }) => {
    const contract = contractInForce(directory, { from, to }, at, specialty)?.contract;
    return contract === undefined ? [] : [contract];
  });
  return {
    was: "missing",
    nameable: [...new Set(found)].filter((contract) =>
      allows(standing, { kind: "contractNamed", body: { request: request.hash, contract } }),
    ),
  };
}
