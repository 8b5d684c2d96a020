import type { DirectoryBody, DirectoryFact, Role } from "./directoryKinds.ts";
import { directoryFactOf } from "./facts.ts";
import { byReceipt, compareText, orderEntries, withoutRepeats } from "./order.ts";
import type {
  Author,
  DirectoryView,
  FacilityView,
  FoldInput,
  KeyView,
  PersonView,
} from "./view.ts";

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Grant = PersonView["roles"][number];
type Contract = DirectoryBody<"contractAgreed">;

/** One facility's directory while it is being read. */
interface Drawer {
  readonly code: string;
  facility: Writable<Omit<FacilityView, "contracts" | "duty" | "devices">> | undefined;
  readonly contracts: Map<string, Contract>;
  readonly duty: Map<string, DirectoryBody<"dutySet">>;
  readonly devices: Map<string, string>;
  readonly people: Map<string, { person: PersonView; since: string }>;
  readonly keys: Map<string, KeyView>;
  readonly confirmed: Set<string>;
  readonly disownedKeys: Map<string, NonNullable<KeyView["disowned"]>>;
  readonly disownedDevices: Map<string, NonNullable<KeyView["disowned"]>>;
  readonly cloned: Set<string>;
  readonly released: Set<string>;
}

/** Where a fact stands: its entry and the legal time, or the stated one before it was received. */
interface Place {
  readonly entry: string;
  readonly seq: number | undefined;
  readonly time: string;
}

/**
 * All directory logs that are known here, folded; other logs among the inputs are passed over.
 * Whether an author was allowed to write is the server's question on arrival (`mayDirectory`).
 */
export function foldDirectory(inputs: readonly FoldInput[]): DirectoryView {
  return openDirectories().with(inputs).view();
}

/** Directories that grow: what is added reads its own facility's anew and no other. Never changed, only continued. */
export interface Directories {
  /** These and the given ones. */
  readonly with: (inputs: readonly FoldInput[]) => Directories;
  /** As `foldDirectory` of all of them; made when it is first asked for. */
  readonly view: () => DirectoryView;
}

/** None yet. */
export function openDirectories(): Directories {
  return directoriesOf(new Map());
}

/** One facility's entries, and what they say once that was asked. */
interface Shelf {
  readonly inputs: readonly FoldInput[];
  drawer: Drawer | undefined;
}

function directoriesOf(shelves: ReadonlyMap<string, Shelf>): Directories {
  let view: DirectoryView | undefined;
  return {
    with: (inputs) => {
      const grown = new Map(shelves);
      for (const [code, added] of byFacility(inputs)) {
        const known = grown.get(code)?.inputs ?? [];
        grown.set(code, { inputs: [...known, ...added], drawer: undefined });
      }
      return directoriesOf(grown);
    },
    view: () => (view ??= joinDrawers(drawersOf(shelves))),
  };
}

function drawersOf(shelves: ReadonlyMap<string, Shelf>): readonly Drawer[] {
  return [...shelves]
    .sort(([a], [b]) => compareText(a, b))
    .map(([code, shelf]) => (shelf.drawer ??= readDrawer(code, withoutRepeats(shelf.inputs))));
}

function byFacility(inputs: readonly FoldInput[]): ReadonlyMap<string, readonly FoldInput[]> {
  const found = new Map<string, FoldInput[]>();
  for (const input of inputs) {
    const [family, code] = input.entry.header.log.split("/");
    if (family !== "directory" || code === undefined) continue;
    const list = found.get(code) ?? [];
    list.push(input);
    found.set(code, list);
  }
  return found;
}

function readDrawer(code: string, inputs: readonly FoldInput[]): Drawer {
  const drawer = emptyDrawer(code);
  for (const { entry, receipt } of orderEntries(inputs, byReceipt)) {
    const read = directoryFactOf(entry.header.kind, entry.body);
    const time = receipt?.receivedAt ?? entry.header.at;
    if (read.ok) take(drawer, read.fact, { entry: entry.hash, seq: receipt?.seq, time });
  }
  return drawer;
}

function emptyDrawer(code: string): Drawer {
  return {
    code,
    facility: undefined,
    contracts: new Map(),
    duty: new Map(),
    devices: new Map(),
    people: new Map(),
    keys: new Map(),
    confirmed: new Set(),
    disownedKeys: new Map(),
    disownedDevices: new Map(),
    cloned: new Set(),
    released: new Set(),
  };
}

function take(drawer: Drawer, fact: DirectoryFact, place: Place): void {
  switch (fact.kind) {
    case "facilityFounded":
    case "facilityChanged":
      return takeFacility(drawer, fact);
    case "personAdded":
    case "personChanged":
    case "roleGranted":
    case "roleEnded":
      return takePerson(drawer, fact, place);
    case "contractAgreed":
    case "contractEnded":
      return takeContract(drawer, fact);
    case "dutySet":
      drawer.duty.set(`${fact.body.specialty ?? ""}/${fact.body.urgency ?? ""}`, fact.body);
      return;
    default:
      return takeKey(drawer, fact, place);
  }
}

