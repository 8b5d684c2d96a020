import { randomBytes } from "node:crypto";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import {
  findEngine,
  freePort,
  makeEngine,
  sharedFolder,
  startEngine,
  type Engine,
} from "@lientuyen/livekit";
import type { LiveMedia, LiveState } from "@lientuyen/server";
import * as v from "valibot";
import type { Settings } from "../environment.ts";
import type { DataFolder } from "../folder/dataFolder.ts";
import { keepSecret } from "../folder/secretFile.ts";
import { say } from "../progress.ts";
import { live as words, type Both } from "../words.ts";

/** The media engine beside the server. */
export interface Live {
  readonly media: LiveMedia | undefined;
  /** Makes it ready in the background, once the server can be used. */
  readonly begin: () => void;
  readonly close: () => Promise<void>;
}

const Keys = v.object({ key: v.string(), secret: v.string() });

const keepKeys = async (folder: DataFolder): Promise<v.InferOutput<typeof Keys>> => {
  const text = await keepSecret(folder.secrets, "livekit.json", () =>
    JSON.stringify({
      key: `API${randomBytes(9).toString("hex")}`,
      secret: randomBytes(32).toString("hex"),
    }),
  );
  return v.parse(Keys, JSON.parse(text));
};

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** The program on this machine, made where it is not there; the cache first, the data folder where that is closed. */
const obtain = async (own: string, signal: AbortSignal): Promise<string> => {
  const found = await findEngine([own, sharedFolder()]);
  if (found !== undefined) return found;
  say(words.preparing);
  return makeEngine({ folder: sharedFolder(), signal }).catch((error: unknown) => {
    const code = error instanceof Error && "code" in error ? error.code : "";
    if (code === "EACCES" || code === "EROFS" || code === "ENOENT")
      return makeEngine({ folder: own, signal });
    throw error;
  });
};

const firstPauseMs = 200;
const longestPauseMs = 10_000;

type Own = Extract<Settings["live"], { readonly kind: "own" }>;

const openOwn = async (folder: DataFolder, settings: Own): Promise<Live> => {
  const { key, secret } = await keepKeys(folder);
  const port = await freePort("tcp");
  const stop = new AbortController();
  let state: LiveState = "preparing";
  let engine: Engine | undefined;

  /** One life of the engine, from its start to its end; false where it did not come up. */
  const live = async (binary: string, word: Both): Promise<boolean> => {
    try {
      engine = await startEngine({
        binary,
        folder: folder.path,
        key,
        secret,
        network: settings.network,
        port,
      });
    } catch (error) {
      if (state !== "absent" && !stop.signal.aborted) say(words.absent(messageOf(error)));
      state = "absent";
      return false;
    }
    state = "ready";
    say(word);
    await engine.ended;
    state = "preparing";
    if (!stop.signal.aborted) say(words.gone);
    return true;
  };

  /** Keeps it up at one address, for ever; whoever talks comes back by themselves. */
  const keepUp = async (binary: string): Promise<void> => {
    let pauseMs = firstPauseMs;
    for (let first = true; !stop.signal.aborted; first = false) {
      const sinceMs = performance.now();
      const lived = await live(binary, first ? words.ready : words.back);
      const lasted = lived && performance.now() - sinceMs > longestPauseMs;
      pauseMs = lasted ? firstPauseMs : Math.min(pauseMs * 2, longestPauseMs);
      await wait(pauseMs, undefined, { signal: stop.signal });
    }
  };

  const run = async (): Promise<void> => {
    try {
      await keepUp(await obtain(path.join(folder.path, "livekit"), stop.signal));
    } catch (error) {
      if (stop.signal.aborted) return;
      state = "absent";
      say(words.absent(messageOf(error)));
    }
  };
  let running: Promise<void> | undefined;
  return {
    media: {
      state: () => state,
      url: `http://127.0.0.1:${port}`,
      publicUrl: undefined,
      key,
      secret,
    },
    begin: () => {
      running ??= run();
    },
    close: async () => {
      stop.abort();
      await engine?.close();
      await running;
      // It may have come up while it was asked to go.
      await engine?.close();
    },
  };
};

const lookMs = 15_000;

/** Somebody's own engine or cluster: asked whether it is there, never started. */
const openExternal = ({
  url,
  key,
  secret,
}: Extract<Settings["live"], { readonly kind: "external" }>): Live => {
  const stop = new AbortController();
  let state: LiveState = "preparing";
  const api = url.replace(/^ws/, "http");
  const look = async (): Promise<void> => {
    const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(5_000)]);
    const there = await fetch(api, { signal }).then(
      ({ ok }) => ok,
      () => false,
    );
    if (!there && state !== "absent" && !stop.signal.aborted) say(words.absent(url));
    state = there ? "ready" : "absent";
  };
  const watch = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await look();
      await wait(lookMs, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  };
  let watching: Promise<void> | undefined;
  return {
    media: { state: () => state, url: api, publicUrl: url.replace(/^http/, "ws"), key, secret },
    begin: () => {
      watching ??= watch();
    },
    close: async () => {
      stop.abort();
      await watching;
    },
  };
};

const off: Live = {
  media: undefined,
  begin: () => undefined,
  close: () => Promise.resolve(),
};

/** Of a local network the address that was chosen for the app is the one for media too. */
const withAddress = ({ network }: Own, address: string | undefined): Own => ({
  kind: "own",
  network: network === undefined ? undefined : { ...network, ip: network.ip ?? address },
});

/**
 * The media engine as the settings ask for it; nothing is started yet.
 * @param address of this machine, where it was found out
 */
export const openLive = async (
  folder: DataFolder,
  { live }: Settings,
  address: string | undefined,
): Promise<Live> => {
  switch (live.kind) {
    case "off":
      return off;
    case "external":
      return openExternal(live);
    case "own":
      return openOwn(folder, withAddress(live, address));
  }
};
