import { checkProof } from "@lientuyen/record";
import { webPrimitives } from "@lientuyen/sync";
import { useEffect, useState } from "react";
import type { CaseView } from "@lientuyen/record";
import { useDevice, useDirectory } from "../../device/hooks.ts";
import { leftOutOf, type LeftOut } from "./leftOut.ts";

export type Checked = Awaited<ReturnType<typeof checkProof>>;
export type ProofLoad =
  | { readonly at: "checking" }
  | { readonly at: "failed" }
  | {
      readonly at: "checked";
      readonly proof: Checked;
      readonly count: number;
      /** Bodies as they were signed, by entry: what stood there before a correction. */
      readonly signed: ReadonlyMap<string, string>;
      readonly leftOut: readonly LeftOut[];
    };

/** Checks signatures, contents and receipts of a case in this browser; again whenever the case changes. */
export function useProof(view: CaseView): ProofLoad {
  const device = useDevice();
  const directory = useDirectory();
  const [load, setLoad] = useState<ProofLoad>({ at: "checking" });
  useEffect(() => {
    let left = false;
    const check = async () => {
      const entries = await device.cases.entries(view.log);
      const proof = await checkProof(
        webPrimitives(crypto.subtle),
        entries.map(({ signed, receipt }) =>
          receipt === undefined ? { signed } : { signed, receipt },
        ),
        directory,
        device.receiptKeys(),
      );
      const signed = new Map(
        entries.flatMap((e) =>
          e.receipt === undefined || e.signed.body === undefined
            ? []
            : [[e.receipt.entry, e.signed.body] as const],
        ),
      );
      const leftOut = await leftOutOf(webPrimitives(crypto.subtle), entries, directory);
      if (!left) setLoad({ at: "checked", proof, count: entries.length, signed, leftOut });
    };
    check().catch(() => {
      if (!left) setLoad({ at: "failed" });
    });
    return () => {
      left = true;
    };
  }, [device, directory, view]);
  return load;
}
