import { createHash } from "node:crypto";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findEngine, makeEngine, type Archive } from "./index.ts";

let folder = "";
let server: Server | undefined;
const before = process.env["PATH"];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "lientuyen-livekit-"));
  // Neither Go nor an engine of this machine.
  process.env["PATH"] = path.join(folder, "bin");
});
afterEach(() => {
  process.env["PATH"] = before;
  server?.close();
  server = undefined;
  rmSync(folder, { recursive: true, force: true });
});

/** A program that says that it is the engine of this version. */
const program = (version: string): string =>
  `#!/bin/sh\necho "livekit-server version ${version}"\nexit 1\n`;
const put = (file: string, version: string, mode = 0o755): string => {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, program(version));
  chmodSync(file, mode);
  return file;
};

const tarOf = (files: Readonly<Record<string, string>>): Buffer =>
  Buffer.concat([
    ...Object.entries(files).flatMap(([name, text]) => {
      const header = Buffer.alloc(512);
      header.write(name, 0);
      header.write(text.length.toString(8).padStart(11, "0"), 124);
      return [header, Buffer.from(text), Buffer.alloc((512 - (text.length % 512)) % 512)];
    }),
    Buffer.alloc(1_024),
  ]);

/** Serves these bytes and gives where, with their true sum. */
const serve = async (bytes: Buffer): Promise<Archive> => {
  const made = createServer((_request, response) => response.end(bytes));
  server = made;
  await new Promise<void>((resolve) => made.listen(0, "127.0.0.1", resolve));
  const address = made.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/engine.tar.gz`,
    sha256: createHash("sha256").update(bytes).digest("hex"),
  };
};
const { signal } = new AbortController();
const whole = (): Buffer =>
  gzipSync(tarOf({ LICENSE: "x".repeat(700), "livekit-server": program("1.13.5") }));

describe("finding the engine", () => {
  test("the PATH first, then the folders; another major, and what does not run, is passed over", async () => {
    const [one, two] = [path.join(folder, "one"), path.join(folder, "two")];
    expect(await findEngine([one, two])).toBeUndefined();
    put(path.join(one, "livekit-server-1.13.5"), "1.13.5", 0o644);
    const kept = put(path.join(two, "livekit-server-1.13.5"), "1.13.5");
    expect(await findEngine([one, two])).toBe(kept);
    const onPath = path.join(folder, "bin", "livekit-server");
    put(onPath, "2.0.0");
    expect(await findEngine([one, two])).toBe(kept);
    put(onPath, "1.9.1");
    expect(await findEngine([one, two])).toBe(onPath);
  });
});

describe("making the engine", () => {
  test("the program is taken out of the release and can be run", async () => {
    const cache = path.join(folder, "cache");
    const file = await makeEngine({ folder: cache, signal, archive: await serve(whole()) });
    expect(readFileSync(file, "utf8")).toBe(program("1.13.5"));
    expect(statSync(file).mode & 0o777).toBe(0o755);
    expect(readdirSync(cache)).toEqual([path.basename(file)]);
    expect(await findEngine([cache])).toBe(file);
  });

  test("another file than the pinned one is thrown away, and what stood against each way is said", async () => {
    const cache = path.join(folder, "cache");
    const archive = { ...(await serve(whole())), sha256: "0".repeat(64) };
    const making = makeEngine({ folder: cache, signal, archive });
    await expect(making).rejects.toThrow(/is not the pinned one; .*go/);
    expect(readdirSync(cache)).toEqual([]);
  });

  test("an archive without the program, and one that is cut off, are no engine", async () => {
    const cache = path.join(folder, "cache");
    for (const bytes of [gzipSync(tarOf({ LICENSE: "x" })), whole().subarray(0, 60)]) {
      await expect(
        makeEngine({ folder: cache, signal, archive: await serve(bytes) }),
      ).rejects.toThrow(/livekit-server|end of file/);
      server?.close();
    }
    expect(readdirSync(cache)).toEqual([]);
  });

  test("asked to stop it stops, Go's children with it, and leaves nothing", async () => {
    const cache = path.join(folder, "cache");
    const go = path.join(folder, "bin", "go");
    const pids = path.join(folder, "pids");
    put(go, "");
    writeFileSync(
      go,
      `#!/bin/sh\n/bin/sleep 300 &\necho $! $$ > ${pids}.new\n/bin/mv ${pids}.new ${pids}\nwait\n`,
    );
    const stop = new AbortController();
    const archive = { url: "http://127.0.0.1:1/none", sha256: "" };
    const making = makeEngine({ folder: cache, signal: stop.signal, archive });
    const failed = making.then(
      () => "made",
      () => "given up",
    );
    await expect.poll(() => readdirSync(folder), { timeout: 15_000 }).toContain("pids");
    stop.abort();
    expect(await failed).toBe("given up");
    expect(readdirSync(cache)).toEqual([]);
    for (const pid of readFileSync(pids, "utf8").trim().split(" "))
      await expect.poll(() => isAlive(Number(pid)), { timeout: 15_000 }).toBe(false);
  });
});

/** A zombie that nobody has asked after is not alive. */
const isAlive = (pid: number): boolean => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
};
