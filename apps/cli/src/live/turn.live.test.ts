import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { connect } from "node:tls";
import { findEngine, freePort, sharedFolder, startEngine } from "@lientuyen/livekit";
import { expect, test } from "vitest";
import { makeLocalTls } from "../lan/authority.ts";

const binary = (await findEngine([sharedFolder()])) ?? "";
const domain = "turn.local";

/** Who answers at the port, by the certificate that it shows for the domain. */
const nameAt = (port: number, ca: string): Promise<string | undefined> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port, servername: domain, ca }, () => {
      resolve(socket.getPeerCertificate().subjectaltname);
      socket.destroy();
    });
    socket.once("error", reject);
  });

test.skipIf(binary === "")(
  "TURN over TLS answers with the certificate that was given",
  async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "lientuyen-turn-"));
    const made = await makeLocalTls({ folder, nowMs: Date.now(), addresses: [], names: [domain] });
    const files = { cert: path.join(folder, "turn.crt"), key: path.join(folder, "turn.key") };
    writeFileSync(files.cert, made.cert);
    writeFileSync(files.key, made.key, { mode: 0o600 });
    const port = await freePort("tcp");
    const engine = await startEngine({
      binary,
      folder,
      key: "APItest",
      secret: "s".repeat(32),
      network: {
        udp: await freePort("udp"),
        tcp: await freePort("tcp"),
        ip: "127.0.0.1",
        turn: { domain, port, ...files },
      },
    });
    try {
      const der = Buffer.from(made.authority).toString("base64");
      const ca = `-----BEGIN CERTIFICATE-----\n${der}\n-----END CERTIFICATE-----\n`;
      expect(await nameAt(port, ca)).toContain(domain);
    } finally {
      await engine.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