function takeFacility(
  drawer: Drawer,
  fact: Extract<DirectoryFact, { kind: "facilityFounded" | "facilityChanged" }>,
): void {
  const old = drawer.facility;
  if (fact.kind === "facilityFounded") {
    if (old !== undefined) return;
    const { name, shortName, level, phone, from } = fact.body;
    const version = { name, shortName, level, phone, from };
    drawer.facility = { code: drawer.code, name, shortName, level, phone, versions: [version] };
    return;
  }
  if (old === undefined) return;
  const { name, shortName, level, phone, from } = fact.body;
  const now = {
    name: name ?? old.name,
    shortName: shortName ?? old.shortName,
    level: level ?? old.level,
    phone: phone ?? old.phone,
  };
  drawer.facility = { code: drawer.code, ...now, versions: [...old.versions, { ...now, from }] };
}

function takePerson(
  drawer: Drawer,
  fact: Extract<
    DirectoryFact,
    { kind: "personAdded" | "personChanged" | "roleGranted" | "roleEnded" }
  >,
  place: Place,
): void {
  const held = drawer.people.get(fact.body.person);
  if (fact.kind === "personAdded") {
    if (held !== undefined) return;
    const { person, name, title, certificateNumber, phone, account } = fact.body;
    const facility = drawer.code;
    const added = { person, facility, name, title, certificateNumber, phone, account, roles: [] };
    drawer.people.set(person, { person: added, since: place.time });
    return;
  }
  if (held === undefined) return;
  const person = changedPerson(held.person, fact, place);
  drawer.people.set(person.person, { person, since: held.since });
}

function changedPerson(
  old: PersonView,
  fact: Extract<DirectoryFact, { kind: "personChanged" | "roleGranted" | "roleEnded" }>,
  place: Place,
): PersonView {
  switch (fact.kind) {
    case "personChanged":
      return {
        ...old,
        name: fact.body.name ?? old.name,
        title: fact.body.title ?? old.title,
        certificateNumber: fact.body.certificateNumber ?? old.certificateNumber,
        phone: fact.body.phone ?? old.phone,
      };
    case "roleGranted": {
      const { role, specialty, from, until } = fact.body;
      return { ...old, roles: [...old.roles, { role, specialty, from, until }] };
    }
    case "roleEnded": {
      const end = (grant: Grant): Grant =>
        grant.role === fact.body.role
          ? { ...grant, until: earlier(grant.until, place.time) }
          : grant;
      return { ...old, roles: old.roles.map(end) };
    }
  }
}

function earlier(a: string | undefined, b: string): string {
  return a !== undefined && a < b ? a : b;
}

function takeContract(
  drawer: Drawer,
  fact: Extract<DirectoryFact, { kind: "contractAgreed" | "contractEnded" }>,
): void {
  const old = drawer.contracts.get(fact.body.contract);
  if (fact.kind === "contractAgreed") drawer.contracts.set(fact.body.contract, fact.body);
  else if (old !== undefined)
    drawer.contracts.set(old.contract, { ...old, until: earlier(old.until, fact.body.from) });
}

function takeKey(
  drawer: Drawer,
  fact: Extract<
    DirectoryFact,
    {
      kind:
        | "deviceEnrolled"
        | "keyCertified"
        | "keyConfirmed"
        | "keyDisowned"
        | "deviceDisowned"
        | "keyCloned"
        | "entryReleased";
    }
  >,
  { entry, seq }: Place,
): void {
  switch (fact.kind) {
    case "deviceEnrolled":
      drawer.devices.set(fact.body.device, fact.body.name);
      return;
    case "keyCertified": {
      const { key, publicKey, person, device } = fact.body;
      const facility = drawer.code;
      if (drawer.keys.has(key)) return;
      drawer.keys.set(key, {
        key,
        publicKey,
        person,
        device,
        facility,
        confirmed: false,
        disowned: undefined,
        cloned: false,
      });
      return;
    }
    case "keyConfirmed":
      drawer.confirmed.add(fact.body.key);
      return;
    case "keyDisowned":
      if (!drawer.disownedKeys.has(fact.body.key))
        drawer.disownedKeys.set(fact.body.key, { entry, seq });
      return;
    case "deviceDisowned":
      if (!drawer.disownedDevices.has(fact.body.device))
        drawer.disownedDevices.set(fact.body.device, { entry, seq });
      return;
    case "keyCloned":
      drawer.cloned.add(fact.body.key);
      return;
    case "entryReleased":
      drawer.released.add(fact.body.entry);
      return;
  }
}

