import { createHash } from "node:crypto";
import { Role } from "@lientuyen/record";
import {
  otherStation,
  province,
  sendCase,
  startNetwork,
  station,
  uuid,
  type Client,
  type Network,
  type Pen,
} from "../../../apps/server/src/test/network.ts";

/** Who sends: every role of a station, a hospital's physician and administrator. */
export interface Caller {
  readonly pen: Pen;
  client: Client;
}

export interface World {
  readonly network: Network;
  readonly callers: readonly Caller[];
  /** Ids, hashes, tokens and names that exist: one's own and those that are none of one's business. */
  readonly known: readonly string[];
  /** Words that no caller may ever be told. */
  readonly secrets: readonly string[];
  readonly upload: { readonly own: string; readonly foreign: string };
  /** What the server noted as a fault of its own. */
  readonly faults: readonly string[];
}

const jpeg = Buffer.concat([
  Buffer.from([0xff, 0xd8, 0xff, 0xe0]),
  Buffer.from("\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0", "latin1"),
  Buffer.alloc(400),
]);

export const startWorld = async (): Promise<World> => {
  const faults: string[] = [];
  const network = await startNetwork({
    log: { level: "error", stream: { write: (line) => void faults.push(line.trim()) } },
    // Here it is the answers that are tried, not the counting of tries.
    limits: { signInsPerAccount: 1e6, signInsPerAddress: 1e6, enrolmentsPerPerson: 1e6 },
  });
  const callers: Caller[] = [];
  const join = async (name: string, facility: string, roles: readonly Role[]) => {
    const pen = await network.person(name, facility, roles);
    const caller = { pen, client: await network.signIn(name) };
    callers.push(caller);
    return caller;
  };
  for (const role of Role.options) await join(role, station, [role]);
  await join("thanh", province, ["physician", "coordinator"]);
  await join("lan", province, ["itAdministrator"]);
  const [author] = callers;
  if (author === undefined) throw new Error("nobody is there");
  const own = await sendCase(author.pen, author.client);
  const ownUpload = await beginUpload(author.client, own.log);
  const ownLink = await linkTo(author.client, own.log);
  const other = await startForeign(network);
  const victim = await network.person("victim", station, ["nurse"]);
  return {
    network,
    callers,
    faults,
    secrets: other.secrets,
    upload: { own: ownUpload, foreign: other.upload },
    known: [
      own.id,
      own.log,
      own.opened,
      own.question,
      own.request,
      ownLink,
      ownUpload,
      `directory/${station}`,
      `directory/${province}`,
      "installation",
      uuid(),
      station,
      province,
      otherStation,
      victim.person,
      victim.key.key,
      victim.key.device,
      ...callers.flatMap(({ pen }) => [pen.person, pen.key.key, pen.key.device]),
      ...other.known,
    ],
  };
};

const hashOf = (bytes: Uint8Array): string =>
  createHash("sha256").update(bytes).digest("base64url");
const b64 = (text: string): string => Buffer.from(text).toString("base64");

/** An upload of which the first bytes have come. @returns its id. */
const beginUpload = async (client: Client, log: string): Promise<string> => {
  const tus = { "tus-resumable": "1.0.0" };
  const begun = await client.send("/v1/files", {
    method: "POST",
    headers: {
      ...tus,
      "upload-length": String(jpeg.length),
      "upload-metadata": `log ${b64(log)},hash ${b64(hashOf(jpeg))},type ${b64("image/jpeg")}`,
    },
  });
  const location = begun.headers.get("location");
  if (location === null) throw new Error(`no upload: ${begun.status}`);
  await client.send(location, {
    method: "PATCH",
    headers: { ...tus, "upload-offset": "0", "content-type": "application/offset+octet-stream" },
    body: new Uint8Array(jpeg.subarray(0, 100)),
  });
  return location.split("/").at(-1) ?? "";
};

const linkTo = async (client: Client, log: string): Promise<string> => {
  const answer: unknown = await (await client.post("/v1/camera-links", { log })).json();
  if (typeof answer !== "object" || answer === null || !("token" in answer))
    throw new Error("no camera link");
  return String(answer.token);
};

/** Another station's case that concerns nobody else: its words, its patient, its upload, its camera link. */
const startForeign = async (network: Network) => {
  const pen = await network.person("chinh", otherStation, ["physician"]);
  const client = await network.signIn("chinh");
  const id = uuid();
  const log = `case/${id}`;
  const number = "BIMAT-K7M2-9TXC";
  const words = "chuyện riêng của trạm khác";
  const opened = await pen.fact(log, {
    kind: "opened",
    body: { number, facility: otherStation, mode: "viaFacility" },
  });
  const note = await pen.fact(log, { kind: "note", body: { text: words } });
  const patient = uuid();
  const registered = await pen.make({
    log: `patient/${otherStation}/${patient}`,
    kind: "patientRegistered",
    body: { facility: otherStation, identity: { name: words, sex: "unknown" } },
  });
  const entries = [opened.signed, note.signed, registered.signed];
  const answers = await client.append(...entries);
  if (answers.some(({ answer }) => answer !== "received"))
    throw new Error(`the other station's case was not taken: ${JSON.stringify(answers)}`);
  const upload = await beginUpload(client, log);
  const link = await linkTo(client, log);
  return {
    entries,
    upload,
    // Its receipts and its upload; callers do write its id into texts of their own.
    secrets: [words, `"log":"${log}"`, b64(log)],
    known: [id, log, number, `patient/${otherStation}/${patient}`, opened.hash, note.hash, link],
  };
};
