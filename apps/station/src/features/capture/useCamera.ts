import { useCallback, useEffect, useState } from "react";

export type Stream =
  | { readonly at: "asking" }
  | { readonly at: "refused" }
  | { readonly at: "none" }
  | { readonly at: "on"; readonly stream: MediaStream };

/** Camera or microphone while the caller is on the screen; both are released when it goes. */
export function useMedia(wish: MediaStreamConstraints): Stream {
  const [state, setState] = useState<Stream>({ at: "asking" });
  useEffect(() => {
    let left = false;
    let stream: MediaStream | undefined;
    void openMedia(wish).then((opened) => {
      if (opened.at === "on") stream = opened.stream;
      if (left) stop(stream);
      else setState(opened);
    });
    return () => {
      left = true;
      stop(stream);
    };
  }, [wish]);
  return state;
}

async function openMedia(wish: MediaStreamConstraints): Promise<Stream> {
  try {
    return { at: "on", stream: await navigator.mediaDevices.getUserMedia(wish) };
  } catch (fault) {
    return {
      at: fault instanceof DOMException && fault.name === "NotAllowedError" ? "refused" : "none",
    };
  }
}

function stop(stream: MediaStream | undefined): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

/** Ref for a `<video>` that shows the stream. */
export function useVideoRef(stream: Stream): (video: HTMLVideoElement | null) => void {
  return useCallback(
    (video: HTMLVideoElement | null) => {
      if (video !== null && stream.at === "on") video.srcObject = stream.stream;
    },
    [stream],
  );
}
