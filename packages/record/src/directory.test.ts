import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  authorAt,
  central,
  DirectoryBuilder,
  hashOf,
  inputOf,
  long,
  momentAt,
  now,
  station,
  uuidOf,
} from "./caseBuilder.fixture.ts";
import {
  authorOf,
  contractInForce,
  directoryBodies,
  facilityAt,
  foldDirectory,
  mayDirectory,
  openDirectories,
  personAt,
  rolesHeld,
  type Author,
  type DirectoryBody,
  type DirectoryFact,
  type DirectoryKind,
  type FoldInput,
  type Role,
} from "./index.ts";

const dung = authorAt(station, "Dung");
const sua = authorAt(station, "Sua");
const long24 = authorAt(central, "Long");
const publicKey = "B".repeat(86) + "A";
const keyOf = (name: string): string => hashOf(`key ${name}`);

function twoFacilities(): DirectoryBuilder {
  const builder = new DirectoryBuilder();
  builder.facility(station);
  builder.facility(central, "central");
  builder.person(dung, "itAdministrator");
  builder.person(sua, "physicianAssistant");
  builder.person(long24, "itAdministrator");
  for (const [name, author] of [
    ["Dung", dung],
    ["Sua", sua],
  ] as const) {
    const { person, device } = author;
    builder.write(station, "deviceEnrolled", { device, name: `Máy ${name}` });
    builder.write(station, "keyCertified", { key: keyOf(name), publicKey, person, device });
  }
  return builder;
}

