import {
  directoryBodies,
  fingerprint,
  installationBodies,
  isBase64url,
  type ParsedEntry,
  type Primitives,
} from "@lientuyen/record";
import * as v from "valibot";

/** Public keys that this device has reason to believe, learned from the directories and the installation's log. */
export interface KeyBook {
  /** Fingerprint of the installation's root key. */
  root(): string | undefined;
  /** Uncompressed point, base64url, of a key that signs entries. */
  publicKeyOf(key: string): string | undefined;
  receiptKeyOf(key: string): string | undefined;
  checkpointKeyOf(key: string): string | undefined;
  receiptKeys(): readonly { readonly key: string; readonly publicKey: string }[];
  /** The newest key that batches are sealed to. */
  sealingKey(): { readonly key: string; readonly publicKey: string } | undefined;
  /** Point to check this entry's signature with; the founding entry brings its own, which its fingerprint must fit. */
  keyFor(entry: ParsedEntry): Promise<string | undefined>;
  /** Takes in an entry whose signature has been checked; says which signing key became known. */
  learn(entry: ParsedEntry): Promise<string | undefined>;
}

const directoryLog = /^directory\//;

export function createKeyBook(p: Primitives, pinnedRoot: string | undefined): KeyBook {
  let root = pinnedRoot;
  let sealing: { readonly key: string; readonly publicKey: string } | undefined;
  const signing = new Map<string, string>();
  const receipt = new Map<string, string>();
  const checkpoint = new Map<string, string>();

  const fits = async (key: string, publicKey: string): Promise<boolean> =>
    isBase64url(publicKey) && (await fingerprint(p, publicKey)) === key;

  const founding = async (entry: ParsedEntry): Promise<string | undefined> => {
    if (entry.header.log !== "installation" || entry.header.kind !== "installationFounded")
      return undefined;
    const body = v.safeParse(installationBodies.installationFounded, entry.body);
    if (!body.success || (root !== undefined && root !== entry.header.key)) return undefined;
    return (await fits(entry.header.key, body.output.rootKey)) ? body.output.rootKey : undefined;
  };

  const learnFounding = async (entry: ParsedEntry): Promise<string | undefined> => {
    const rootKey = await founding(entry);
    if (rootKey === undefined) return undefined;
    root = entry.header.key;
    signing.set(root, rootKey);
    return root;
  };

  const learnServerKey = async (entry: ParsedEntry): Promise<string | undefined> => {
    const body = v.safeParse(installationBodies.serverKeyCertified, entry.body);
    // Only the root names the server's working keys.
    if (
      !body.success ||
      entry.header.key !== root ||
      !(await fits(body.output.key, body.output.publicKey))
    )
      return undefined;
    const { key, publicKey, use } = body.output;
    if (use === "receipt") receipt.set(key, publicKey);
    else if (use === "checkpoint") checkpoint.set(key, publicKey);
    else if (use === "certificate") signing.set(key, publicKey);
    else if (use === "sealing") sealing = { key, publicKey };
    return use === "certificate" ? key : undefined;
  };

  const learnPersonsKey = async (entry: ParsedEntry): Promise<string | undefined> => {
    const body = v.safeParse(directoryBodies.keyCertified, entry.body);
    if (!body.success || !(await fits(body.output.key, body.output.publicKey))) return undefined;
    signing.set(body.output.key, body.output.publicKey);
    return body.output.key;
  };

  return {
    root: () => root,
    publicKeyOf: (key) => signing.get(key),
    receiptKeyOf: (key) => receipt.get(key),
    checkpointKeyOf: (key) => checkpoint.get(key),
    receiptKeys: () => [...receipt].map(([key, publicKey]) => ({ key, publicKey })),
    sealingKey: () => sealing,
    keyFor: async (entry) => (await founding(entry)) ?? signing.get(entry.header.key),
    learn: async (entry) => {
      const { log, kind } = entry.header;
      if (log === "installation")
        return kind === "installationFounded" ? learnFounding(entry) : learnServerKey(entry);
      return directoryLog.test(log) && kind === "keyCertified" ? learnPersonsKey(entry) : undefined;
    },
  };
}

/** Logs whose entries teach keys: they are read before the others. */
export const teachesKeys = (log: string): boolean =>
  log === "installation" || directoryLog.test(log);
