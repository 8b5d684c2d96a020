import { createGate, type Gate } from "../../../../apps/station/src/device/index.ts";

declare global {
  interface Window {
    gate: Gate;
  }
}

/** The device alone, without a screen: the tests stand where the screens stand. */
window.gate = createGate();
