import { routes } from "@lientuyen/api";
import type { Act } from "@lientuyen/session";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  central,
  otherStation,
  province,
  sendCase,
  startNetwork,
  station,
  type Client,
  type Network,
  type Pen,
} from "../test/network.ts";

let network: Network;
const pens = new Map<string, Pen>();
const clients = new Map<string, Client>();
const pen = (facility: string): Pen => {
  const found = pens.get(facility);
  if (found === undefined) throw new Error(facility);
  return found;
};
const client = (facility: string): Client => {
  const found = clients.get(facility);
  if (found === undefined) throw new Error(facility);
  return found;
};
const nameOf = (facility: string): string => `${facility}/${pen(facility).person}`;

beforeAll(async () => {
  network = await startNetwork();
  for (const facility of [station, province, central, otherStation]) {
    pens.set(facility, await network.person(`s${facility}`, facility, ["physician"]));
    clients.set(facility, await network.signIn(`s${facility}`));
  }
});
afterAll(() => network.close());

const Stored = routes.openSession.out;
type Stored = v.InferOutput<typeof Stored>;
const newCase = (): Promise<{ readonly log: string }> => sendCase(pen(station), client(station));
const open = async (log: string, facility = station): Promise<Stored> =>
  v.parse(Stored, await (await client(facility).post("/v1/sessions", { log })).json());
const act = (session: string, facility: string, given: Act): Promise<Response> =>
  client(facility).post(`/v1/sessions/${session}/acts`, { act: given });
const taken = async (response: Response): Promise<Stored["state"]> => {
  expect(response.status).toBe(200);
  return v.parse(Stored, await response.json()).state;
};
const refusal = async (response: Response): Promise<readonly (number | string)[]> => {
  const body = v.parse(
    v.object({
      error: v.string(),
      detail: v.optional(v.string()),
    }),
    await response.json(),
  );
  return [response.status, body.error, ...(body.detail === undefined ? [] : [body.detail])];
};

