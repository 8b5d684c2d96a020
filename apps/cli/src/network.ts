import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import type { Settings } from "./environment.ts";
import { isLoopback } from "./environment.ts";
import { Failure } from "./failure.ts";
import type { DataFolder } from "./folder/dataFolder.ts";
import { isCode } from "./folder/secretFile.ts";
import { findLanAddresses, localName } from "./lan/addresses.ts";
import type { LocalTls } from "./lan/authority.ts";

/** Demo passwords are printed on the console: they are for this machine, unless somebody says otherwise. */
const checkExposure = (settings: Settings, folder: DataFolder): void => {
  const demo = folder.installation.kind === "demo";
  if (demo && !settings.demoOnNetwork && !isLoopback(settings.host))
    throw new Failure({ code: "demoOnNetwork", host: settings.host });
};

const checkPort = ({ host, port }: Settings): Promise<void> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (error) => {
      if (isCode(error, "EADDRINUSE")) return reject(new Failure({ code: "portInUse", port }));
      if (isCode(error, "EACCES")) return reject(new Failure({ code: "portNotAllowed", port }));
      if (isCode(error, "EADDRNOTAVAIL") || isCode(error, "ENOTFOUND"))
        return reject(new Failure({ code: "noSuchAddress", host }));
      reject(error);
    });
    probe.listen(port, host, () => probe.close(() => resolve()));
  });

/** Whether the server may open the door that was asked for; before anything slow begins. */
export const checkDoor = async (settings: Settings, folder: DataFolder): Promise<void> => {
  checkExposure(settings, folder);
  await checkPort(settings);
};

const readPem = (file: string): string => {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new Failure({ code: "unreadable", file });
  }
};

export type Tls = { readonly cert: string; readonly key: string };
export interface LanDoor {
  readonly address: string;
  readonly tls: LocalTls;
}

/** A certificate of one's own (TLS_CERT, TLS_KEY), else with --lan a local one, else plain http. */
export const openTls = async (
  settings: Settings,
  folder: DataFolder,
): Promise<{ readonly tls: Tls | undefined; readonly lan: LanDoor | undefined }> => {
  const { tlsFiles } = settings;
  if (tlsFiles !== undefined)
    return { tls: { cert: readPem(tlsFiles.cert), key: readPem(tlsFiles.key) }, lan: undefined };
  if (!settings.lan) return { tls: undefined, lan: undefined };
  const addresses = findLanAddresses();
  const [address] = addresses;
  if (address === undefined) throw new Failure({ code: "noNetwork", detail: localName() });
  // Loaded here only: an ordinary start needs no certificate library.
  const { makeLocalTls } = await import("./lan/authority.ts");
  const tls = await makeLocalTls({
    folder: folder.tls,
    nowMs: Date.now(),
    addresses: [...addresses, "127.0.0.1"],
    names: [localName(), "localhost"],
  });
  return { tls: { cert: tls.cert, key: tls.key }, lan: { address, tls } };
};
