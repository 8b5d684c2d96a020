import { call, type CallValue } from "@lientuyen/api";
import type { CaseBody } from "@lientuyen/record";
import type { Device } from "../../device/device.ts";
import { sessionsOf } from "./sessions.ts";

export type Answerer = CaseBody<"recordingConsent">["by"];
/** Why it did not begin. */
export type Hindrance = "refused" | "offline";
export type Recordings = CallValue<"recordings">["recordings"];
export type Recording = Recordings[number];
export type ReadyRecording = Extract<Recording, { readonly state: "ready" }>;

const triesMs = 500;
const mostTries = 40;

/** What everybody saw stays in the case. */
const note = (device: Device, log: string, session: string, on: boolean): Promise<unknown> =>
  device.cases.write(log, [{ kind: "sessionNoted", body: { session, what: "recording", on } }]);

/**
 * Writes the consent, if it is new, and turns recording on as soon as the server has it: it believes no screen.
 * @param by who agreed just now; undefined: the case holds it already
 */
export const startRecording = async (
  device: Device,
  log: string,
  session: string,
  by: Answerer | undefined,
): Promise<Hindrance | undefined> => {
  if (by !== undefined) {
    const at = new Date(device.now()).toISOString();
    await device.cases.write(log, [
      { kind: "recordingConsent", body: { given: true, by, how: "spoken", at } },
    ]);
  }
  for (let tries = 0; tries < mostTries; tries++) {
    const answer = await sessionsOf(device).act(session, { act: "startRecording" });
    if (answer.ok) {
      await note(device, log, session, true);
      return undefined;
    }
    if (answer.error === "offline") return "offline";
    // The entry is on its way.
    if (answer.error !== "recording_needs_consent" || by === undefined) return "refused";
    await new Promise((resolve) => {
      setTimeout(resolve, triesMs);
    });
  }
  return "refused";
};

export const stopRecording = async (
  device: Device,
  log: string,
  session: string,
): Promise<void> => {
  const answer = await sessionsOf(device).act(session, { act: "stopRecording" });
  if (answer.ok) await note(device, log, session, false);
};

export const listRecordings = async (device: Device, log: string): Promise<Recordings> => {
  const params = { case: log.slice("case/".length) };
  const answer = await call("recordings", { params }, device.way());
  return answer.ok ? answer.value.recordings : [];
};

/** The server holds the file already; this signature makes it the case's. */
export const keepRecording = (
  device: Device,
  log: string,
  name: string,
  { session, file, durationMs, gaps }: ReadyRecording,
): Promise<unknown> =>
  device.cases.write(log, [
    {
      kind: "fileAdded",
      body: {
        file,
        role: "voice",
        name,
        durationMs,
        recording: {
          session,
          gaps: gaps.map(({ fromMs, toMs, who }) => ({
            fromMs,
            toMs,
            ...(who === null ? {} : { who }),
          })),
        },
      },
    },
  ]);
