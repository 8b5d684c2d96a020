import type { Running } from "./running.ts";
import { sessionsOf } from "./sessions.ts";
import type { SteeringParts } from "./steering.ts";
import { joinPatienceMs } from "./wayIn.ts";

/** Characters that no compression on the way makes fewer. */
const ballastOf = (characters: number): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(characters));
  return Array.from(bytes, (byte) => String.fromCodePoint(33 + (byte % 90))).join("");
};

/** How a call tells the server what it said and heard. */
export const reporterOf =
  (call: Running): SteeringParts["report"] =>
  async ({ spoke, heard }, weight) => {
    const { device, session, at } = call;
    if (session === undefined || at === "joining" || at === "waiting") return undefined;
    const weighed = weight === undefined ? {} : { weight, ballast: ballastOf(weight) };
    const report = { spoke, heard: { ...heard }, ...weighed };
    const answer = await sessionsOf(device).reportHearing(session.session, report, joinPatienceMs);
    return answer.ok ? answer.value : undefined;
  };
