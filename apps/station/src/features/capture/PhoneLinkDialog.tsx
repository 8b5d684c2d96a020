import { Banner, Button, Dialog, Waiting } from "@lientuyen/ui";
import { useEffect, useState } from "react";
import { useDevice } from "../../device/hooks.ts";
import type { Device } from "../../device/device.ts";
import { useWords } from "../../words/index.ts";
import { keepPhoneLink, usePhonePicturesOf } from "./phonePictures.ts";

type Link =
  | { readonly at: "asking" }
  | { readonly at: "offline" }
  | { readonly at: "expired" }
  | {
      readonly at: "open";
      readonly url: string;
      /** False: the PC knows itself only by a name that no phone can reach. */
      readonly reachable: boolean;
      readonly code: Code;
      readonly expiresAtMs: number;
    };

/** A QR that makes a phone this case's camera. What it takes comes in whether or not this stays open. */
export function PhoneLinkDialog({
  log,
  onClose,
  onCable,
}: {
  readonly log: string;
  readonly onClose: () => void;
  readonly onCable: () => void;
}) {
  const device = useDevice();
  const words = useWords();
  const text = words.capture;
  const [link, setLink] = useState<Link>({ at: "asking" });
  const [turn, setTurn] = useState(0);

  useEffect(() => {
    let left = false;
    setLink({ at: "asking" });
    void openLink(device, log).then((opened) => {
      if (!left) setLink(opened);
    });
    return () => {
      left = true;
    };
  }, [device, log, turn]);

  const url = link.at === "open" ? link.url : undefined;
  const expiresAtMs = link.at === "open" ? link.expiresAtMs : 0;
  const arrived = usePhonePicturesOf(url);
  useEffect(() => {
    if (url === undefined) return;
    const timer = setTimeout(() => setLink({ at: "expired" }), expiresAtMs - device.now());
    return () => clearTimeout(timer);
  }, [device, url, expiresAtMs]);

  return (
    <Dialog open title={text.phoneCamera} closeLabel={words.frame.close} onClose={onClose}>
      {link.at === "asking" ? <Waiting label={words.frame.loading} /> : null}
      {link.at === "offline" ? <Banner tone="warn">{text.phoneOffline}</Banner> : null}
      {link.at === "expired" ? (
        <Banner
          tone="warn"
          action={<Button onClick={() => setTurn((n) => n + 1)}>{text.phoneNewCode}</Button>}
        >
          {text.phoneExpired}
        </Banner>
      ) : null}
      {link.at === "open" && link.reachable ? (
        <>
          <p>{text.phoneHow}</p>
          <svg
            className="capture-qr"
            viewBox={`0 0 ${link.code.side} ${link.code.side}`}
            role="img"
            aria-label={text.phoneQr}
          >
            <path d={link.code.path} />
          </svg>
        </>
      ) : null}
      {link.at === "open" && !link.reachable ? (
        <Banner tone="warn">{text.phoneCannotReach}</Banner>
      ) : null}
      {link.at === "open" ? <p className="small">{link.url}</p> : null}
      <p role="status">{arrived === 0 ? "" : text.phoneArrived(arrived)}</p>
      <p className="muted">{text.cableHow}</p>
      <div className="row">
        <Button icon="picture" onClick={onCable}>
          {text.cableChoose}
        </Button>
      </div>
    </Dialog>
  );
}

/** Dark squares as one path, with the quiet edge that readers need. */
interface Code {
  readonly side: number;
  readonly path: string;
}

const quiet = 3;

async function drawCode(text: string): Promise<Code> {
  const { default: qr } = await import("qrcode");
  const { size, data } = qr.create(text, { errorCorrectionLevel: "M" }).modules;
  let path = "";
  data.forEach((dark, at) => {
    if (dark) path += `M${(at % size) + quiet} ${Math.floor(at / size) + quiet}h1v1h-1z`;
  });
  return { side: size + 2 * quiet, path };
}

const tries = 8;
const againMs = 1_000;

/** A case that was begun just now has to reach the server first: asked again until it has. */
async function openLink(device: Device, log: string, left = tries): Promise<Link> {
  try {
    const { url, expiresAt } = await device.files.openCameraLink(log);
    const expiresAtMs = Date.parse(expiresAt);
    await keepPhoneLink(device, { log, url, expiresAtMs, taken: [] });
    const { hostname } = new URL(url);
    return {
      at: "open",
      url,
      reachable: !["localhost", "127.0.0.1", "[::1]"].includes(hostname),
      code: await drawCode(url),
      expiresAtMs,
    };
  } catch {
    if (left === 0 || !device.sync.state().online) return { at: "offline" };
    device.sync.nudge();
    await new Promise((resolve) => setTimeout(resolve, againMs));
    return openLink(device, log, left - 1);
  }
}
