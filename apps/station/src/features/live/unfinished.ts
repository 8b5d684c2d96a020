import * as v from "valibot";
import { myName, type Running } from "./running.ts";

/** In this window's own store: a reload leads back, a second window does not. */
const unfinishedKey = "lientuyen-call";
const Unfinished = v.object({
  who: v.string(),
  log: v.string(),
  session: v.string(),
  withCamera: v.boolean(),
});
export const keepUnfinished = ({ device, log, session, line }: Running): void => {
  if (session === undefined) return;
  const withCamera = line?.own().camera === "on";
  const kept = { who: myName(device), log, session: session.session, withCamera };
  sessionStorage.setItem(unfinishedKey, JSON.stringify(kept));
};
export const forgetUnfinished = (): void => sessionStorage.removeItem(unfinishedKey);
export const readUnfinished = (): v.InferOutput<typeof Unfinished> | undefined => {
  const kept = sessionStorage.getItem(unfinishedKey);
  const read = v.safeParse(Unfinished, kept === null ? undefined : JSON.parse(kept));
  return read.success ? read.output : undefined;
};
