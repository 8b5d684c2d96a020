import type { freeze as vi } from "../vi/freeze.ts";

export const freeze: typeof vi = {
  you: "yourself",
  take: "Take this picture",
  takeOf: (name) => `Take this picture from the camera of ${name}`,
  asked: (name) => `Taking a picture from the camera of ${name} at its largest…`,
  caption: (facility, by) => `Camera of ${facility}, taken by ${by} in a live session`,
  byOther: (who) => `${who} took a picture from your camera; it is in the case.`,
  outcome: {
    kept: (name) => `Taken: the picture of ${name}'s camera is now one of the case's.`,
    cameraOff: (name) => `Not taken: the camera of ${name} is off.`,
    failed: (name) => `No picture could be taken from the camera of ${name}. Try again.`,
    noAnswer: (name) => `${name} has not answered: the line may be down. Try again.`,
  },
};
