export { type Gap } from "./gaps.ts";
export { joinRecording, type Joined, type Joining } from "./join.ts";
export { startRecorder, type Recorder, type RecorderOptions } from "./recorder.ts";
