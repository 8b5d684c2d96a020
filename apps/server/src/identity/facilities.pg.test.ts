import { afterAll, beforeAll, expect, test } from "vitest";
import { addFacility, agreeContract } from "../index.ts";
import {
  central,
  clientOf,
  password,
  province,
  sendCase,
  signIn,
  startNetwork,
  type Network,
} from "../test/network.ts";

let network: Network;
beforeAll(async () => {
  network = await startNetwork();
  await network.person("mai", province, ["coordinator"]);
});
afterAll(() => network.close());

const station = { code: "12915", name: "Trạm Y tế xã Pa Ủ", level: "commune" } as const;
const linkOf = async (given: Parameters<typeof addFacility>[1]): Promise<string> => {
  const done = await addFacility(network.server.core, given);
  return done.answer === "added" ? done.token : done.answer;
};
const read = async (token: string): Promise<unknown> =>
  (await clientOf(network.url, {}).post("/v1/first-link", { token })).json();
const use = async (token: string, account: string, more: object = {}): Promise<unknown> => {
  const given = { token, name: "KS. Pờ Mỳ Lế", account, password, ...more };
  const response = await clientOf(network.url, {}).post("/v1/first-administrator", given);
  return response.status === 204 ? 204 : [response.status, await response.json()];
};

test("a further facility's link makes one administrator, of that facility alone", async () => {
  const token = await linkOf(station);
  // Cut off before anybody used it: the same words give another link.
  const second = await linkOf(station);
  expect(second).not.toBe(token);
  const stored = await network.query("select token_hash from first_link");
  expect(JSON.stringify(stored)).not.toContain(token);

  // Whoever opens it sees whose administrator is made; who has no link, nothing.
  expect(await read(token)).toEqual({ facility: station });
  expect(await read(`${"x".repeat(43)}.${station.code}`)).toEqual({ error: "link_expired" });

  // The link is of no use for another facility, neither by its code nor by what is sent along.
  const elsewhere = `${token.split(".")[0] ?? ""}.${province}`;
  expect(await use(elsewhere, "le")).toEqual([410, { error: "link_expired" }]);
  const facility = { ...station, code: "12916" };
  expect(await use(token, "le", { facility })).toMatchObject([400, { error: "bad_request" }]);

  // A name that is taken elsewhere, in whatever letters, does not use the link up.
  expect(await use(token, " MAI")).toEqual([409, { error: "account_taken" }]);
  expect(await use(token, "le")).toBe(204);
  expect(await use(token, "le2")).toEqual([410, { error: "link_expired" }]);
  expect(await use(second, "le2")).toEqual([410, { error: "link_expired" }]);
  expect(await read(second)).toEqual({ error: "link_expired" });
  const me = await (await (await signIn(network.url, "le")).get("/v1/me")).json();
  expect(me).toMatchObject({
    me: { facility: station.code, roles: [{ role: "itAdministrator" }] },
  });
  expect(await linkOf(station)).toBe("hasPeople");
});

test("a link ends after a day, and a code stays with its facility", async () => {
  const given = { code: "12917", name: "Trạm Y tế xã Bum Nưa", level: "commune" } as const;
  const token = await linkOf(given);
  expect(await linkOf({ ...given, name: "Khác" })).toBe("differs");
  await network.query("update first_link set expires_at_ms = $1", [Date.now() - 1]);
  expect(await use(token, "bum")).toEqual([410, { error: "link_expired" }]);
  expect(await use(await linkOf(given), "bum")).toBe(204);
});

test("a contract opens the way for requests between its two facilities, for its specialties", async () => {
  const one = { code: "12918", name: "Trạm Y tế xã Tá Bạ", level: "commune" } as const;
  await linkOf(one);
  const pen = await network.person("cha", one.code, ["physician"]);
  const client = await network.signIn("cha");
  await expect(sendCase(pen, client, province)).rejects.toThrow("no_contract");

  const agree = (given: Partial<Parameters<typeof agreeContract>[1]>) =>
    agreeContract(network.server.core, {
      contract: "HD-1",
      between: [one.code, province],
      from: "2026-01-01T00:00:00.000Z",
      specialties: ["cardiology"],
      ...given,
    });
  expect(await agree({})).toEqual({ answer: "agreed" });
  await expect(sendCase(pen, client, province)).rejects.toThrow("no_contract");
  // Its own time to answer goes along; the same number with another is another contract.
  const quick = { contract: "HD-2", specialties: [], answerWithinMinutes: { urgent: 30 } };
  expect(await agree(quick)).toEqual({ answer: "agreed" });
  expect(await agree({ ...quick, answerWithinMinutes: { urgent: 45 } })).toMatchObject({
    answer: "taken",
  });
  const sent = await sendCase(pen, client, province);

  // Who was asked reads it.
  await network.server.settleFeed();
  const mai = await network.signIn("mai");
  expect(await (await mai.get("/v1/feed?after=0&limit=500")).text()).toContain(sent.log);

  expect(await agree({})).toEqual({ answer: "taken", facility: one.code });
  expect(await agree({ between: [central, province] })).toEqual({
    answer: "taken",
    facility: province,
  });
  expect(await agree({ contract: "HD-3", between: [one.code, "99999"] })).toEqual({
    answer: "unknownFacility",
    facility: "99999",
  });
});
