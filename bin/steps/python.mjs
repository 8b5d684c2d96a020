import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import path from "node:path";
import { root } from "./install.mjs";
import { say, startProgress } from "./say.mjs";

const venv = path.join(root, ".cache/python");
const own = path.join(venv, "bin/python3");
const requirements = path.join(root, "tests/conformance/requirements.txt");
const probe = "from cryptography.hazmat.primitives.asymmetric import ec";
const has = (python) => spawnSync(python, ["-c", probe]).status === 0;
const find = () =>
  [process.env.LIENTUYEN_PYTHON, own, "python3", "/usr/bin/python3"].find(
    (python) => python !== undefined && python !== "" && has(python),
  );

const run = (command, args) => {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const done = spawnSync(command, args, { env, stdio: ["ignore", "ignore", "pipe"] });
  return done.status === 0 ? "" : String(done.stderr ?? done.error ?? command).trim();
};

/** As root Debian's own package; else a private environment with the locked packages. */
const ways = [
  () => {
    if (process.getuid?.() !== 0) return "";
    run("apt-get", ["-q", "-y", "update"]);
    const packages = ["python3", "python3-cryptography"];
    return run("apt-get", ["-q", "-y", "install", "--no-install-recommends", ...packages]);
  },
  () => {
    rmSync(venv, { recursive: true, force: true });
    return (
      run("python3", ["-m", "venv", venv]) ||
      run(own, ["-m", "pip", "install", "-q", "--require-hashes", "-r", requirements])
    );
  },
];

/**
 * Finds Python with `cryptography` for the second verifier of bundles, or gets it. Where that fails, it is
 * said here and its test fails: it is never passed over.
 */
export const ensurePython = () => {
  let python = find();
  if (python === undefined) {
    const stop = startProgress("Đang cài Python", "installing Python");
    const errors = [];
    for (const way of ways) {
      const error = way();
      if (error !== "") errors.push(error.slice(-500));
      python = find();
      if (python !== undefined) break;
    }
    stop();
    if (python === undefined)
      say(
        "Bài thử bộ kiểm tra gói thứ hai cần Python 3 có cryptography: apt-get install python3-cryptography (quyền root), hoặc đặt LIENTUYEN_PYTHON.",
        "The test of the second verifier needs Python 3 with cryptography: apt-get install python3-cryptography (as root), or set LIENTUYEN_PYTHON.",
        ...errors,
      );
  }
  if (python !== undefined) process.env.LIENTUYEN_PYTHON = python;
};
