import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { say, startProgress } from "./say.mjs";

const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const find = () =>
  [process.env.LIENTUYEN_CHROMIUM, ...places].find(
    (file) => file !== undefined && existsSync(file),
  );

const aptGet = (...args) =>
  spawnSync("apt-get", ["-q", "-y", ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    stdio: ["ignore", "ignore", "pipe"],
    encoding: "utf8",
  });

const missing = (detail) => {
  say(
    "Cần trình duyệt Chromium để chạy các bài thử: apt-get install chromium (quyền root), hoặc đặt LIENTUYEN_CHROMIUM.",
    "The tests need Chromium: apt-get install chromium (as root), or set LIENTUYEN_CHROMIUM.",
    ...(detail === "" ? [] : [detail]),
  );
  process.exit(1);
};

/** Finds a browser for the tests; as root on Debian installs one where there is none. */
export const ensureChromium = () => {
  if (find() !== undefined) return;
  if (process.getuid?.() !== 0) missing("");
  const stop = startProgress("Đang cài Chromium", "installing Chromium");
  aptGet("update");
  const installed = aptGet("install", "--no-install-recommends", "chromium");
  stop();
  if (find() === undefined) missing((installed.stderr ?? "").trim().slice(-500));
};
