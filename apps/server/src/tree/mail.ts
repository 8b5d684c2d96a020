import { depositText, parseCheckpoint } from "@lientuyen/record";
import { createTransport } from "nodemailer";
import type { Core } from "../core.ts";
import type { Laid, Place, Target } from "./deposits.ts";
import { mailOfDeposits } from "./words.ts";
import type { MailPlace } from "./places.ts";

const everyMs = 3_600_000;
const patienceMs = 30_000;

/**
 * Whoever gets them keeps them. Devices ask for checkpoints all day long: what was signed within the hour goes into one
 * mail. A mail that went out in the moment of a power cut goes out again; two servers may both send one.
 */
export const mailTarget = (core: Core, place: MailPlace): Target => {
  const recipients = place.to.join(",");
  return {
    last: async () => {
      const row = await readSent(core, recipients);
      if (row === undefined) return { epoch: 0, size: 0 };
      const soon = core.now() - row.sent_at_ms;
      // A clock that was set back must not keep it silent for as long.
      return soon >= 0 && soon < everyMs ? undefined : row;
    },
    put: async (laid) => {
      await send(core, place, laid);
      const last = laid.at(-1);
      if (last !== undefined) await keepSent(core, recipients, last.place);
    },
  };
};

const readSent = (core: Core, recipients: string) =>
  core.database.asSystem((tx) =>
    tx
      .selectFrom("deposit_mail")
      .select(["epoch", "size", "sent_at_ms"])
      .where("recipients", "=", recipients)
      .executeTakeFirst(),
  );

const keepSent = (core: Core, recipients: string, { epoch, size }: Place): Promise<unknown> => {
  const sent = { epoch, size, sent_at_ms: core.now() };
  return core.database.asSystem((tx) =>
    tx
      .insertInto("deposit_mail")
      .values({ recipients, ...sent })
      .onConflict((row) => row.column("recipients").doUpdateSet(sent))
      .execute(),
  );
};

const send = async (core: Core, place: MailPlace, laid: readonly Laid[]): Promise<void> => {
  const transport = createTransport({
    host: place.host,
    port: place.port,
    secure: place.secure,
    // A password never goes over an open line, whatever the other side offers.
    requireTLS: place.login !== undefined,
    ...(place.login === undefined
      ? {}
      : { auth: { user: place.login.user, pass: place.login.password } }),
    connectionTimeout: patienceMs,
    greetingTimeout: patienceMs,
    socketTimeout: patienceMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    await transport.sendMail(mailOf(core, place, laid));
  } finally {
    transport.close();
  }
};

const mailOf = (core: Core, place: MailPlace, laid: readonly Laid[]) => {
  const files = laid.map(({ name, deposit }) => ({ filename: name, text: depositText(deposit) }));
  const text = files.at(-1)?.text ?? "";
  const facts = parseCheckpoint(laid.at(-1)?.deposit.checkpoint.text ?? "");
  if (facts === undefined) throw new Error("a checkpoint of our own cannot be read");
  return {
    from: place.from,
    to: [...place.to],
    ...mailOfDeposits({ root: core.keys.root.key, facts, count: laid.length, text }),
    // Base64, so that no server on the way wraps a line of what is signed.
    attachments: files.map((file) => ({
      filename: file.filename,
      content: file.text,
      contentType: "application/json",
      contentTransferEncoding: "base64" as const,
    })),
    headers: { "Auto-Submitted": "auto-generated" },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
};