describe("a live session over a case", () => {
  test("opens at once with its chair; the other facility comes in by its part in the case; there is one for a case", async () => {
    const { log } = await newCase();
    const { session, state } = await open(log);
    expect([
      state.phase,
      state.lobby,
      state.people.map(({ who, role, place }) => [who, role, place]),
    ]).toEqual(["open", false, [[nameOf(station), "chair", "inside"]]]);
    expect((await open(log, province)).session).toBe(session);
    const both = await taken(
      await act(session, province, { act: "arrive", who: nameOf(province) }),
    );
    expect(both.people.map(({ role, place }) => [role, place])).toEqual([
      ["chair", "inside"],
      ["member", "inside"],
    ]);
    const listed = v.parse(
      routes.sessions.out,
      await (await client(province).get("/v1/sessions")).json(),
    );
    expect(listed.sessions.find((each) => each.session === session)?.state).toEqual(both);
  });

  test("a stranger to the case neither opens, sees, enters nor gets a token", async () => {
    const { log } = await newCase();
    const { session } = await open(log);
    for (const stranger of [otherStation, central]) {
      const answers = await Promise.all([
        client(stranger).post("/v1/sessions", { log }),
        client(stranger).get(`/v1/sessions/${session}`),
        act(session, stranger, { act: "arrive", who: nameOf(stranger) }),
        client(stranger).post(`/v1/sessions/${session}/token`, undefined),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
      const listed = v.parse(
        routes.sessions.out,
        await (await client(stranger).get("/v1/sessions")).json(),
      );
      expect(listed.sessions).toEqual([]);
    }
  });

  test("what the table refuses is answered with its reason, and changes nothing", async () => {
    const { session, state } = await open((await newCase()).log);
    expect(await refusal(await act(session, province, { act: "end" }))).toEqual([
      409,
      "session_refused",
      "notYours",
    ]);
    expect(
      await refusal(await act(session, province, { act: "arrive", who: nameOf(station) })),
    ).toEqual([409, "session_refused", "notYours"]);
    expect(await refusal(await act(session, station, { act: "tick" }))).toEqual([
      409,
      "session_refused",
      "notYours",
    ]);
    const now = v.parse(
      Stored,
      await (await client(station).get(`/v1/sessions/${session}`)).json(),
    );
    expect(now.state).toEqual(state);
  });

  test("an invitation needs a person, and an agenda cases that one takes part in", async () => {
    const { session } = await open((await newCase()).log);
    const invite = (who: string): Promise<Response> =>
      act(session, station, { act: "invite", who, role: "presenter", untilMs: null });
    expect(await refusal(await invite(`${province}/nobody`))).toEqual([
      400,
      "bad_request",
      "act.who",
    ]);
    const state = await taken(await invite(nameOf(central)));
    expect(state.people.at(-1)).toMatchObject({ role: "presenter", place: "expected" });
    const foreign = await sendCase(pen(otherStation), client(otherStation));
    const agenda: Act = { act: "setAgenda", agenda: [foreign.log] };
    expect((await act(session, station, agenda)).status).toBe(404);
  });

  test("leaving is not ending; only the chair ends, and then a new session can be opened", async () => {
    const { log } = await newCase();
    const { session } = await open(log);
    await taken(await act(session, province, { act: "arrive", who: nameOf(province) }));
    const left = await taken(await act(session, station, { act: "leave", who: nameOf(station) }));
    expect([left.phase, left.people.map(({ role }) => role)]).toEqual([
      "open",
      ["member", "chair"],
    ]);
    expect((await open(log)).session).toBe(session);
    await taken(await act(session, province, { act: "end" }));
    expect((await open(log)).session).not.toBe(session);
    const kept = await network.query(
      "select what from live_happening where session = $1 order by n",
      [session],
    );
    expect(
      kept.map(
        ({ what }) => v.parse(v.object({ what: v.string() }), JSON.parse(String(what))).what,
      ),
    ).toEqual(["joined", "started", "invited", "joined", "left", "chairPassed", "ended"]);
    await expect(network.query("delete from live_happening")).rejects.toThrow(/lientuyen/);
  });

  test("many acts at the same time lose none", async () => {
    const { session } = await open((await newCase()).log);
    const people = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        network.person(`many${index}`, province, ["physician"]),
      ),
    );
    const answers = await Promise.all(
      people.map(({ person }) =>
        act(session, station, {
          act: "invite",
          who: `${province}/${person}`,
          role: "member",
          untilMs: null,
        }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(people.map(() => 200));
    const now = v.parse(
      Stored,
      await (await client(station).get(`/v1/sessions/${session}`)).json(),
    );
    expect(now.state.people).toHaveLength(13);
  });

  test("entering opens, arrives and asks for a token at once; a stranger does not", async () => {
    const { log } = await newCase();
    const enter = async (facility: string) =>
      v.parse(
        routes.enterSession.out,
        await (await client(facility).post("/v1/sessions/enter", { log })).json(),
      );
    const first = await enter(station);
    // The chair who opens it is in at once.
    expect([first.state.phase, first.media]).toEqual(["open", undefined]);
    const other = await enter(province);
    expect([other.session, other.state.people.map(({ place }) => place)]).toEqual([
      first.session,
      ["inside", "inside"],
    ]);
    await taken(await act(first.session, province, { act: "leave", who: nameOf(province) }));
    expect((await enter(province)).state.people.at(-1)?.place).toBe("inside");
    await taken(await act(first.session, station, { act: "remove", who: nameOf(province) }));
    expect(await refusal(await client(province).post("/v1/sessions/enter", { log }))).toEqual([
      409,
      "session_refused",
      "wrongPlace",
    ]);
    expect((await client(otherStation).post("/v1/sessions/enter", { log })).status).toBe(404);
    // Coming back to one that has ended opens no other.
    await taken(await act(first.session, station, { act: "end" }));
    const back = await client(station).post("/v1/sessions/enter", { log, session: first.session });
    const { session, state, media } = v.parse(routes.enterSession.out, await back.json());
    expect([session, state.phase, media]).toEqual([first.session, "ended", undefined]);
  });

  test("an endpoint reports what it hears, and the answer weighs what it asked for; a stranger reports nothing", async () => {
    const { session } = await open((await newCase()).log);
    const report = (facility: string, weight?: number): Promise<Response> =>
      client(facility).post(`/v1/sessions/${session}/hearing`, {
        spoke: 0.01,
        heard: { [nameOf(province)]: 0.01 },
        ...(weight === undefined ? {} : { weight }),
      });
    const plain = await report(station);
    expect([plain.status, await plain.json()]).toEqual([200, { repairs: [], deaf: [] }]);
    const heavy = v.parse(routes.reportHearing.out, await (await report(station, 3_001)).json());
    expect(heavy.weight).toHaveLength(3_001);
    expect((await report(otherStation)).status).toBe(404);
  });

  test("where there is no media engine a token says so, and everything else goes on", async () => {
    const { session } = await open((await newCase()).log);
    const answer = await client(station).post(`/v1/sessions/${session}/token`, undefined);
    expect(await refusal(answer)).toEqual([503, "live_absent"]);
    const outside = await client(province).post(`/v1/sessions/${session}/token`, undefined);
    expect(await refusal(outside)).toEqual([403, "forbidden"]);
  });

  test("one is planned for a later hour with its roles; nobody is in before it begins, and it keeps nobody from meeting now", async () => {
    const { log } = await newCase();
    const startsAt = new Date(Date.now() + 3_600_000).toISOString();
    const plan = {
      startsAt,
      chair: nameOf(province),
      people: [{ who: nameOf(otherStation), role: "listener" }],
    };
    const ask = (given: object): Promise<Response> =>
      client(station).post("/v1/sessions", { log, plan: { ...plan, ...given } });
    const planned = v.parse(Stored, await (await ask({})).json());
    expect([planned.startsAt, planned.state.phase]).toEqual([startsAt, "planned"]);
    expect(planned.state.people.map(({ who, role, place }) => [who, role, place])).toEqual([
      [nameOf(province), "chair", "expected"],
      [nameOf(station), "secretary", "expected"],
      [nameOf(otherStation), "listener", "expected"],
    ]);
    const now = await open(log);
    expect([now.session === planned.session, now.state.phase]).toEqual([false, "open"]);
    expect((await open(log)).session).toBe(now.session);
    const listed = v.parse(
      routes.sessions.out,
      await (await client(province).get("/v1/sessions")).json(),
    );
    expect(listed.sessions.map(({ session }) => session)).toEqual(
      expect.arrayContaining([planned.session, now.session]),
    );
    const chair = nameOf(province);
    await taken(await act(planned.session, province, { act: "arrive", who: chair }));
    const begun = await taken(await act(planned.session, province, { act: "start" }));
    expect(begun.phase).toBe("open");

    expect((await ask({ startsAt: "2020-01-01T00:00:00.000Z" })).status).toBe(400);
    const nobody = { who: `${province}/${pen(station).person}`, role: "member" };
    expect((await ask({ people: [nobody] })).status).toBe(400);
    expect((await ask({ people: [...plan.people, ...plan.people] })).status).toBe(400);
  });
});
