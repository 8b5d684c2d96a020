export { startJoining, startRecorder, type Recorder, type RecorderOptions } from "./recorder.ts";
export { type Joining } from "./join.ts";
export { type Joined } from "./orders.ts";
