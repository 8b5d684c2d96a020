import { mkdtempSync, rmSync, statSync } from "node:fs";
import { createServer, request } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makeLocalTls, type LocalTls } from "./authority.ts";
import { serveTrustPage } from "./trustPage.ts";

const nowMs = Date.now();
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "lientuyen-tls-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const pem = (der: Uint8Array): string =>
  `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString("base64")}\n-----END CERTIFICATE-----\n`;

/** What a client that trusts this root alone says to a server with this certificate. */
const visit = (tls: LocalTls, authority: Uint8Array, servername: string): Promise<string> =>
  new Promise((resolve) => {
    const server = createServer({ cert: tls.cert, key: tls.key }, (_, response) =>
      response.end("yes"),
    );
    const end = (answer: string): void => void server.close(() => resolve(answer));
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      const asked = request(
        { host: "127.0.0.1", port, servername, ca: pem(authority), agent: false },
        (response) => {
          response.resume();
          response.on("end", () => end("trusted"));
        },
      );
      asked.on("error", (error) => end(error.message));
      asked.end();
    });
  });

describe("the local certificate", () => {
  test("a client that trusts the root trusts the address, and the root stays the same", async () => {
    const first = await makeLocalTls({
      folder,
      nowMs,
      addresses: ["127.0.0.1"],
      names: ["localhost"],
    });
    const second = await makeLocalTls({
      folder,
      nowMs,
      addresses: ["127.0.0.1"],
      names: ["localhost"],
    });
    expect(second.fingerprint).toBe(first.fingerprint);
    expect(second.cert).not.toBe(first.cert);
    expect(await visit(second, first.authority, "localhost")).toBe("trusted");
    expect(statSync(path.join(folder, "authority.key")).mode & 0o777).toBe(0o600);
  });

  test("the root cannot speak for a name on the Internet", async () => {
    const tls = await makeLocalTls({ folder, nowMs, addresses: [], names: ["bank.example"] });
    expect(await visit(tls, tls.authority, "bank.example")).toContain(
      "permitted subtree violation",
    );
  });

  test("the page tells how to trust it, and gives the root to download", async () => {
    const tls = await makeLocalTls({
      folder,
      nowMs,
      addresses: ["127.0.0.1"],
      names: ["localhost"],
    });
    const page = await serveTrustPage({
      host: "127.0.0.1",
      address: "127.0.0.1",
      appUrl: "https://127.0.0.1:1",
      appPort: 39_000,
      tls,
    });
    const answer = await fetch(page.url);
    expect(await answer.text()).toContain(tls.fingerprint);
    const root = await fetch(new URL("/trust/lientuyen-ca.crt", page.url));
    expect(new Uint8Array(await root.arrayBuffer())).toEqual(tls.authority);
    await page.close();
  });
});
