import * as v from "valibot";
import { AgendaItem, mostItems, Name, type Place, type Phase, type Role } from "./session.ts";

const GivenRole = v.picklist(["secretary", "presenter", "member", "listener", "guest"]);
const Moment = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** Everything that anybody can do in a session; `who` is the one it is done to. */
export const Act = v.variant("act", [
  v.strictObject({
    act: v.literal("invite"),
    who: Name,
    role: GivenRole,
    /** Of a guest, and of nobody else. */
    untilMs: v.nullable(Moment),
  }),
  v.strictObject({ act: v.literal("arrive"), who: Name }),
  v.strictObject({ act: v.literal("admit"), who: Name }),
  v.strictObject({ act: v.literal("leave"), who: Name }),
  v.strictObject({ act: v.literal("lose"), who: Name }),
  v.strictObject({ act: v.literal("remove"), who: Name }),
  v.strictObject({ act: v.literal("setRole"), who: Name, role: GivenRole }),
  v.strictObject({ act: v.literal("handOver"), who: Name }),
  v.strictObject({ act: v.literal("takeBack"), who: Name }),
  v.strictObject({ act: v.literal("raiseHand"), who: Name }),
  v.strictObject({ act: v.literal("lowerHand"), who: Name }),
  v.strictObject({ act: v.literal("giveFloor"), who: Name }),
  v.strictObject({ act: v.literal("endFloor"), who: Name }),
  v.strictObject({ act: v.literal("mute"), who: Name }),
  v.strictObject({ act: v.literal("unmute"), who: Name }),
  v.strictObject({ act: v.literal("spotlight"), who: Name }),
  v.strictObject({ act: v.literal("endSpotlight") }),
  v.strictObject({ act: v.literal("muteAll") }),
  v.strictObject({ act: v.literal("setLobby"), on: v.boolean() }),
  v.strictObject({
    act: v.literal("setAgenda"),
    agenda: v.pipe(v.array(AgendaItem), v.maxLength(mostItems)),
  }),
  v.strictObject({ act: v.literal("takeItem"), item: Moment }),
  v.strictObject({ act: v.literal("startRecording") }),
  v.strictObject({ act: v.literal("stopRecording") }),
  v.strictObject({ act: v.literal("start") }),
  v.strictObject({ act: v.literal("end") }),
  v.strictObject({ act: v.literal("tick") }),
]);
export type Act = v.InferOutput<typeof Act>;
export type ActName = Act["act"];

/** The program itself: it sees that a link died and that time passed. No person's name. */
export const server = Symbol("server");
export type By = string | typeof server;

/** `self`: the one it is done to; `server`: the program itself, which sees links die and time pass. */
type Doer = "chair" | "secretary" | "self" | "server";

/** One row of the table that the whole machine reads. */
export interface Rule {
  readonly by: readonly Doer[];
  readonly phases: readonly Phase[];
  /** Where the one it is done to may stand; undefined: it is done to nobody. */
  readonly from?: readonly (Place | "absent")[];
  /** Roles that it is never done to. */
  readonly never?: readonly Role[];
}

const guides: readonly Doer[] = ["chair", "secretary"];
const alive: readonly Phase[] = ["planned", "open"];
const here: readonly Place[] = ["inside", "lost"];

/** SPEC.md prints it; a test compares the two word by word, another tries every act × doer × place × phase. */
export const table: { readonly [A in ActName]: Rule } = {
  invite: { by: [...guides, "server"], phases: alive, from: ["absent", "removed"] },
  arrive: {
    by: ["self"],
    phases: alive,
    from: ["expected", "lobby", "inside", "lost", "left"],
  },
  admit: { by: guides, phases: alive, from: ["lobby"] },
  leave: { by: ["self"], phases: alive, from: ["lobby", "inside", "lost"] },
  lose: { by: ["server"], phases: alive, from: ["lobby", "inside"] },
  remove: {
    by: guides,
    phases: alive,
    from: ["expected", "lobby", "inside", "lost", "left"],
    never: ["chair"],
  },
  setRole: {
    by: guides,
    phases: alive,
    from: ["expected", "lobby", "inside", "lost", "left"],
    never: ["chair", "guest"],
  },
  handOver: {
    by: ["chair"],
    phases: alive,
    from: ["inside"],
    never: ["chair", "listener", "guest"],
  },
  takeBack: { by: ["self"], phases: ["open"], from: ["inside"], never: ["chair"] },
  raiseHand: { by: ["self"], phases: ["open"], from: ["inside"] },
  lowerHand: { by: ["self", ...guides], phases: ["open"], from: here },
  giveFloor: { by: guides, phases: ["open"], from: ["inside"] },
  endFloor: { by: ["self", ...guides], phases: ["open"], from: here },
  mute: { by: ["self", ...guides], phases: alive, from: here },
  unmute: { by: ["self"], phases: alive, from: ["inside"] },
  spotlight: { by: guides, phases: ["open"], from: ["inside"] },
  endSpotlight: { by: guides, phases: ["open"] },
  muteAll: { by: guides, phases: alive },
  setLobby: { by: guides, phases: alive },
  setAgenda: { by: guides, phases: alive },
  takeItem: { by: guides, phases: ["open"] },
  startRecording: { by: guides, phases: ["open"] },
  stopRecording: { by: [...guides, "server"], phases: ["open"] },
  start: { by: guides, phases: ["planned"] },
  end: { by: ["chair"], phases: alive },
  tick: { by: ["server"], phases: alive },
};

/** Why an act is not taken. */
export type Refusal =
  | "wrongPhase" // the session has not begun, or has ended
  | "notYours" // this role, or this person, may not
  | "stranger" // not on the list
  | "wrongPlace" // whom it is done to does not stand where it goes from
  | "notOfThisRole" // it is never done to somebody of that role
  | "invitationOver" // a guest's minutes have run out
  | "guestNeedsAnEnd" // a guest is invited for minutes, nobody else is
  | "noFloor" // a listener speaks only with the floor
  | "noSuchItem"
  | "full";
