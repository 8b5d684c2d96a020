import type { AddressInfo } from "node:net";
import {
  isContinued,
  parseCheckpoint,
  parseDeposit,
  verifyCheckpoint,
  type CheckpointFacts,
} from "@lientuyen/record";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sendCase, startNetwork, station, type Client, type Network } from "../test/network.ts";
import { signWhenDue } from "./checkpoints.ts";
import { openDeposits } from "./deposits.ts";
import { readDepositPlaces } from "./places.ts";

let network: Network;
let client: Client;
let pen: Parameters<typeof sendCase>[0];
let clockMs = Date.parse("2026-11-25T01:00:00.000Z");
const hourMs = 3_600_000;

beforeAll(async () => {
  network = await startNetwork({ now: () => clockMs });
  pen = await network.person("sua", station, ["physicianAssistant"]);
  client = await network.signIn("sua");
});
afterAll(() => network.close());

/** One case more, and the tree signed with it. */
const grow = async (): Promise<void> => {
  await sendCase(pen, client);
  await network.server.settleFeed();
  await signWhenDue(network.server.core, { olderThanMs: 0 });
};

/** A real mail server: what it took, and who tried to sign in. */
const startMailServer = async (options: SMTPServerOptions) => {
  const mails: string[] = [];
  const logins: string[] = [];
  const server = new SMTPServer({
    ...options,
    onAuth: ({ username = "" }, _, done) => {
      logins.push(username);
      done(null, { user: username });
    },
    onData: (stream, _, done) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        mails.push(Buffer.concat(chunks).toString("utf8"));
        done();
      });
    },
  });
  server.on("error", () => undefined);
  await new Promise<void>((done) => void server.listen(0, "127.0.0.1", () => done()));
  const { port } = server.server.address() as AddressInfo;
  return {
    mails,
    logins,
    port,
    close: () => new Promise<void>((done) => server.close(done)),
  };
};

const open = { authOptional: true, disabledCommands: ["STARTTLS"] };
const depositsAt = (url: string) => {
  const [place] = readDepositPlaces(url, "/") ?? [];
  if (place === undefined) throw new Error(url);
  return openDeposits(network.server.core, place);
};

/** The checkpoints attached to a mail, each shown to continue the one before. */
const attached = async (
  mail: string,
  before: CheckpointFacts | undefined,
): Promise<readonly CheckpointFacts[]> => {
  const { primitives: p, keys } = network.server.core;
  const all: CheckpointFacts[] = [];
  for (const part of mail.split(/\r\n--.*\r\n/).filter((each) => /attachment/.test(each))) {
    const text = Buffer.from(part.slice(part.indexOf("\r\n\r\n")), "base64").toString("utf8");
    const deposit = parseDeposit(text);
    const facts = parseCheckpoint(deposit?.checkpoint.text ?? "");
    if (deposit === undefined || facts === undefined) throw new Error(part);
    expect(await verifyCheckpoint(p, deposit.checkpoint, keys.checkpoint.publicKey)).toBe(true);
    const last = all.at(-1) ?? before;
    expect(deposit.since).toBe(last?.size ?? 0);
    if (last !== undefined) expect(await isContinued(p, last, facts, deposit.path)).toBe(true);
    all.push(facts);
  }
  return all;
};

test("what was signed within an hour goes out in one mail, each once, after a restart too", async () => {
  const mail = await startMailServer(open);
  const url = `smtp://127.0.0.1:${mail.port}/?from=moc@so.vn&to=giu@bv.vn,giu@so.vn`;
  try {
    await grow();
    await grow();
    const deposits = depositsAt(url);
    await deposits.catchUp();
    await grow();
    await deposits.catchUp();
    expect(mail.mails.length).toBe(1);
    const first = await attached(mail.mails[0] ?? "", undefined);
    expect(first.length).toBeGreaterThanOrEqual(2);
    expect(mail.mails[0]).toMatch(/^To: giu@bv\.vn, giu@so\.vn\r$/m);

    clockMs += hourMs;
    await grow();
    await depositsAt(url).catchUp();
    await deposits.catchUp();
    expect(mail.mails.length).toBe(2);
    expect((await attached(mail.mails[1] ?? "", first.at(-1))).length).toBe(2);
    // Nothing new, no mail.
    clockMs += hourMs;
    await depositsAt(url).catchUp();
    expect(mail.mails.length).toBe(2);
  } finally {
    await mail.close();
  }
});

test("a mail server that is away stops nothing, and gets everything once it is back", async () => {
  const gone = await startMailServer(open);
  await gone.close();
  const url = (port: number) => `smtp://127.0.0.1:${port}/?from=moc@so.vn&to=sau@bv.vn`;
  await grow();
  await expect(depositsAt(url(gone.port)).catchUp()).rejects.toMatchObject({ code: "ESOCKET" });
  const mail = await startMailServer(open);
  try {
    await depositsAt(url(mail.port)).catchUp();
    const [signed] = await network.query("select count(*)::int as count from checkpoint");
    expect((await attached(mail.mails[0] ?? "", undefined)).length).toBe(signed?.["count"]);
  } finally {
    await mail.close();
  }
});

test("a password goes to nobody over an open line, nor to a server that nobody vouches for", async () => {
  const to = "to=mat@bv.vn";
  const plain = await startMailServer({ ...open, allowInsecureAuth: true });
  const selfMade = await startMailServer({ secure: true });
  try {
    const login = "moc%40so.vn:mat-khau";
    await grow();
    const overOpenLine = depositsAt(`smtp://${login}@127.0.0.1:${plain.port}/?${to}`);
    await expect(overOpenLine.catchUp()).rejects.toMatchObject({ code: "ETLS" });
    const toStranger = depositsAt(`smtps://${login}@127.0.0.1:${selfMade.port}/?${to}`);
    await expect(toStranger.catchUp()).rejects.toMatchObject({ code: "ESOCKET" });
    expect([...plain.logins, ...selfMade.logins, ...plain.mails, ...selfMade.mails]).toEqual([]);
  } finally {
    await plain.close();
    await selfMade.close();
  }
});
