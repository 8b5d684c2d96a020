import { deriveByArgon, type ArgonQuestion } from "./argon.ts";

addEventListener("message", ({ data }: MessageEvent<ArgonQuestion>) => {
  void deriveByArgon(data.secret, data.salt).then((key) => postMessage(key));
});
