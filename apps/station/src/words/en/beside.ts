import type { beside as vi } from "../vi/beside.ts";

export const beside: typeof vi = {
  said: (who, text) => `${who} writes: ${text}`,
  read: "Read",
};
