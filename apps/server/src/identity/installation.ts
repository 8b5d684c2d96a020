import { installationFactOf, type ParsedEntry } from "@lientuyen/record";

/** The server's own keys as the installation's log names them. */
export interface ServerStanding {
  readonly founded: boolean;
  /** Its first epoch has started: the founding was finished. */
  readonly begun: boolean;
  readonly name: string;
  readonly epoch: number;
  /** Key → public point. */
  readonly root: ReadonlyMap<string, string>;
  readonly receipt: ReadonlyMap<string, string>;
  readonly certificate: ReadonlyMap<string, string>;
  readonly checkpoint: ReadonlyMap<string, string>;
  readonly sealing: ReadonlyMap<string, string>;
}

/** Folds the installation's log; entries come in the order of their receipts. */
export const standingOf = (entries: readonly ParsedEntry[]): ServerStanding => {
  const keys = {
    root: new Map<string, string>(),
    receipt: new Map<string, string>(),
    certificate: new Map<string, string>(),
    checkpoint: new Map<string, string>(),
    sealing: new Map<string, string>(),
  };
  let name = "";
  let epoch: number | undefined;
  for (const entry of entries) {
    const read = installationFactOf(entry.header.kind, entry.body);
    if (!read.ok) continue;
    const { fact } = read;
    switch (fact.kind) {
      case "installationFounded":
        name = fact.body.name;
        keys.root.set(entry.header.key, fact.body.rootKey);
        break;
      case "serverKeyCertified":
        keys[fact.body.use].set(fact.body.key, fact.body.publicKey);
        break;
      case "serverKeyRetired":
        keys.certificate.delete(fact.body.key);
        keys.sealing.delete(fact.body.key);
        break;
      case "epochStarted":
        epoch = Math.max(epoch ?? 1, fact.body.epoch);
        break;
    }
  }
  const begun = epoch !== undefined;
  return { founded: keys.root.size > 0, begun, name, epoch: epoch ?? 1, ...keys };
};