describe("I32 directories fold to the same view, and rights stay where they were given", () => {
  it("I32 property: any order of arrival, with repeats", () => {
    const builder = twoFacilities();
    builder.contract(station, central);
    builder.write(station, "roleEnded", { person: sua.person, role: "physicianAssistant" });
    builder.write(station, "keyDisowned", { key: keyOf("Sua"), reason: "mất máy" });
    const view = builder.view();
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...builder.inputs, ...builder.inputs], {
          minLength: builder.inputs.length * 2,
        }),
        (inputs) => {
          expect(foldDirectory(inputs)).toEqual(view);
        },
      ),
    );
  });
  it("I32 property: grown piece by piece, and looked at in between, it is the same", () => {
    const builder = twoFacilities();
    builder.contract(station, central);
    builder.write(station, "roleEnded", { person: sua.person, role: "physicianAssistant" });
    builder.write(central, "keyDisowned", { key: keyOf("Sua"), reason: "r" });
    const { inputs } = builder;
    fc.assert(
      fc.property(fc.array(fc.nat(inputs.length - 1), { maxLength: 12 }), (cuts) => {
        const ends = [...cuts.sort((a, b) => a - b), inputs.length];
        let grown = openDirectories();
        ends.forEach((end, at) => {
          const before = grown;
          grown = grown.with(inputs.slice(ends[at - 1] ?? 0, end));
          const seen = inputs.slice(0, ends[at - 1] ?? 0);
          expect(before.view()).toEqual(foldDirectory(seen));
        });
        expect(grown.view()).toEqual(foldDirectory(inputs));
        expect([...grown.view().keys.keys()]).toEqual([...foldDirectory(inputs).keys.keys()]);
      }),
    );
  });
  it("I32 property: total on bodies that are nothing of their kind", () => {
    const kind = fc.constantFrom(...Object.keys(directoryBodies), "fromTheFuture");
    fc.assert(
      fc.property(fc.array(fc.tuple(kind, fc.dictionary(fc.string(), fc.jsonValue()))), (facts) => {
        const inputs: FoldInput[] = facts.map(([name, body], minute) =>
          inputOf({
            log: `directory/${station}`,
            kind: name,
            body,
            author: undefined,
            after: [],
            minute,
            seq: minute + 1,
          }),
        );
        expect(foldDirectory(inputs).people.size).toBe(0);
      }),
    );
  });
  it("I32 a key signs as its person at its facility; an unknown one as nobody", () => {
    const view = twoFacilities().view();
    expect(authorOf(view, keyOf("Sua"))).toEqual(sua);
    expect(authorOf(view, keyOf("nobody"))).toBeUndefined();
  });
  it("I32 a key that the server saw on two machines is cloned, by its own facility's directory", () => {
    const builder = twoFacilities();
    builder.write(central, "keyCloned", { key: keyOf("Sua") });
    expect(builder.view().keys.get(keyOf("Sua"))?.cloned).toBe(false);
    builder.write(station, "keyCloned", { key: keyOf("Sua") });
    expect(builder.view().keys.get(keyOf("Sua"))?.cloned).toBe(true);
  });
  it("I32 confirmed, disowned, released", () => {
    const builder = twoFacilities();
    expect(builder.view().keys.get(keyOf("Sua"))).toMatchObject({
      confirmed: false,
      disowned: undefined,
    });
    builder.write(station, "keyConfirmed", { key: keyOf("Sua") });
    builder.write(station, "entryReleased", { entry: hashOf("e"), reason: "r" });
    const entry = builder.write(station, "deviceDisowned", {
      device: sua.device,
      reason: "mất trộm",
    });
    expect(builder.view().keys.get(keyOf("Sua"))).toMatchObject({
      confirmed: true,
      disowned: { entry },
    });
    expect(builder.view().keys.get(keyOf("Dung"))?.disowned).toBeUndefined();
    expect(builder.view().released.has(hashOf("e"))).toBe(true);
    const late = { key: keyOf("late"), publicKey, person: sua.person, device: sua.device };
    builder.write(station, "keyCertified", late);
    expect(builder.view().keys.get(keyOf("late"))?.disowned).toMatchObject({ entry });
  });
  it("I32 roles hold from their first moment until their last, and end when that was received", () => {
    const builder = new DirectoryBuilder();
    builder.facility(station);
    const { person } = sua;
    builder.write(station, "personAdded", { person, name: "Vàng Thị Sua", account: "sua" });
    builder.write(station, "roleGranted", {
      person,
      role: "physician",
      from: momentAt(0),
      until: momentAt(10),
    });
    builder.write(station, "roleGranted", { person, role: "nurse", from: long });
    const at = (minute: number) => rolesHeld(builder.view(), sua, momentAt(minute));
    expect(at(-1)).toEqual({ now: ["nurse"], ended: [] });
    expect(at(0).now).toEqual(["physician", "nurse"]);
    expect(at(10)).toEqual({ now: ["nurse"], ended: ["physician"] });
    builder.write(station, "roleEnded", { person, role: "nurse" });
    expect(at(10)).toEqual({ now: [], ended: ["physician", "nurse"] });
  });
  it("I32 a role that was ended may be granted again", () => {
    const builder = new DirectoryBuilder();
    builder.facility(station);
    builder.person(sua, "nurse");
    builder.write(station, "roleEnded", { person: sua.person, role: "nurse" });
    expect(rolesHeld(builder.view(), sua, now).now).toEqual([]);
    builder.write(station, "roleGranted", { person: sua.person, role: "nurse", from: long });
    expect(rolesHeld(builder.view(), sua, now)).toEqual({ now: ["nurse"], ended: [] });
  });
  it("I32 a facility that names another's person gives nobody rights elsewhere", () => {
    const builder = twoFacilities();
    const name = "Kẻ giả";
    builder.write(central, "personAdded", { person: sua.person, name, account: "x" });
    builder.write(central, "roleGranted", { person: sua.person, role: "facilityHead", from: long });
    const view = builder.view();
    expect(rolesHeld(view, sua, now).now).toEqual(["physicianAssistant"]);
    expect(personAt(view, station, sua.person)?.name).toBe("Người");
    expect(personAt(view, central, sua.person)?.name).toBe(name);
    expect(view.people.get(sua.person)?.facility).toBe(station);
  });
  it("I32 names and levels have their days; contracts end", () => {
    const builder = twoFacilities();
    builder.write(central, "facilityChanged", {
      name: "Tên mới",
      level: "provincial",
      from: momentAt(10),
    });
    const view = builder.view();
    expect(facilityAt(view, central, momentAt(9))).toMatchObject({ level: "central" });
    expect(facilityAt(view, central, momentAt(10))).toMatchObject({
      name: "Tên mới",
      level: "provincial",
    });
    expect(facilityAt(view, central, "2000-01-01T00:00:00.000Z")).toMatchObject({
      level: "central",
    });
    builder.contract(station, central, { answerWithinMinutes: { urgent: 30 } });
    const between = { from: station, to: central };
    expect(contractInForce(builder.view(), between, now)?.answerWithinMinutes).toEqual({
      urgent: 30,
    });
  });
});

/** I33's table: who of the facility may, by role; the rest of the conditions below. */
const both: readonly Role[] = ["itAdministrator", "facilityHead"];
const administrator: readonly Role[] = ["itAdministrator"];
const writers: { readonly [K in DirectoryKind]: readonly Role[] } = {
  facilityFounded: [],
  deviceEnrolled: [],
  keyCertified: [],
  keyCloned: [],
  facilityChanged: both,
  contractAgreed: both,
  contractEnded: both,
  dutySet: both,
  personAdded: administrator,
  personChanged: administrator,
  roleGranted: administrator,
  roleEnded: administrator,
  keyConfirmed: administrator,
  keyDisowned: administrator,
  deviceDisowned: administrator,
  entryReleased: administrator,
};
const bodies: { readonly [K in DirectoryKind]: DirectoryBody<K> } = {
  facilityFounded: { code: station, name: "n", shortName: "n", level: "commune", from: long },
  deviceEnrolled: { device: uuidOf("d"), name: "n" },
  keyCertified: { key: keyOf("x"), publicKey, person: sua.person, device: sua.device },
  facilityChanged: { name: "n", from: long },
  contractAgreed: { contract: "c", with: central, from: long },
  contractEnded: { contract: "c", from: long, reason: "r" },
  dutySet: { name: "Trực", phone: "0912" },
  personAdded: { person: uuidOf("new"), name: "n", account: "a" },
  personChanged: { person: sua.person, name: "n" },
  roleGranted: { person: sua.person, role: "nurse", from: long },
  roleEnded: { person: sua.person, role: "nurse" },
  keyConfirmed: { key: keyOf("Sua") },
  keyCloned: { key: keyOf("Sua") },
  keyDisowned: { key: keyOf("Sua"), reason: "r" },
  deviceDisowned: { device: sua.device, reason: "r" },
  entryReleased: { entry: hashOf("e"), reason: "r" },
};
const factOf = (kind: DirectoryKind): DirectoryFact =>
  ({ kind, body: bodies[kind] }) as DirectoryFact;
