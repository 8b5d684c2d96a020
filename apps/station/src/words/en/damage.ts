import type { damage as vi } from "../vi/damage.ts";

export const damage: typeof vi = {
  title: "A part of this device's browser store is damaged",
  help: "Everything else can be used as usual. If this comes again, ask the IT administrator to check the disk.",
  ofCase: (number) => (number === "" ? "A case" : `Case ${number}`),
  case: {
    waiting: (which) =>
      `${which}: something cannot be read. It is read from the server again once there is a line.`,
    mended: (which) => `${which}: what was damaged has been read from the server again.`,
    lost: (which) =>
      `${which}: something damaged is not on the server either. It is lost: look at the case and write it again.`,
  },
  unsent: {
    waiting: (which, kind) =>
      `${which}: “${kind}”, not sent yet, is damaged. Its sealed copy is sent once there is a line.`,
    mended: (which, kind) =>
      `${which}: “${kind}” was damaged on this device; its sealed copy has been sent.`,
    lost: (which, kind) =>
      `${which}: “${kind}” was damaged before it was sent and cannot be got back. Write it again.`,
  },
  file: {
    waiting: (which) =>
      `${which}: a file cannot be read. It is fetched from the server again once there is a line.`,
    mended: (which) => `${which}: a damaged file has been fetched from the server again.`,
    lost: (which) =>
      `${which}: a file was damaged before it was sent and cannot be got back. Take or record it again.`,
  },
  draft: "Something half typed is damaged and cannot be got back.",
  view: "The note of a case looked at without a line is damaged and cannot be sent.",
  directory: {
    waiting:
      "Something in the directory cannot be read. It is read from the server again once there is a line.",
    mended: "The directory has been read from the server again.",
    lost: "Something in the directory cannot be read.",
  },
  lists: "Damaged lists on this device have been made again from the cases.",
  understood: "Understood",
  storeLost: "The browser has lost what it kept on this device",
  storeLostHelp: (unsent) =>
    unsent === 0
      ? "Every case had been sent: sign in again and they come back."
      : `Cases that were sent come back once you sign in. ${unsent} items not sent yet are no longer on this device: ask whoever wrote them to write them again.`,
};
