import * as v from "valibot";

export interface QrReader {
  /** Text of a QR in the picture that the video shows now, if there is one. */
  read(video: HTMLVideoElement): Promise<string | undefined>;
  close(): void;
}

/** The browser's own detector where it has one (Windows' Chrome has none), else jsQR in a worker. */
export function openReader(): QrReader {
  const own = ownDetector();
  return own ?? workerReader();
}

interface Detector {
  detect(source: HTMLVideoElement): Promise<unknown>;
}
type DetectorClass = new (options: { readonly formats: readonly string[] }) => Detector;

const isDetectorClass = (found: unknown): found is DetectorClass => typeof found === "function";
const Detected = v.array(v.object({ rawValue: v.string() }));

function ownDetector(): QrReader | undefined {
  const found: unknown = Reflect.get(globalThis, "BarcodeDetector");
  if (!isDetectorClass(found)) return undefined;
  const detector = new found({ formats: ["qr_code"] });
  let spare: QrReader | undefined;
  return {
    async read(video) {
      if (video.videoWidth === 0) return undefined;
      if (spare !== undefined) return spare.read(video);
      try {
        return v.parse(Detected, await detector.detect(video))[0]?.rawValue;
      } catch {
        spare = workerReader(); // the class is there, the system's service behind it is not
        return undefined;
      }
    },
    close: () => spare?.close(),
  };
}

function workerReader(): QrReader {
  const worker = new Worker(new URL("./qrWorker.ts", import.meta.url), { type: "module" });
  const canvas = document.createElement("canvas");
  return {
    read(video) {
      if (video.videoWidth === 0) return Promise.resolve(undefined);
      canvas.width = video.videoWidth;
      canvas.height = video.videoHeight;
      const brush = canvas.getContext("2d", { willReadFrequently: true });
      if (brush === null) return Promise.resolve(undefined);
      brush.drawImage(video, 0, 0);
      const picture = brush.getImageData(0, 0, canvas.width, canvas.height);
      return new Promise((resolve) => {
        worker.onmessage = (event: MessageEvent<unknown>) =>
          resolve(typeof event.data === "string" ? event.data : undefined);
        worker.onerror = () => resolve(undefined);
        worker.postMessage({ data: picture.data, width: picture.width, height: picture.height }, [
          picture.data.buffer,
        ]);
      });
    },
    close: () => worker.terminate(),
  };
}
