import type { readiness as vi } from "../vi/readiness.ts";

export const readiness: typeof vi = {
  title: "Check before joining",
  optional: "Not needed to join, under 15 seconds. You can join at any moment.",
  start: "Check this machine and its line",
  again: "Check again",
  checking: "Checking…",
  last: (when) => `Last check on this machine: ${when}`,
  notChecked: "Not checked yet",
  camera: "Camera",
  microphone: "Microphone",
  loudspeaker: "Loudspeaker",
  link: "Line",
  preview: "Picture of your camera",
  speak: "Say a few words…",
  level: "Loudness of your voice",
  playTones: "Play a test sound",
  playing: "Playing…",
  doYouHear: "Do you hear it?",
  heard: "I hear it",
  notHeard: "I hear nothing",
  using: (name) => `In use: ${name}`,
  measured: (roundTrip, down, up) => `There and back ${roundTrip} · down ${down} · up ${up}`,
  unknown: "not measured",
  ms: (ms) => `${ms} ms`,
  kbit: (kbit) => `${kbit} kbit/s`,
  mbit: (mbit) => `${mbit} Mbit/s`,
  cameraState: {
    good: "A clear picture",
    dark: "The picture is black",
    noPicture: "No picture",
    refused: "Not allowed by the browser",
    refusedBySystem: "The system does not let the browser use it",
    none: "No camera found",
    busy: "In use by another program",
    insecure: "The address is not secure",
    failed: "Cannot be opened",
  },
  cameraAdvice: {
    dark: "Open the lens cover, switch on a light, then check again.",
    noPicture: "Unplug the camera and plug it in again, then check again.",
    refused:
      "Press the lock or camera sign in the address bar, allow the camera, then check again.",
    refusedBySystem:
      "Open the system's settings, Privacy, let the browser use the camera, then check again.",
    none: "Plug in a camera. Without one you can still join by voice.",
    busy: "Close Zalo, Zoom, Teams or another tab that has the camera open, then check again.",
    insecure:
      "Browsers give camera and microphone only to addresses that begin with https. Tell whoever runs the server.",
    failed: "Restart the browser. If that does not help, join by voice.",
  },
  microphoneState: {
    good: "Your voice is heard",
    quiet: "Too quiet, or nothing but a hum",
    silent: "No sound at all",
    refused: "Not allowed by the browser",
    refusedBySystem: "The system does not let the browser use it",
    none: "No microphone found",
    busy: "In use by another program",
    insecure: "The address is not secure",
    failed: "Cannot be opened",
  },
  microphoneAdvice: {
    quiet: "Speak closer to it, or turn the microphone up in the system's settings.",
    silent:
      "Look at the mute switch of the microphone or headset and at its cable, check again and say a few words.",
    refused:
      "Press the lock or microphone sign in the address bar, allow the microphone, then check again.",
    refusedBySystem:
      "Open the system's settings, Privacy, let the browser use the microphone, then check again.",
    none: "Plug in a microphone or a headset that has one. Without it you can still hear and write.",
    busy: "Close Zalo, Zoom, Teams or a recorder that is open, then check again.",
    insecure:
      "Browsers give camera and microphone only to addresses that begin with https. Tell whoever runs the server.",
    failed: "Restart the browser, then check again.",
  },
  loudspeakerState: {
    good: "Heard",
    notHeard: "Not heard",
    blocked: "The browser lets nothing be heard yet",
  },
  loudspeakerAdvice: {
    notHeard:
      "Turn it up, look at the cable, choose the right loudspeaker in the system's settings.",
    blocked: "Press the test sound once more.",
  },
  linkState: {
    video: "Enough for picture and voice",
    smallVideo: "Enough for voice and a small picture",
    voice: "Enough for voice, not for a picture",
    writing: "Weak: perhaps only enough for writing",
    none: "The server cannot be reached",
  },
  linkAdvice: {
    smallVideo:
      "The picture becomes smaller by itself. Stop other downloads on the same line if you can.",
    voice: "Better join by voice. Pictures of the case can still be shown to each other.",
    writing:
      "You can join; where the voice is lost, write in the case: it is sent once there is a line.",
    none: "Look at the cable, Wi-Fi or 4G. Meanwhile the case can be written; it is sent once there is a line.",
  },
};
