import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, mkdirSync, openSync, realpathSync, statSync, truncateSync } from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { endOrphans } from "./orphans.ts";
import { freePort } from "./port.ts";

/** TURN over TLS: the name that browsers are told, its port, and files of a certificate for that name. */
export interface Turn {
  readonly domain: string;
  readonly port: number;
  readonly cert: string;
  readonly key: string;
}

export interface EngineOptions {
  /** The program, as `findEngine` or `makeEngine` gave it. */
  readonly binary: string;
  /** It works in `<folder>/livekit`, its log is `<folder>/livekit.log`. */
  readonly folder: string;
  readonly key: string;
  /** 32 characters at least. */
  readonly secret: string;
  /**
   * Undefined: media for this machine alone, on a free port. Else media for the network on these ports, TCP where UDP
   * does not get through, and `ip` as the address that is told (undefined: what the engine finds).
   */
  readonly network:
    | {
        readonly udp: number;
        readonly tcp: number;
        readonly ip: string | undefined;
        /** Media that look like HTTPS, for networks that let nothing else out. */
        readonly turn?: Turn | undefined;
      }
    | undefined;
  /** Where it must come back at the same address; otherwise any free loopback port. */
  readonly port?: number;
}

export interface Engine {
  /** Signalling and API, on loopback alone: `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Ends it without waiting for who is connected; a second call waits for the same end. */
  close(): Promise<void>;
  /** Settles when it is gone, however it went. */
  readonly ended: Promise<void>;
}

const media = async ({ network }: EngineOptions): Promise<readonly string[]> =>
  network === undefined
    ? [
        // UDP always goes through on one machine, and TCP would listen to the network.
        "  tcp_port: 0",
        `  udp_port: ${await freePort("udp")}`,
        "  node_ip: 127.0.0.1",
        "  enable_loopback_candidate: true",
        "  interfaces: { includes: [lo] }",
      ]
    : [
        `  udp_port: ${network.udp}`,
        `  tcp_port: ${network.tcp}`,
        ...(network.ip === undefined ? [] : [`  node_ip: ${network.ip}`]),
      ];

const turn = ({ network }: EngineOptions): readonly string[] => {
  if (network?.turn === undefined) return [];
  const { domain, port, cert, key } = network.turn;
  return [
    "turn:",
    "  enabled: true",
    `  domain: ${JSON.stringify(domain)}`,
    `  tls_port: ${port}`,
    `  cert_file: ${JSON.stringify(cert)}`,
    `  key_file: ${JSON.stringify(key)}`,
  ];
};

/** Rooms are made by the server alone, and outlive a short absence of everybody. */
const configuration = async (options: EngineOptions, port: number): Promise<string> =>
  [
    `port: ${port}`,
    "bind_addresses: [127.0.0.1]",
    "rtc:",
    "  use_external_ip: false",
    ...(await media(options)),
    ...turn(options),
    "keys:",
    `  ${options.key}: ${options.secret}`,
    "logging: { level: warn, json: true }",
    "room: { auto_create: false, empty_timeout: 300, departure_timeout: 60 }",
  ].join("\n");

const logLimitBytes = 10_000_000;
const openLog = (file: string): number => {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > logLimitBytes) truncateSync(file, 0);
  return openSync(file, "a", 0o600);
};

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
  readonly isGone: () => boolean;
}

const launch = (binary: string, folder: string, log: string, config: string): Running => {
  const output = openLog(log);
  // Its own process group: Ctrl-C reaches the server first. The keys go by the environment, which nobody else can read.
  const child = spawn(binary, [], {
    stdio: ["ignore", output, output],
    cwd: folder,
    detached: true,
    env: { PATH: process.env["PATH"], LIVEKIT_CONFIG: config },
  });
  closeSync(output);
  let gone = false;
  const ended = new Promise<void>((resolve) => {
    const end = (): void => {
      gone = true;
      resolve();
    };
    child.once("exit", end);
    child.once("error", end);
  });
  return { child, ended, isGone: () => gone };
};

const answers = (url: string): Promise<boolean> =>
  fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
    (answer) => answer.ok,
    () => false,
  );

const startLimitMs = 60_000;

const untilReady = async (running: Running, url: string, log: string): Promise<void> => {
  const until = Date.now() + startLimitMs;
  while (!(await answers(url))) {
    if (running.isGone() || Date.now() > until) throw new Error(`it did not start; see ${log}`);
    await wait(50);
  }
};

const closer = (running: Running): (() => Promise<void>) => {
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    // The first asks it to wait until everybody has left, the second not to.
    running.child.kill("SIGTERM");
    const insist = setInterval(() => running.child.kill("SIGTERM"), 300);
    const end = setTimeout(() => running.child.kill("SIGKILL"), 5_000);
    await running.ended;
    clearInterval(insist);
    clearTimeout(end);
  };
  return () => (closing ??= running.isGone() ? Promise.resolve() : close());
};

/**
 * Starts the media engine, ending first what a killed start left behind.
 * @throws Error where it does not come up, a taken media port for one
 */
export const startEngine = async (options: EngineOptions): Promise<Engine> => {
  mkdirSync(path.join(options.folder, "livekit"), { recursive: true, mode: 0o700 });
  const folder = realpathSync(path.join(options.folder, "livekit"));
  await endOrphans(folder);
  const port = options.port ?? (await freePort("tcp"));
  const log = path.join(options.folder, "livekit.log");
  const url = `http://127.0.0.1:${port}`;
  const running = launch(options.binary, folder, log, await configuration(options, port));
  const close = closer(running);
  try {
    await untilReady(running, url, log);
  } catch (error) {
    await close();
    throw error;
  }
  return { url, port, pid: running.child.pid ?? 0, close, ended: running.ended };
};
