import { judgeLink, kbitOf, type LinkState, type Measured } from "./judge.ts";

/** Sends so many letters and asks for so many; false where no answer came. */
export type Probe = (up: string, down: number) => Promise<boolean>;

const sizes = [8_192, 32_768, 131_072] as const;
/** A probe that took this long has said enough. */
const longMs = 700;

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const randomText = (length: number): string => {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 65_536)
    crypto.getRandomValues(bytes.subarray(at, Math.min(at + 65_536, length)));
  return [...bytes].map((byte) => letters[byte % 64] ?? "").join("");
};

const timed = async (work: () => Promise<boolean>): Promise<number | undefined> => {
  const started = performance.now();
  return (await work()) ? performance.now() - started : undefined;
};

/** The largest piece that the line takes in a moment says its rate. */
const rate = async (
  roundTripMs: number,
  go: (bytes: number) => Promise<boolean>,
): Promise<number | undefined> => {
  let kbit: number | undefined;
  for (const bytes of sizes) {
    const tookMs = await timed(() => go(bytes));
    if (tookMs === undefined) break;
    kbit = kbitOf(bytes, tookMs, roundTripMs);
    if (tookMs - roundTripMs > longMs) break;
  }
  return kbit;
};

/** Round trip and rate both ways between this browser and the server; tells what it has so far. */
export const measureLink = async (
  probe: Probe,
  onMeasured: (measured: Measured) => void,
): Promise<LinkState> => {
  const trips: number[] = [];
  for (let n = 0; n < 3; n++) {
    const tookMs = await timed(() => probe("", 0));
    if (tookMs !== undefined) trips.push(tookMs);
  }
  if (trips.length === 0) return "none";
  // The first may have opened the connection.
  const roundTripMs = Math.round(Math.min(...trips));
  onMeasured({ roundTripMs });
  const downKbit = await rate(roundTripMs, (bytes) => probe("", bytes));
  const upKbit = await rate(roundTripMs, (bytes) => probe(randomText(bytes), 0));
  const measured: Measured = {
    roundTripMs,
    ...(downKbit === undefined ? {} : { downKbit }),
    ...(upKbit === undefined ? {} : { upKbit }),
  };
  onMeasured(measured);
  return judgeLink(measured);
};
