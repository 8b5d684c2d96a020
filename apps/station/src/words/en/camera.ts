export const camera: typeof import("../vi/camera.ts").camera = {
  title: "Photographs for the case",
  explain:
    "This page only adds photographs to the case that is open on the station's PC, and shows nothing else. They carry no position.",
  shoot: "Take a photograph",
  sending: (n: number) => `Photograph ${n}: sending…`,
  arrived: (n: number) => `Photograph ${n}: sent`,
  notSent: (n: number) => `Photograph ${n}: not sent`,
  again: "Send again",
  cannotMeet:
    "It does not send? The phone must reach the same server as the PC. Otherwise connect the USB cable and press “Choose over the cable” on the PC.",
};
