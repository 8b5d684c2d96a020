import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { node, root } from "./install.mjs";
import { say, startProgress } from "./say.mjs";

const station = path.join(root, "apps/station");
export const stationDist = path.join(station, "dist");
const stamp = path.join(stationDist, ".built-from");

const sources = [
  "apps/station",
  "packages/api",
  "packages/record",
  "packages/session",
  "packages/sync",
  "packages/terms",
  "packages/ui",
];
const skipped = new Set(["node_modules", "dist", ".cache"]);

const listFiles = (folder) =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !skipped.has(entry.name))
    .flatMap((entry) => {
      const full = path.join(folder, entry.name);
      return entry.isDirectory() ? listFiles(full) : [full];
    });

/** One hash over everything that the station app is built from. */
const hashSources = () => {
  const hash = createHash("sha256");
  const files = sources.flatMap((folder) => listFiles(path.join(root, folder)));
  for (const file of [
    path.join(root, "package-lock.json"),
    ...files.sort((a, b) => (a < b ? -1 : 1)),
  ]) {
    if (/\.test\.tsx?$/.test(file)) continue;
    hash.update(path.relative(root, file)).update("\0").update(readFileSync(file)).update("\0");
  }
  return hash.digest("hex");
};

const runVite = () =>
  new Promise((resolve, reject) => {
    const child = spawn(
      node,
      [path.join(root, "node_modules/vite/bin/vite.js"), "build", "--logLevel", "warn"],
      {
        cwd: station,
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    let output = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (output += chunk));
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve() : reject(new Error(output.trim()))));
  });

/** Builds the station app where its sources have changed since, or where the last build was cut off. */
export const ensureBuilt = async () => {
  const wanted = hashSources();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  const stop = startProgress("Đang dựng giao diện", "building the screens");
  rmSync(stamp, { force: true });
  try {
    await runVite();
  } catch (error) {
    stop();
    const full = /ENOSPC/.test(error.message);
    if (full)
      say(
        "Đĩa đã đầy: không dựng được giao diện.",
        "The disk is full: the screens cannot be built.",
      );
    else say("Không dựng được giao diện:", "The screens could not be built:", error.message);
    process.exit(1);
  }
  mkdirSync(stationDist, { recursive: true });
  writeFileSync(stamp, wanted);
  stop();
};
