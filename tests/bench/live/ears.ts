import type { Page } from "playwright-core";

/** What one page has heard and seen so far; counts only grow while a connection lives. */
export interface Heard {
  /** By `performance.now()` of the page; undefined: not yet. */
  readonly firstVoiceMs: number | undefined;
  readonly firstFrameMs: number | undefined;
  /** How many voices have been heard at all since `restart`. */
  readonly voices: number;
  /** The last moment at which a voice was decoded. */
  readonly lastVoiceMs: number | undefined;
  readonly samples: number;
  /** Made up because nothing had come; without the quiet that a sender leaves out on purpose. */
  readonly concealed: number;
  readonly frames: number;
  /** Height of the picture decoded last. */
  readonly frameHeight: number;
}

interface Ears {
  readonly read: () => Heard;
  readonly restart: () => void;
}

declare global {
  interface Window {
    lientuyenEars: Ears;
  }
}

/** Runs in the page before its scripts: keeps each connection that is made, and looks at them ten times a second. */
const growEars = (): void => {
  const connections: RTCPeerConnection[] = [];
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      connections.push(this);
    }
  };
  interface Counts {
    energy: number;
    samples: number;
    concealed: number;
    frames: number;
    height: number;
  }
  const tracks = new Map<string, Counts>();
  const counted = { samples: 0, concealed: 0, frames: 0, height: 0 };
  const heard = new Set<string>();
  let firstVoiceMs: number | undefined;
  let firstFrameMs: number | undefined;
  let lastVoiceMs: number | undefined;
  const numberIn = (report: Readonly<Record<string, unknown>>, name: string): number =>
    typeof report[name] === "number" ? report[name] : 0;
  const take = (key: string, report: Readonly<Record<string, unknown>>): void => {
    const before = tracks.get(key) ?? { energy: 0, samples: 0, concealed: 0, frames: 0, height: 0 };
    const next: Counts = {
      energy: numberIn(report, "totalAudioEnergy"),
      samples: numberIn(report, "totalSamplesReceived"),
      concealed: numberIn(report, "concealedSamples") - numberIn(report, "silentConcealedSamples"),
      frames: numberIn(report, "framesDecoded"),
      height: numberIn(report, "frameHeight"),
    };
    tracks.set(key, next);
    counted.samples += next.samples - before.samples;
    counted.concealed += next.concealed - before.concealed;
    counted.frames += next.frames - before.frames;
    if (next.frames > before.frames) {
      firstFrameMs ??= performance.now();
      counted.height = next.height;
    }
    // What is made up for a missing packet has energy too: only samples that came count.
    const came = next.samples - before.samples - (next.concealed - before.concealed);
    if (next.energy - before.energy > 0.000_02 && came > 0) {
      firstVoiceMs ??= performance.now();
      lastVoiceMs = performance.now();
      heard.add(key);
    }
  };
  const look = async (): Promise<void> => {
    for (const [at, connection] of connections.entries()) {
      if (connection.connectionState === "closed") continue;
      const reports = await connection.getStats().catch(() => undefined);
      reports?.forEach((report: Readonly<Record<string, unknown>>) => {
        if (report["type"] === "inbound-rtp")
          take(`${at}/${String(report["id"])}/${String(report["ssrc"])}`, report);
      });
    }
    setTimeout(() => void look(), 100);
  };
  void look();
  window.lientuyenEars = {
    read: () => ({
      firstVoiceMs,
      firstFrameMs,
      lastVoiceMs,
      voices: heard.size,
      samples: counted.samples,
      concealed: counted.concealed,
      frames: counted.frames,
      frameHeight: counted.height,
    }),
    restart: () => {
      firstVoiceMs = firstFrameMs = lastVoiceMs = undefined;
      heard.clear();
    },
  };
};

export const giveEars = (page: Page): Promise<unknown> => page.addInitScript(growEars);

export const readEars = (page: Page): Promise<Heard> =>
  page.evaluate(() => window.lientuyenEars.read());

/** From now on first voices and frames are looked for anew; answers the page's clock. */
export const restartEars = (page: Page): Promise<number> =>
  page.evaluate(() => {
    window.lientuyenEars.restart();
    return performance.now();
  });
