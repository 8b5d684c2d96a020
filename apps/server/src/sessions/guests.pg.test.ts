import { routes } from "@lientuyen/api";
import type { Act } from "@lientuyen/session";
import * as v from "valibot";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  central,
  province,
  sendCase,
  startNetwork,
  station,
  type Client,
  type Network,
} from "../test/network.ts";

let network: Network;
const clients = new Map<string, Client>();
const names = new Map<string, string>();
const client = (facility: string): Client => {
  const found = clients.get(facility);
  if (found === undefined) throw new Error(facility);
  return found;
};
let session = "";
let aheadMs = 0;

beforeAll(async () => {
  network = await startNetwork({ now: () => Date.now() + aheadMs });
  for (const facility of [station, province, central]) {
    const pen = await network.person(`g${facility}`, facility, ["physician"]);
    names.set(facility, `${facility}/${pen.person}`);
    clients.set(facility, await network.signIn(`g${facility}`));
    if (facility !== station) continue;
    const { log } = await sendCase(pen, client(station));
    const opened = await client(station).post("/v1/sessions", { log });
    ({ session } = v.parse(routes.openSession.out, await opened.json()));
  }
});
afterAll(() => network.close());

const guestName = "Lò Thị Vân / nhà báo";
const act = (facility: string, given: Act): Promise<Response> =>
  client(facility).post(`/v1/sessions/${session}/acts`, { act: given });
const invite = (facility: string, minutes = 15): Promise<Response> =>
  client(facility).post(`/v1/sessions/${session}/guests`, { name: guestName, minutes });
const linkOf = async (response: Response): Promise<string> => {
  expect(response.status).toBe(200);
  return v.parse(routes.inviteGuest.out, await response.json()).link;
};
/** Without a session: a guest is nobody to the server. */
const asGuest = (path: string, body: object): Promise<Response> =>
  fetch(`${network.url}/v1/guests${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: network.url },
    body: JSON.stringify(body),
  });
const passOf = async (link: string): Promise<string> => {
  const opened = await asGuest("", { link });
  expect(opened.status).toBe(200);
  return v.parse(routes.openGuestLink.out, await opened.json()).pass;
};
const seen = async (pass: string, given?: string) => {
  const answer = await asGuest("/session", {
    pass,
    ...(given === undefined ? {} : { act: given }),
  });
  expect(answer.status).toBe(200);
  return v.parse(routes.guestAct.out, await answer.json());
};
const errorOf = async (response: Response): Promise<string> =>
  v.parse(v.object({ error: v.string() }), await response.json()).error;

test("a link opens once, and its guest waits to be admitted even where there is no lobby", async () => {
  const link = await linkOf(await invite(station));
  const pass = await passOf(link);
  expect(await errorOf(await asGuest("", { link }))).toBe("guest_link_over");
  const waiting = await seen(pass);
  expect(waiting).toMatchObject({ name: guestName, place: "lobby", people: [] });
  expect((await asGuest("/token", { pass })).status).toBe(403);

  expect((await act(station, { act: "admit", who: waiting.who })).status).toBe(200);
  const inside = await seen(pass, "raiseHand");
  expect(inside).toMatchObject({ place: "inside", handRaised: true });
  expect(inside.people.map(({ name }) => name)).toContain(guestName);
  // Nothing of the case: neither its log nor its number is anywhere in what a guest is told.
  expect(JSON.stringify(inside)).not.toContain("case");

  expect(await seen(pass, "leave")).toMatchObject({ place: "left", people: [] });
  expect(await seen(pass, "arrive")).toMatchObject({ place: "lobby" });
});

test("a link's minutes run out, and with them an unopened invitation", async () => {
  const link = await linkOf(await invite(station, 1));
  aheadMs += 60_000;
  expect(await errorOf(await asGuest("", { link }))).toBe("guest_link_over");
});

test("only who guides the session invites, and nobody but a guest has a pass", async () => {
  expect((await act(province, { act: "arrive", who: names.get(province) ?? "" })).status).toBe(200);
  expect((await invite(province)).status).toBe(409);
  expect((await invite(central)).status).toBe(404);
  expect((await asGuest("", { link: "x".repeat(43) })).status).toBe(410);
  expect((await asGuest("/session", { pass: "x".repeat(43) })).status).toBe(410);
  expect((await asGuest("/token", { pass: "x".repeat(43) })).status).toBe(410);
});

test("a guest may not act as somebody else, nor do what a guest may not", async () => {
  const pass = await passOf(await linkOf(await invite(station)));
  const answer = await asGuest("/session", { pass, act: "end" });
  expect(answer.status).toBe(400);
  expect((await asGuest("/session", { pass, act: "unmute" })).status).toBe(409);
});

test("who was sent out stays out, and the session's end is the guest's too", async () => {
  const pass = await passOf(await linkOf(await invite(station)));
  const { who } = await seen(pass);
  expect((await act(station, { act: "admit", who })).status).toBe(200);
  expect((await act(station, { act: "remove", who })).status).toBe(200);
  expect(await seen(pass)).toMatchObject({ place: "removed", people: [] });
  expect((await asGuest("/session", { pass, act: "arrive" })).status).toBe(409);
  expect((await act(station, { act: "end" })).status).toBe(200);
  expect(await seen(pass)).toMatchObject({ phase: "ended", people: [] });
  expect((await invite(station)).status).toBe(409);
});
