import { stayUnlocked } from "../../app/stayUnlocked.ts";
import { mostPictures } from "./decoding.ts";
import type { Change } from "@lientuyen/session";
import type { Device } from "../../device/device.ts";
import type { Direction } from "./ladders.ts";
import type { Line } from "./livekitLine.ts";
import type { LiveSession } from "./sessions.ts";
import type { Steering } from "./steering.ts";

/** joining: on the way in; waiting: at the door; talking; mending: the connection is made anew. */
export type CallStage = "joining" | "waiting" | "talking" | "mending";

/** What is gone into: a case's call, this session of it where one is named. */
export interface Into {
  readonly log: string;
  readonly withCamera: boolean;
  readonly session: string | undefined;
}

/** All that one call of this window holds. */
export interface Running {
  readonly device: Device;
  readonly log: string;
  line: Line | undefined;
  steering: Steering | undefined;
  connecting: boolean;
  /** The last change of rung that the case is still to be told. */
  toNote: { readonly direction: Direction; readonly change: Change } | undefined;
  notedAtMs: number | undefined;
  readonly withCamera: boolean;
  /** Into this session alone. */
  readonly back: string | undefined;
  /** This window was in it before it was reloaded. */
  readonly isReload: boolean;
  session: LiveSession | undefined;
  at: CallStage;
  over: boolean;
  timer: ReturnType<typeof setInterval> | undefined;
  lookedMs: number;
  mostPictures: number;
  stopDecoding: () => void;
  readonly mayLock: () => void;
  /** Since when the connection is being mended. */
  brokenMs: number | undefined;
}

export const myName = ({ author }: Device): string => `${author.facility}/${author.person}`;

export const beginning = (
  device: Device,
  { log, withCamera, session: back }: Into,
  isReload: boolean,
): Running => ({
  device,
  log,
  line: undefined,
  steering: undefined,
  connecting: false,
  toNote: undefined,
  notedAtMs: undefined,
  withCamera,
  back,
  isReload,
  session: undefined,
  at: "joining",
  over: false,
  timer: undefined,
  lookedMs: 0,
  mostPictures,
  stopDecoding: () => undefined,
  mayLock: stayUnlocked(),
  brokenMs: undefined,
});
