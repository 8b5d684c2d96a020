import { describe, expect, it } from "vitest";
import { caseActs, requestActs } from "./acts.ts";
import {
  at,
  coordinator,
  snakebite,
  specialist,
  stationDoctor,
  twoFacilities,
} from "./caseFor.test-builder.ts";
import type { Author, CaseView } from "@lientuyen/record";

const standing = (actor: Author, view: CaseView) => ({ actor, view, directory: twoFacilities, at });
const actsOf = (actor: Author, view: CaseView) => {
  const [request] = view.requests;
  if (request === undefined) throw new Error("no request");
  return requestActs(standing(actor, view), request);
};

describe("acts on a request", () => {
  it("offers the specialist what the asked side may do, and nothing of the sender's", () => {
    const acts = actsOf(specialist, snakebite().case.view());
    expect(acts).toMatchObject({
      accept: true,
      answer: true,
      recommend: true,
      askInformation: true,
      decline: true,
    });
    expect(acts).toMatchObject({ allocate: false, withdraw: false });
  });
  it("offers the coordinator to allocate, send on and decline, not to answer", () => {
    const acts = actsOf(coordinator, snakebite().case.view());
    expect(acts).toMatchObject({
      allocate: true,
      sendOn: true,
      decline: true,
      answer: false,
      accept: false,
    });
  });
  it("offers the sender to withdraw and to say that it got worse", () => {
    const acts = actsOf(stationDoctor, snakebite().case.view());
    expect(acts).toMatchObject({
      withdraw: true,
      changeUrgency: true,
      accept: false,
      answer: false,
    });
  });
  it("offers nothing on a request that was withdrawn", () => {
    const { case: built, request } = snakebite();
    built.write(stationDoctor, { kind: "requestWithdrawn", body: { request, reason: "tự đỡ" } });
    expect(Object.values(actsOf(specialist, built.view())).every((may) => !may)).toBe(true);
  });
  it("does not offer what would only be taken in with a mark", () => {
    const { case: built, request } = snakebite();
    const head = built.view().requests[0]?.head ?? "";
    built.write(specialist, {
      kind: "declined",
      body: { request, reason: "ngoài khả năng", expects: head },
    });
    expect(caseActs(standing(specialist, built.view()))).toMatchObject({
      addNote: false,
      message: false,
    });
  });
});

describe("acts on the case", () => {
  it("lets the requesting side decide once there is a recommendation", () => {
    const { case: built, request } = snakebite();
    expect(caseActs(standing(stationDoctor, built.view())).decide).toBe(false);
    built.write(specialist, {
      kind: "recommendationMade",
      body: { request, text: "Bất động chi", replaces: [] },
    });
    expect(caseActs(standing(stationDoctor, built.view())).decide).toBe(true);
    expect(caseActs(standing(specialist, built.view())).decide).toBe(false);
  });
  it("offers to reopen what is closed, and to close what is open", () => {
    const { case: built } = snakebite();
    expect(caseActs(standing(stationDoctor, built.view()))).toMatchObject({
      close: true,
      reopen: false,
    });
    built.write(stationDoctor, { kind: "closed", body: {} });
    expect(caseActs(standing(stationDoctor, built.view()))).toMatchObject({
      close: false,
      reopen: true,
      addNote: false,
    });
  });
});
