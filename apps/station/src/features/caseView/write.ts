import { useCallback, useRef, useState } from "react";
import type { CaseFact } from "@lientuyen/record";
import { useDevice } from "../../device/hooks.ts";

export interface Writing {
  readonly busy: boolean;
  readonly failed: boolean;
  /** True once the entries are on disk, and the drafts that became them are gone. A second call while the first is under way does nothing. */
  readonly write: (facts: readonly CaseFact[], drafts?: readonly string[]) => Promise<boolean>;
}

export function useWriting(log: string): Writing {
  const { cases } = useDevice();
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);
  const underWay = useRef(false);
  const write = useCallback(
    async (facts: readonly CaseFact[], drafts: readonly string[] = []) => {
      if (underWay.current) return false;
      underWay.current = true;
      setBusy(true);
      setFailed(false);
      try {
        await cases.write(log, facts, drafts);
        return true;
      } catch {
        setFailed(true);
        return false;
      } finally {
        underWay.current = false;
        setBusy(false);
      }
    },
    [cases, log],
  );
  return { busy, failed, write };
}
