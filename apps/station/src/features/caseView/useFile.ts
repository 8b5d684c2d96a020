import type { FileRef } from "@lientuyen/record";
import { useEffect, useState } from "react";
import { useDevice } from "../../device/hooks.ts";

export type FileLoad =
  | { readonly at: "loading" }
  /** Not here and not yet at the server. */
  | { readonly at: "absent" }
  | { readonly at: "here"; readonly url: string; readonly blob: Blob };

/** What has not arrived is asked for again. */
const againMs = 5_000;

/** The content of a file as an address of this page; given back when nobody shows it any more. */
export function useFile(log: string, file: FileRef | undefined): FileLoad {
  const device = useDevice();
  const [load, setLoad] = useState<FileLoad>({ at: "loading" });
  const hash = file?.hash;
  const size = file?.size;
  const type = file?.type;
  useEffect(() => {
    if (hash === undefined || size === undefined || type === undefined) return;
    let left = false;
    let url: string | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const take = async () => {
      const blob = await device.files.read(log, { hash, size, type }).catch(() => undefined);
      if (left) return;
      if (blob === undefined) {
        setLoad({ at: "absent" });
        timer = setTimeout(() => void take(), againMs);
        return;
      }
      // The type is the entry's, not what the bytes claim: nothing but media is ever shown inside the page.
      const typed = new Blob([blob], { type });
      url = URL.createObjectURL(typed);
      setLoad({ at: "here", url, blob: typed });
    };
    setLoad({ at: "loading" });
    void take();
    return () => {
      left = true;
      clearTimeout(timer);
      if (url !== undefined) URL.revokeObjectURL(url);
    };
  }, [device, log, hash, size, type]);
  return load;
}