function joinDrawers(drawers: readonly Drawer[]): DirectoryView {
  const facilities = new Map<string, FacilityView>();
  const keys = new Map<string, KeyView>();
  const released = new Set<string>();
  for (const drawer of drawers) {
    if (drawer.facility !== undefined)
      facilities.set(drawer.code, facilityOf(drawer, drawer.facility));
    // A key belongs to one facility; were it certified by two, the first code has it.
    for (const key of drawer.keys.values())
      if (!keys.has(key.key)) keys.set(key.key, standing(drawer, key));
    for (const entry of drawer.released) released.add(entry);
  }
  return { facilities, people: peopleOf(drawers), keys, released };
}

function facilityOf(drawer: Drawer, facility: NonNullable<Drawer["facility"]>): FacilityView {
  return {
    ...facility,
    contracts: [...drawer.contracts.values()],
    duty: [...drawer.duty.values()],
    devices: [...drawer.devices].map(([device, name]) => ({
      device,
      name,
      disowned: drawer.disownedDevices.has(device),
    })),
  };
}

/** A device that was disowned stays so, whatever was certified on it afterwards. */
function standing(drawer: Drawer, key: KeyView): KeyView {
  return {
    ...key,
    confirmed: drawer.confirmed.has(key.key),
    cloned: drawer.cloned.has(key.key),
    disowned: drawer.disownedKeys.get(key.key) ?? drawer.disownedDevices.get(key.device),
  };
}

/**
 * By person. Should two facilities name the same person (the server refuses it), the bare name is that
 * of the directory that had it first and the other stands under `facility/person`.
 */
function peopleOf(drawers: readonly Drawer[]): ReadonlyMap<string, PersonView> {
  const rows = drawers.flatMap((drawer) => [...drawer.people.values()]);
  rows.sort(
    (a, b) => compareText(a.since, b.since) || compareText(a.person.facility, b.person.facility),
  );
  const people = new Map<string, PersonView>();
  for (const { person } of rows) {
    const taken = people.has(person.person);
    people.set(taken ? `${person.facility}/${person.person}` : person.person, person);
  }
  return people;
}

/** Who a key signs as, disowned or not; undefined where no directory here certified it. */
export function authorOf(directory: DirectoryView, key: string): Author | undefined {
  const known = directory.keys.get(key);
  if (known === undefined) return undefined;
  return { person: known.person, facility: known.facility, device: known.device };
}

/** A person's row at that very facility: never take a row of another one for it. */
export function personAt(
  directory: DirectoryView,
  facility: string,
  person: string,
): PersonView | undefined {
  const row = directory.people.get(person);
  return row?.facility === facility ? row : directory.people.get(`${facility}/${person}`);
}

export interface RolesHeld {
  readonly now: readonly Role[];
  /** Held once, not now. */
  readonly ended: readonly Role[];
}

/** What a person is and was at a facility at that moment. */
export function rolesHeld(
  directory: DirectoryView,
  who: { readonly facility: string; readonly person: string },
  at: string,
): RolesHeld {
  const grants = personAt(directory, who.facility, who.person)?.roles ?? [];
  const now = grants.filter((grant) => isInForce(grant, at)).map((grant) => grant.role);
  const ended = grants
    .filter((grant) => grant.until !== undefined && grant.until <= at && !now.includes(grant.role))
    .map((grant) => grant.role);
  return { now: [...new Set(now)], ended: [...new Set(ended)] };
}

/** Valid from `from`, no longer at `until`. */
export function isInForce(
  row: { readonly from: string; readonly until?: string | undefined },
  at: string,
): boolean {
  return row.from <= at && (row.until === undefined || at < row.until);
}

/**
 * The contract between two facilities that is in force at that moment for that specialty: both
 * directories must name it. The row is the receiving facility's (`to`), whose answer times count.
 */
export function contractInForce(
  directory: DirectoryView,
  between: { readonly from: string; readonly to: string },
  at: string,
  specialty?: string,
): Contract | undefined {
  const rows = (facility: string, other: string): readonly Contract[] =>
    (directory.facilities.get(facility)?.contracts ?? []).filter(
      (row) => row.with === other && isInForce(row, at) && covers(row, specialty),
    );
  const theirs = new Set(rows(between.from, between.to).map((row) => row.contract));
  return rows(between.to, between.from).find((row) => theirs.has(row.contract));
}

function covers(row: Contract, specialty: string | undefined): boolean {
  return (
    specialty === undefined || row.specialties === undefined || row.specialties.includes(specialty)
  );
}

/** A facility's name and level as they were at that moment; the founding ones before it. */
export function facilityAt(
  directory: DirectoryView,
  code: string,
  at: string,
): FacilityView["versions"][number] | undefined {
  const versions = directory.facilities.get(code)?.versions ?? [];
  const past = versions.filter((version) => version.from <= at);
  const latest = past.reduce<(typeof past)[number] | undefined>(
    (best, version) => (best === undefined || version.from >= best.from ? version : best),
    undefined,
  );
  return latest ?? versions[0];
}
