import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { routes } from "@lientuyen/api";
import * as v from "valibot";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  clientOf,
  otherStation,
  province,
  sendCase,
  startNetwork,
  station,
  type Client,
  type Network,
  type OpenedCase,
  type Pen,
} from "../test/network.ts";

let network: Network;
let sua: Pen;
let client: Client;
let far: Client;
let stranger: Client;
let sent: OpenedCase;

beforeAll(async () => {
  network = await startNetwork({ limits: { fileBytes: 5_000_000 } });
  sua = await network.person("sua", station, ["physicianAssistant", "facilityHead"]);
  await network.person("thanh", province, ["physician"]);
  await network.person("phuc", otherStation, ["physician"]);
  [client, far, stranger] = await Promise.all([
    network.signIn("sua"),
    network.signIn("thanh"),
    network.signIn("phuc"),
  ]);
  sent = await sendCase(sua, client);
});
afterAll(() => network.close());

const jpegHead = Buffer.from("ffd8ffe000104a46494600010100000100010000", "hex");
const jpeg = (size = 40_000): Buffer =>
  Buffer.concat([
    jpegHead,
    Buffer.from(crypto.getRandomValues(new Uint8Array(Math.min(size, 60_000)))),
    Buffer.alloc(Math.max(0, size - 60_000)),
  ]);
const hashOf = (content: Buffer): string =>
  createHash("sha256").update(content).digest("base64url");
const b64 = (text: string): string => Buffer.from(text).toString("base64");

interface Claim {
  readonly log?: string;
  readonly hash?: string;
  readonly type?: string;
  readonly size?: number;
}

const create = (by: Client, content: Buffer, claim: Claim = {}) =>
  by.send("/v1/files", {
    method: "POST",
    headers: {
      "tus-resumable": "1.0.0",
      "upload-length": String(claim.size ?? content.length),
      "upload-metadata": `log ${b64(claim.log ?? sent.log)},hash ${b64(claim.hash ?? hashOf(content))},type ${b64(claim.type ?? "image/jpeg")}`,
    },
  });

const patch = (by: Client, location: string, content: Buffer, offset = 0) =>
  by.send(location, {
    method: "PATCH",
    headers: {
      "tus-resumable": "1.0.0",
      "upload-offset": String(offset),
      "content-type": "application/offset+octet-stream",
    },
    body: new Uint8Array(content),
  });

const head = (by: Client, location: string) =>
  by.send(location, { method: "HEAD", headers: { "tus-resumable": "1.0.0" } });

const upload = async (by: Client, content: Buffer, claim: Claim = {}): Promise<Response> => {
  const created = await create(by, content, claim);
  return created.status === 201
    ? patch(by, created.headers.get("location") ?? "", content)
    : created;
};

const addFile = async (content: Buffer, type = "image/jpeg"): Promise<string> => {
  const { signed, hash } = await sua.fact(sent.log, {
    kind: "fileAdded",
    body: { file: { hash: hashOf(content), size: content.length, type }, role: "photo" },
  });
  expect((await client.append(signed))[0]?.answer).toBe("received");
  return hash;
};

const codeOf = async (response: Response) => [
  response.status,
  v.parse(v.object({ error: v.string() }), await response.json()).error,
];
const fileAt = (content: Buffer): string => `/v1/cases/${sent.id}/files/${hashOf(content)}`;

test("a photograph in two pieces, broken off in between, reaches the other facility as an attachment", async () => {
  const content = jpeg();
  const created = await create(client, content);
  const location = created.headers.get("location") ?? "";
  expect([created.status, location]).toEqual([
    201,
    expect.stringMatching(/^\/v1\/files\/[0-9a-f]{32}$/),
  ]);
  expect((await patch(client, location, content.subarray(0, 10_000))).status).toBe(204);
  expect((await head(client, location)).headers.get("upload-offset")).toBe("10000");
  expect((await patch(client, location, content.subarray(5_000), 5_000)).status).toBe(409);
  expect((await patch(client, location, content.subarray(10_000), 10_000)).status).toBe(204);
  // Who lost that last answer learns of it by asking.
  expect((await head(client, location)).headers.get("upload-offset")).toBe(String(content.length));
  expect((await far.get(fileAt(content))).status).toBe(404);
  await addFile(content);
  const got = await far.get(fileAt(content));
  expect(Buffer.from(await got.arrayBuffer()).equals(content)).toBe(true);
  expect([
    got.headers.get("content-disposition"),
    got.headers.get("x-content-type-options"),
    got.headers.get("content-type"),
  ]).toEqual(["attachment", "nosniff", "image/jpeg"]);
  expect(await (await far.get(`/v1/cases/${sent.id}/files`)).json()).toEqual({
    held: [hashOf(content)],
  });
});

