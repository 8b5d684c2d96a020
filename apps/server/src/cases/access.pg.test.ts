import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { CaseFact } from "@lientuyen/record";
import {
  central,
  otherStation,
  province,
  startNetwork,
  station,
  uuid,
  wholeFeed,
  type Client,
  type Network,
  type Pen,
} from "../test/network.ts";

const facilities = [station, province, central, otherStation] as const;
type Facility = (typeof facilities)[number];

let network: Network;
const pens = new Map<Facility, Pen>();
const clients = new Map<Facility, Client>();
const penOf = (facility: Facility): Pen => {
  const pen = pens.get(facility);
  if (pen === undefined) throw new Error(facility);
  return pen;
};
const clientOf = (facility: Facility): Client => {
  const client = clients.get(facility);
  if (client === undefined) throw new Error(facility);
  return client;
};

beforeAll(async () => {
  network = await startNetwork();
  for (const facility of facilities) {
    const account = `p${facility}`;
    pens.set(facility, await network.person(account, facility, ["physician", "facilityHead"]));
    clients.set(facility, await network.signIn(account));
  }
});
afterAll(() => network.close());

interface Play {
  readonly log: string;
  readonly id: string;
  readonly number: string;
  readonly file: string;
  readonly write: (facility: Facility, fact: CaseFact) => Promise<string>;
}

const content = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(60, 7)]);
const file = createHash("sha256").update(content).digest("base64url");

/** A case with a picture in it, before anything is sent. */
const begin = async (): Promise<Play> => {
  const id = uuid();
  const log = `case/${id}`;
  const number = `S${id.slice(-8)}`;
  const write = async (facility: Facility, fact: CaseFact): Promise<string> => {
    const { signed, hash } = await penOf(facility).fact(log, fact);
    const [answer] = await clientOf(facility).append(signed);
    expect(answer, `${fact.kind} by ${facility}: ${JSON.stringify(answer)}`).toMatchObject({
      answer: "received",
    });
    return hash;
  };
  await write(station, { kind: "opened", body: { number, facility: station, mode: "support" } });
  await write(station, {
    kind: "fileAdded",
    body: { file: { hash: file, size: content.length, type: "image/jpeg" }, role: "photo" },
  });
  await network.query(
    "insert into file (log, hash, size, type, facility, stored_at) values ($1, $2, $3, 'image/jpeg', $4, '2026-01-01T00:00:00.000Z')",
    [log, file, content.length, station],
  );
  await putOnDisk(id);
  return { log, id, number, file, write };
};

