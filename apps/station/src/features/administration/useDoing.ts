import { errors, isErrorCode } from "@lientuyen/api";
import { useCallback, useState } from "react";
import { DeviceError } from "../../device/deviceError.ts";
import { useLanguage, useWords } from "../../words/index.ts";

export interface Doing {
  readonly busy: boolean;
  /** Why the last act was not done, in words. */
  readonly failure: string | undefined;
  readonly run: (act: () => Promise<void>) => Promise<boolean>;
}

/** An administrator's act: online, one at a time, and its failure said in the catalogue's words. */
export function useDoing(): Doing {
  const words = useWords().administration;
  const language = useLanguage();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | undefined>(undefined);
  const run = useCallback(
    async (act: () => Promise<void>) => {
      setBusy(true);
      setFailure(undefined);
      try {
        await act();
        return true;
      } catch (error) {
        const code = error instanceof DeviceError ? error.code : "internal";
        const why =
          code === "offline"
            ? words.offline
            : isErrorCode(code)
              ? errors[code][language].replace(/\{\w+\}/g, "").trim()
              : code;
        setFailure(words.failed(why));
        return false;
      } finally {
        setBusy(false);
      }
    },
    [words, language],
  );
  return { busy, failure, run };
}
