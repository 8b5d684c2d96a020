import { call, protocol, urlOf, type CallResult } from "@lientuyen/api";
import type { FileRef } from "@lientuyen/record";
import type { Network, Sync } from "@lientuyen/sync";
import { contentHash } from "./contentHash.ts";
import type { Device } from "./device.ts";
import { DeviceError } from "./deviceError.ts";
import type { EncryptedDisk } from "./disk.ts";
import type { Line } from "./line.ts";
import type { Session } from "./session.ts";

export interface CaseFilesParts {
  readonly crypto: Crypto;
  readonly fetch: Line;
  readonly base: string;
  readonly disk: EncryptedDisk;
  readonly sync: Sync;
  readonly network: Network;
  readonly session: Session;
  readonly signal: AbortSignal;
  /** Files of this case arrived somewhere, or their standing is known now. */
  readonly changed: (log: string) => void;
  readonly foundFull: () => void;
  readonly urgencyOf: (log: string) => Promise<"emergency" | "urgent" | "routine" | undefined>;
}

const type = /^[a-z]+\/[a-z0-9.+-]+$/;

const tokenOf = (url: string): string => url.slice(url.lastIndexOf("/") + 1);

/** Files of cases: sealed on this device, uploaded by priority, fetched when they are looked at. */
export const openCaseFiles = (parts: CaseFilesParts): Device["files"] => {
  const { disk, sync, network, session, signal } = parts;
  const held = new Map<string, ReadonlySet<string>>();
  const asking = new Set<string>();
  const way = () => ({
    fetch: parts.fetch,
    base: parts.base,
    protocol,
    csrf: session.csrf(),
    signal,
  });

  const askHeld = async (log: string) => {
    if (asking.has(log)) return;
    asking.add(log);
    try {
      const answer = await network.filesHeld(log, signal);
      if (answer.result !== "ok") return;
      const before = held.get(log);
      held.set(log, new Set(answer.held));
      if (before?.size !== answer.held.length) parts.changed(log);
    } finally {
      // Not asked again for every repaint.
      setTimeout(() => asking.delete(log), 5_000);
    }
  };

  const fetchFile = async (log: string, file: FileRef): Promise<Blob | undefined> => {
    const pieces: BlobPart[] = [];
    let from = 0;
    while (from < file.size) {
      const answer = await network.getFile(log, file.hash, from, signal);
      if (answer.result !== "ok" || answer.bytes.length === 0) return undefined;
      pieces.push(answer.bytes);
      from += answer.bytes.length;
    }
    const content = new Blob(pieces, { type: file.type });
    // What is not what the entry names is not shown, whoever sent it.
    return (await contentHash(parts.crypto, content)) === file.hash ? content : undefined;
  };

  const readLocal = async (log: string, file: FileRef): Promise<Blob | undefined> => {
    const bytes = await disk.readFile(log, file.hash, 0, file.size);
    return bytes === undefined ? undefined : new Blob([bytes], { type: file.type });
  };

  return {
    async add(log, content, priority) {
      if (content.size === 0) throw new DeviceError("file_empty");
      const hash = await contentHash(parts.crypto, content);
      const kind = content.type.split(";")[0] ?? "";
      const file = {
        hash,
        size: content.size,
        type: type.test(kind) ? kind : "application/octet-stream",
      };
      const urgency = await parts.urgencyOf(log);
      const done = await sync.addFile({ log, hash, type: file.type, priority, content, urgency });
      if (done === "done") return file;
      parts.foundFull();
      throw new DeviceError("storageFull");
    },
    async read(log, file) {
      const local = await readLocal(log, file);
      if (local !== undefined) return local;
      const fetched = await fetchFile(log, file);
      if (fetched === undefined) return undefined;
      if ((await disk.writeFile(log, file.hash, fetched)) === "full") parts.foundFull();
      return fetched;
    },
    arrived(log) {
      void askHeld(log).catch(() => undefined);
      const sent = sync.uploads(log).flatMap((row) => (row.state === "sent" ? [row.hash] : []));
      return new Set([...(held.get(log) ?? []), ...sent]);
    },
    progress(hash) {
      const row = sync.uploads().find((one) => one.hash === hash && one.state === "waiting");
      return row === undefined ? undefined : { sent: row.sentBytes, size: row.size };
    },
    async openCameraLink(log) {
      const { token, expiresAt } = valueOf(await call("openCameraLink", { in: { log } }, way()));
      return { url: `${parts.base || location.origin}/camera/${token}`, expiresAt };
    },
    async cameraLinkPhotos(url) {
      const params = { token: tokenOf(url) };
      const { photos } = valueOf(await call("cameraLinkPhotos", { params }, way()));
      return photos.map(({ hash }) => hash);
    },
    async takeFromCameraLink(url, hash) {
      const address = urlOf("takePhoto", { token: tokenOf(url), hash }, parts.base);
      const headers = { "x-lientuyen-protocol": String(protocol) };
      const request = { method: "GET", headers, credentials: "same-origin", signal } as const;
      const response = await parts.fetch(address, request);
      if (!response.ok) throw new DeviceError("not_found");
      return new Blob([await response.arrayBuffer()], {
        type: response.headers.get("content-type") ?? "image/jpeg",
      });
    },
  };
};

export const valueOf = <T>(answer: CallResult<T>): T => {
  if (answer.ok) return answer.value;
  throw new DeviceError(answer.error);
};