const putOnDisk = async (id: string): Promise<void> => {
  const folder = `${network.folder}/files/cases/${id}`;
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}/${file}`, content);
};

const request = (to: Facility, urgency: "urgent" | "emergency" = "urgent"): CaseFact => ({
  kind: "requestSent",
  body: { to, specialty: "toxicology", urgency, questions: [] },
});
const decline = (of: string, expects = of): CaseFact => ({
  kind: "declined",
  body: { request: of, reason: "hết chỗ", expects },
});
const sendOn = (of: string, to: Facility, expects = of): CaseFact => ({
  kind: "sentOn",
  body: { request: of, to, specialty: "toxicology", reason: "vượt khả năng", expects },
});
const ask = (of: string, facility: Facility): CaseFact => ({
  kind: "specialistAsked",
  body: { request: of, facility, specialty: "toxicology", reason: "ý kiến thứ hai" },
});
const handOver = (facility: Facility): CaseFact => ({
  kind: "handedOver",
  body: { to: { kind: "facility", facility }, note: "chuyển viện" },
});

/** What each read route of a case says to a facility, its feed included: all of it, or nothing of it. */
const seenBy = async (facility: Facility, play: Play): Promise<Record<string, boolean>> => {
  const client = clientOf(facility);
  const asked = async (path: string): Promise<boolean> => {
    const { status } = await client.get(path);
    expect([200, 404], path).toContain(status);
    return status === 200;
  };
  const stored = await network.query("select count(*)::int as n from entry where log = $1", [
    play.log,
  ]);
  const feed = (await wholeFeed(network, client)).filter(({ receipt }) => receipt.log === play.log);
  // One's own words stay; anybody else's are the case.
  const foreign = feed.filter(({ entry }) => !entry.header.includes(penOf(facility).key.key));
  const entries = new Set(feed.map(({ receipt }) => receipt.entry));
  return {
    feed: foreign.length > 0 || (facility === station && feed.length > 0),
    wholeFeed: entries.size === stored[0]?.["n"],
    caseEntries: await asked(`/v1/cases/${play.id}`),
    caseByNumber: await asked(`/v1/case-numbers/${play.number}`),
    file: await asked(`/v1/cases/${play.id}/files/${play.file}`),
    filesHeld: await asked(`/v1/cases/${play.id}/files`),
    accessLog: await asked(`/v1/cases/${play.id}/views`),
    cameraLink: (await client.post("/v1/camera-links", { log: play.log })).status === 200,
  };
};

const expectReaders = async (step: string, play: Play, readers: readonly Facility[]) => {
  for (const facility of facilities) {
    const may = readers.includes(facility);
    const seen = await seenBy(facility, play);
    expect([step, facility, seen]).toEqual([
      step,
      facility,
      Object.fromEntries(Object.keys(seen).map((route) => [route, may])),
    ]);
  }
};

type Step = readonly [
  what: string,
  by: Facility,
  fact: (made: readonly string[]) => CaseFact,
  readers: readonly Facility[],
];
const at = (made: readonly string[], index: number): string => made[index] ?? "";

/** Every transition of who reads a case; `made` are the hashes of the steps before. */
const plays: Readonly<Record<string, readonly Step[]>> = {
  "declined, then asked again": [
    ["sent", station, () => request(province), [station, province]],
    ["declined", province, (made) => decline(at(made, 0)), [station]],
    ["a note meanwhile", station, () => ({ kind: "note", body: { text: "x" } }), [station]],
    ["sent again", station, () => request(province), [station, province]],
  ],
  "one of two requests declined": [
    ["sent", station, () => request(province), [station, province]],
    ["sent twice", station, () => request(province), [station, province]],
    ["first declined", province, (made) => decline(at(made, 0)), [station, province]],
    ["second declined", province, (made) => decline(at(made, 1)), [station]],
  ],
  "sent on, then declined above": [
    ["sent", station, () => request(province), [station, province]],
    ["sent on", province, (made) => sendOn(at(made, 0), central), [station, central]],
    ["declined above", central, (made) => decline(at(made, 0), at(made, 1)), [station]],
  ],
  "a specialist asked in stays when the asker declines": [
    ["sent", station, () => request(province), [station, province]],
    ["asked in", province, (made) => ask(at(made, 0), central), [station, province, central]],
    ["declined", province, (made) => decline(at(made, 0)), [station, central]],
  ],
  "handed over: both have it, and a request that is declined takes nothing from the treating side":
    [
      ["sent", station, () => request(province), [station, province]],
      ["handed over", station, () => handOver(province), [station, province]],
      ["declined", province, (made) => decline(at(made, 0)), [station, province]],
    ],
  "an emergency without a contract, withdrawn: who was asked keeps what it knew": [
    ["sent", station, () => request(central, "emergency"), [station, central]],
    [
      "withdrawn",
      station,
      (made) => ({ kind: "requestWithdrawn", body: { request: at(made, 0), reason: "đỡ" } }),
      [station, central],
    ],
  ],
};

test.each(Object.entries(plays))("who reads a case: %s", async (_, steps) => {
  const play = await begin();
  await expectReaders("opened", play, [station]);
  const made: string[] = [];
  for (const [what, by, fact, readers] of steps) {
    made.push(await play.write(by, fact(made)));
    await expectReaders(what, play, readers);
  }
});

test("a stranger's view of a case is not kept in its log; that of who had part is", async () => {
  const play = await begin();
  const sent = await play.write(station, request(province));
  await play.write(province, decline(sent));
  const view = (facility: Facility) =>
    clientOf(facility).post("/v1/views", {
      views: [
        {
          id: uuid(),
          log: play.log,
          at: new Date().toISOString(),
          device: penOf(facility).key.device,
        },
        { id: uuid(), log: `case/${uuid()}`, at: new Date().toISOString(), device: uuid() },
      ],
    });
  for (const facility of facilities) expect((await view(facility)).status).toBe(204);
  const rows = await network.query(
    "select facility from case_view where log = $1 order by facility",
    [play.log],
  );
  expect(rows.map((row) => row["facility"])).toEqual([province, station].sort());
});

test("whoever asks for a case is noted; a device that fills up its own copy notes its views itself", async () => {
  const play = await begin();
  const viewsAfter = async (why: string) => {
    const response = await clientOf(station).get(`/v1/cases/${play.id}${why}`);
    expect(response.status).toBe(200);
    const rows = await network.query("select 1 as one from case_view where log = $1", [play.log]);
    return rows.length;
  };
  expect(await viewsAfter("")).toBe(1);
  expect(await viewsAfter("?why=sync")).toBe(1);
  expect((await clientOf(station).get(`/v1/cases/${play.id}?why=other`)).status).toBe(400);
  expect((await clientOf(otherStation).get(`/v1/cases/${play.id}?why=sync`)).status).toBe(404);
});

test("the worklist names a request to who has it, and to nobody else", async () => {
  const play = await begin();
  const sent = await play.write(station, request(province));
  const lists = async () => {
    const answers = await Promise.all(
      facilities.map(async (facility) => (await clientOf(facility).get("/v1/worklist")).text()),
    );
    return facilities.filter((_, index) => answers[index]?.includes(play.number));
  };
  expect(await lists()).toEqual([province]);
  const on = await play.write(province, sendOn(sent, central));
  expect(await lists()).toEqual([central]);
  await play.write(central, decline(sent, on));
  expect(await lists()).toEqual([]);
});
