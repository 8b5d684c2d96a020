import type { CaseView, DirectoryView } from "@lientuyen/record";
import { describe, expect, it } from "vitest";
import {
  at,
  coordinator,
  snakebite,
  specialist,
  stationDoctor,
  twoFacilities,
} from "./caseFor.test-builder.ts";
import { contractLaterOf } from "./contractLater.ts";

/** The same two facilities, with nothing agreed between them. */
const noContracts: DirectoryView = {
  ...twoFacilities,
  facilities: new Map(
    [...twoFacilities.facilities].map(([code, one]) => [code, { ...one, contracts: [] }]),
  ),
};

const stateOf = (view: CaseView, actor = coordinator, directory = twoFacilities) => {
  const [request] = view.requests;
  if (request === undefined) throw new Error("no request");
  return contractLaterOf({ actor, view, directory, at }, request);
};

/** An emergency as the server takes it in without a contract. */
const marked = () => snakebite({ marks: ["noContract"] }, { contract: undefined });

describe("the contract of an emergency", () => {
  it("is asked for only where the request was marked", () => {
    expect(stateOf(snakebite().case.view())).toEqual({ was: "there" });
    expect(stateOf(marked().case.view())).toEqual({ was: "missing", nameable: ["HD-1"] });
  });
  it("may be named by those whom the record allows, on either side", () => {
    const view = marked().case.view();
    expect(stateOf(view, specialist)).toMatchObject({ nameable: ["HD-1"] });
    expect(stateOf(view, stationDoctor)).toMatchObject({ nameable: [] });
  });
  it("cannot be named while there is none in force", () => {
    expect(stateOf(marked().case.view(), coordinator, noContracts)).toMatchObject({ nameable: [] });
  });
  it("is shown once it was named", () => {
    const { case: built, request } = marked();
    built.write(coordinator, { kind: "contractNamed", body: { request, contract: "HD-1" } });
    expect(stateOf(built.view())).toEqual({ was: "named", contract: "HD-1" });
  });
});