const allRoles: readonly Role[] = [
  "physician",
  "physicianAssistant",
  "nurse",
  "coordinator",
  "departmentHead",
  "facilityHead",
  "itAdministrator",
];
const refused = (why: string) => ({ verdict: "no", why });

describe("I33 a directory is written by its own facility's administrator", () => {
  const builder = twoFacilities();
  const someone = (role: Role): Author => authorAt(station, `as ${role}`);
  for (const role of allRoles) builder.person(someone(role), role);
  const directory = builder.view();
  const ask = (actor: Author, fact: DirectoryFact, releasing?: Author) =>
    mayDirectory(actor, fact, station, directory, now, releasing);
  const kinds = Object.keys(directoryBodies) as DirectoryKind[];
  it.each(kinds)("I33 %s by every role", (kind) => {
    for (const role of allRoles) {
      const yes = writers[kind].includes(role);
      expect([role, ask(someone(role), factOf(kind))]).toEqual([
        role,
        yes ? { verdict: "yes", marks: [] } : refused("role_forbids"),
      ]);
    }
    expect(ask(long24, factOf(kind))).toEqual(refused("strangers_case"));
  });
  it("I33 nobody confirms the key that they sign with; their other device does, the administrator does", () => {
    const confirm: DirectoryFact = { kind: "keyConfirmed", body: { key: keyOf("Sua") } };
    expect(ask(sua, confirm)).toEqual(refused("role_forbids"));
    expect(ask({ ...sua, device: uuidOf("phone") }, confirm).verdict).toBe("yes");
    expect(ask(dung, confirm).verdict).toBe("yes");
    expect(ask(dung, { kind: "keyConfirmed", body: { key: keyOf("Dung") } })).toEqual(
      refused("role_forbids"),
    );
  });
  it("I33 one's own keys one may disown, and release what one wrote", () => {
    expect(
      ask(sua, { kind: "keyDisowned", body: { key: keyOf("Sua"), reason: "r" } }).verdict,
    ).toBe("yes");
    expect(ask(sua, { kind: "keyDisowned", body: { key: keyOf("Dung"), reason: "r" } })).toEqual(
      refused("role_forbids"),
    );
    expect(ask(sua, factOf("entryReleased"), sua).verdict).toBe("yes");
    expect(ask(sua, factOf("entryReleased"), dung)).toEqual(refused("role_forbids"));
  });
  it("I33 the last administrator stays; a person is added once; what is named must be known", () => {
    const alone = twoFacilities();
    const end = (person: string): DirectoryFact => ({
      kind: "roleEnded",
      body: { person, role: "itAdministrator" },
    });
    const askAlone = (fact: DirectoryFact) => mayDirectory(dung, fact, station, alone.view(), now);
    expect(askAlone(end(dung.person))).toEqual(refused("wrong_state"));
    expect(ask(dung, end(dung.person)).verdict).toBe("yes");
    expect(
      askAlone({ kind: "personAdded", body: { person: long24.person, name: "n", account: "a" } }),
    ).toEqual(refused("wrong_state"));
    expect(
      askAlone({ kind: "roleGranted", body: { person: long24.person, role: "nurse", from: long } }),
    ).toEqual(refused("unknown_person"));
    expect(
      askAlone({ kind: "contractAgreed", body: { contract: "c", with: "99999", from: long } }),
    ).toEqual(refused("unknown_facility"));
    expect(
      askAlone({ kind: "contractAgreed", body: { contract: "c", with: station, from: long } }),
    ).toEqual(refused("bad_body"));
    expect(askAlone({ kind: "keyDisowned", body: { key: keyOf("nobody"), reason: "r" } })).toEqual(
      refused("retry_later"),
    );
    expect(
      askAlone({ kind: "deviceDisowned", body: { device: uuidOf("none"), reason: "r" } }),
    ).toEqual(refused("retry_later"));
  });
});
