// LiveKit for the tests that need it, where this machine can have it: node bin/steps/engine.ts
import { findEngine, makeEngine, sharedFolder } from "@lientuyen/livekit";
import { say, startProgress } from "./say.mjs";

const make = async (): Promise<void> => {
  const stop = startProgress(
    "Đang chuẩn bị LiveKit cho các bài thử (vài phút, chỉ một lần)",
    "making LiveKit ready for the tests (some minutes, once)",
  );
  try {
    await makeEngine({ folder: sharedFolder(), signal: AbortSignal.timeout(5 * 60_000) });
  } catch (error) {
    say(
      "Không có LiveKit trên máy này: bỏ qua các bài thử *.live.test.ts.",
      "There is no LiveKit here: the tests *.live.test.ts are left out.",
      String(error),
    );
  } finally {
    stop();
  }
};

if ((await findEngine([sharedFolder()])) === undefined) await make();