test("Range is honoured", async () => {
  const content = jpeg();
  await upload(client, content);
  await addFile(content);
  const part = await far.get(fileAt(content), { range: "bytes=100-199" });
  expect([
    part.status,
    part.headers.get("content-range"),
    Buffer.from(await part.arrayBuffer()).equals(content.subarray(100, 200)),
  ]).toEqual([206, `bytes 100-199/${content.length}`, true]);
  const tail = await far.get(fileAt(content), { range: "bytes=-5" });
  expect(Buffer.from(await tail.arrayBuffer()).equals(content.subarray(-5))).toBe(true);
  expect((await far.get(fileAt(content), { range: "bytes=999999999-" })).status).toBe(416);
});

test("zero bytes, too large, unknown type, another type than it claims, damaged on the way", async () => {
  expect(await codeOf(await upload(client, Buffer.alloc(0)))).toEqual([422, "file_empty"]);
  expect(await codeOf(await create(client, jpeg(), { size: 5_000_001 }))).toEqual([
    413,
    "file_too_large",
  ]);
  expect(
    await codeOf(
      await upload(client, Buffer.from("MZ not a picture"), { type: "application/x-msdownload" }),
    ),
  ).toEqual([415, "file_type_refused"]);
  expect(await codeOf(await upload(client, Buffer.from("just text, no picture")))).toEqual([
    415,
    "file_type_refused",
  ]);
  expect(
    await codeOf(
      await upload(client, Buffer.concat([Buffer.from("%PDF-1.7\n"), Buffer.alloc(100)])),
    ),
  ).toEqual([415, "file_type_mismatch"]);
  expect(await codeOf(await upload(client, jpeg(), { hash: hashOf(jpeg()) }))).toEqual([
    422,
    "file_hash_mismatch",
  ]);
  expect(await codeOf(await create(client, jpeg(), { hash: "x" }))).toEqual([400, "bad_request"]);
});

test("the shipped bound is 200 MB", async () => {
  const { defaultLimits } = await import("../index.ts");
  expect(defaultLimits.fileBytes).toBe(200_000_000);
});

test("a full disk is said, and the file stays with its sender", async () => {
  const small = await startNetwork({
    postgres: network.postgres,
    limits: { keptFreeBytes: Number.MAX_SAFE_INTEGER },
  });
  const pen = await small.person("sua", station, ["physicianAssistant"]);
  const by = await small.signIn("sua");
  const opened = await sendCase(pen, by);
  expect(await codeOf(await create(by, jpeg(), { log: opened.log }))).toEqual([
    507,
    "storage_full",
  ]);
  await small.close();
});

test("a stranger neither uploads to the case, nor continues another's upload, nor reads", async () => {
  const content = jpeg();
  expect(await codeOf(await create(stranger, content))).toEqual([404, "not_found"]);
  const location = (await create(client, content)).headers.get("location") ?? "";
  expect((await head(stranger, location)).status).toBe(404);
  expect((await patch(far, location, content)).status).toBe(404);
  await patch(client, location, content);
  await addFile(content);
  expect((await stranger.get(fileAt(content))).status).toBe(404);
  expect((await stranger.get(`/v1/cases/${sent.id}/files`)).status).toBe(404);
  expect((await clientOf(network.url, {}).get(fileAt(content))).status).toBe(401);
});

test("an address that names two uploads is about the one that was judged", async () => {
  const content = jpeg();
  const own = (await create(far, content)).headers.get("location") ?? "";
  const anothers = (await create(client, content)).headers.get("location") ?? "";
  await patch(client, anothers, content.subarray(0, 100));
  const both = `${own}?/${anothers.split("/").at(-1)}`;
  expect((await head(far, both)).headers.get("upload-offset")).toBe("0");
  expect((await patch(far, both, content, 100)).status).toBe(409);
  expect((await head(client, anothers)).headers.get("upload-offset")).toBe("100");
});

