import type { Running } from "./running.ts";
import { sessionsOf } from "./sessions.ts";

const enterPatienceMs = 1_200;
/** Greetings of a connection and the question itself, each a way there and back. */
const greetings = 4;
/** After a shorter break the engine still knows this endpoint, and media come back by themselves. */
const forgottenMs = 12_000;
const graceMs = 800;
/** A line of 64 kbit/s and 600 ms takes its time for the first greeting. */
export const joinPatienceMs = 12_000;
export const alive = "alive";

const signalling = (url: string | undefined): string =>
  url ?? `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}`;

/** What a question takes on this line, so that one from before a break does not hold up the next. */
const patienceOf = ({ steering, at }: Running): number =>
  at === "mending" ? enterPatienceMs + greetings * (steering?.roundTripMs() ?? 0) : joinPatienceMs;

/** The server's answer, or that the connection lives again by itself. */
export const ask = async (call: Running) => {
  const { device, log, session, line, back } = call;
  const patienceMs = patienceOf(call);
  const entering = sessionsOf(device).enter(log, session?.session ?? back, patienceMs);
  if (call.at !== "mending" || line === undefined) return entering;
  const living = line.isAlive(patienceMs).then(async (lives) => (lives ? alive : entering));
  return Promise.race([living, entering]);
};

export const cameBack = async ({ line, brokenMs = 0 }: Running): Promise<boolean> =>
  performance.now() - brokenMs < forgottenMs && (await line?.isAlive(graceMs)) === true;

export const tryToConnect = async (
  { line }: Running,
  { url, token }: { readonly url?: string | undefined; readonly token: string },
): Promise<boolean> => {
  try {
    await line?.connect(signalling(url), token);
    return true;
  } catch {
    return false;
  }
};
