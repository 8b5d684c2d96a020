import type { cameras as vi } from "../vi/cameras.ts";

export const cameras: typeof vi = {
  choose: "Choose a camera",
  close: "Close",
  see: (name) => `See ${name}`,
  title: "Cameras of this machine",
  help: "Name them, so that the others know what they see. The chair, the secretary and the specialist who was asked can switch them from afar.",
  none: "No camera found. Switch the camera on once, so that the browser tells of them.",
  nameOf: (label) => `What this camera shows: ${label}`,
  pick: "Use",
  picked: "In use",
  pickThis: (label) => `Use: ${label}`,
  failed: "This camera cannot be opened: look at its cable, or at another program that uses it.",
  switchTo: (name, who) => `See ${name} of ${who}`,
  name: {
    room: "room",
    examination: "examination",
    ultrasound: "ultrasound",
    endoscope: "endoscope",
    theatre: "theatre",
    other: "other",
  },
};