test("an extension of tus that is not spoken here is a bad request, not a fault of the server", async () => {
  const response = await client.send("/v1/files", {
    method: "POST",
    headers: { "tus-resumable": "1.0.0", "upload-length": "1", "upload-concat": "partial" },
  });
  expect(await codeOf(response)).toEqual([400, "bad_request"]);
});

test("a file without CSRF token is not taken; with a transport token it is", async () => {
  const content = jpeg();
  const cookieOnly = clientOf(network.url, { cookie: client.headers["cookie"] ?? "" });
  expect((await create(cookieOnly, content)).status).toBe(403);
  const proof = Buffer.from(
    await sua.key.sign(new TextEncoder().encode(`lientuyen-enrol|${sua.key.device}|${sua.person}`)),
  ).toString("base64url");
  const { transport } = v.parse(
    routes.enrolKey.out,
    await (
      await client.post("/v1/keys", {
        publicKey: sua.key.publicKey,
        device: sua.key.device,
        deviceName: "PC",
        proof,
      })
    ).json(),
  );
  const locked = clientOf(network.url, { authorization: `Bearer ${transport}` });
  expect((await upload(locked, content)).status).toBe(204);
  expect((await locked.get("/v1/feed")).status).toBe(401);
});

test("a withheld picture can no longer be fetched; a destroyed one is gone from the disk", async () => {
  const [hidden, destroyed] = [jpeg(), jpeg()];
  const paths = [hidden, destroyed].map((content) =>
    join(network.folder, "files", "cases", sent.id, hashOf(content)),
  );
  for (const content of [hidden, destroyed]) await upload(client, content);
  const [one, two] = [await addFile(hidden), await addFile(destroyed)];
  const hide = await sua.fact(sent.log, {
    kind: "withheld",
    body: { target: one, ground: "wrongPicture", effect: "hide" },
  });
  const destroy = await sua.fact(sent.log, {
    kind: "withheld",
    body: { target: two, ground: "personsRight", effect: "destroy" },
  });
  expect((await client.append(hide.signed, destroy.signed)).map(({ answer }) => answer)).toEqual([
    "received",
    "received",
  ]);
  for (const content of [hidden, destroyed])
    expect((await far.get(fileAt(content))).status).toBe(404);
  expect(paths.map(existsSync)).toEqual([true, false]);
  // Sent once more by a device that had not heard of it: taken, and let go.
  expect((await upload(client, destroyed)).status).toBe(204);
  expect(paths.map(existsSync)).toEqual([true, false]);
});

test("the phone as camera: only adds photographs, only for ten minutes, only for its own facility to fetch", async () => {
  const { token } = v.parse(
    routes.openCameraLink.out,
    await (await client.post("/v1/camera-links", { log: sent.log })).json(),
  );
  const phone = clientOf(network.url, {});
  const photo = jpeg();
  const add = (body: Buffer, to = token) =>
    phone.send(`/v1/camera/${to}`, {
      method: "POST",
      headers: { "content-type": "image/jpeg" },
      body: new Uint8Array(body),
    });
  expect(await (await add(photo)).json()).toEqual({ hash: hashOf(photo) });
  expect((await add(photo)).status).toBe(200);
  expect(await codeOf(await add(Buffer.alloc(0)))).toEqual([422, "file_empty"]);
  expect(await codeOf(await add(Buffer.from("no picture at all")))).toEqual([
    415,
    "file_type_refused",
  ]);
  expect(await codeOf(await add(photo, "A".repeat(43)))).toEqual([410, "link_expired"]);
  expect(await (await client.get(`/v1/camera-links/${token}/photos`)).json()).toEqual({
    photos: [{ hash: hashOf(photo), size: photo.length, type: "image/jpeg" }],
  });
  const got = await client.get(`/v1/camera-links/${token}/photos/${hashOf(photo)}`);
  expect(Buffer.from(await got.arrayBuffer()).equals(photo)).toBe(true);
  expect(await codeOf(await far.get(`/v1/camera-links/${token}/photos`))).toEqual([
    410,
    "link_expired",
  ]);
  expect(await codeOf(await stranger.post("/v1/camera-links", { log: sent.log }))).toEqual([
    403,
    "forbidden",
  ]);
  await network.query("update camera_link set expires_at_ms = 0");
  expect(await codeOf(await add(photo))).toEqual([410, "link_expired"]);
});
