import { access, constants } from "node:fs/promises";
import path from "node:path";
import { demoLines, keepDemoPasswords } from "./demo.ts";
import type { Settings } from "./environment.ts";
import { firstLink } from "./firstLink.ts";
import {
  ensureReady,
  makeServer,
  openInstallation,
  type OpenInstallation,
} from "./installation.ts";
import { serveTrustPage, terminalQr } from "./lan/trustPage.ts";
import { openLive } from "./live/live.ts";
import { checkDoor, openTls, type LanDoor } from "./network.ts";
import { say } from "./progress.ts";
import { greeting, progress } from "./words.ts";

/** Things to stop, last opened first. */
type Closers = (() => Promise<void>)[];

const closeAll = async (closers: Closers): Promise<void> => {
  for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
};

/** Ctrl-C, a stop of the service, or the end of whoever started this. */
const untilAsked = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
      process.on(signal, () => resolve());
    process.once("disconnect", () => resolve());
  });

const showTrust = async (
  settings: Settings,
  lan: LanDoor,
  appUrl: string,
  closers: Closers,
): Promise<void> => {
  const page = await serveTrustPage({
    host: settings.host,
    address: lan.address,
    appUrl,
    appPort: settings.port,
    tls: lan.tls,
  });
  closers.push(page.close);
  say(greeting.trust(page.url), await terminalQr(page.url));
};

const greet = async (
  opened: OpenInstallation,
  address: string,
  core: Parameters<typeof firstLink>[0],
): Promise<void> => {
  say(greeting.ready(address));
  if (opened.folder.installation.kind === "demo")
    say(greeting.demo, ...demoLines(await keepDemoPasswords(opened.folder)));
  const link =
    opened.folder.installation.kind === "empty" ? await firstLink(core, address) : undefined;
  if (link !== undefined) say(greeting.firstLink(link));
  say(greeting.stop);
};

const open = async (settings: Settings, staticDir: string, closers: Closers): Promise<void> => {
  const opened = await openInstallation(settings, async (folder) => {
    await checkDoor(settings, folder);
    return openTls(settings, folder);
  });
  closers.push(opened.close);
  const { tls, lan } = opened.checked;
  await ensureReady(opened, staticDir);
  const live = await openLive(opened.folder, settings, lan?.address);
  closers.push(live.close);
  const server = await makeServer(
    opened,
    {
      host: settings.host,
      port: settings.port,
      tls,
      staticDir,
      depositAt: settings.depositAt,
      witness: { roots: settings.witnessed, dir: path.join(opened.folder.path, "deposits") },
    },
    () => Date.now(),
    live.media,
  );
  closers.push(server.close);
  const { url, port } = await server.listen();
  const address = lan === undefined ? url : `https://${lan.address}:${port}`;
  opened.lock.setAddress(address);
  if (lan !== undefined) await showTrust(settings, lan, address, closers);
  await greet(opened, address, server.core);
  await warnOfDeposits(settings.depositAt);
  // Only now: nothing that a person waits for shares the machine with it.
  live.begin();
};

/** A share that is away keeps nobody from working; what is due goes there once it is back. */
const warnOfDeposits = async (places: Settings["depositAt"]): Promise<void> => {
  for (const place of places) {
    if (place.kind !== "folder") continue;
    const there = await access(place.folder, constants.W_OK).then(
      () => true,
      () => false,
    );
    if (!there) say(greeting.depositAway(place.folder));
  }
};

const patienceMs = 30_000;

/** Runs the server until it is asked to stop. */
export const start = async (settings: Settings, root: string): Promise<void> => {
  const closers: Closers = [];
  const asked = untilAsked();
  try {
    const opening = open(settings, path.join(root, "apps/station/dist"), closers);
    await Promise.race([opening.then(() => asked), asked]);
    say(progress.stopping);
    setTimeout(() => process.exit(1), patienceMs).unref();
    // Asked while still opening: what is being opened has to be there before it can be closed.
    await opening.catch(() => undefined);
  } finally {
    await closeAll(closers);
  }
  say(progress.stopped);
};
