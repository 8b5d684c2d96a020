import type { FileView } from "@lientuyen/record";
import { Banner, Button } from "@lientuyen/ui";
import { useState } from "react";
import { useDevice } from "../../device/hooks.ts";
import type { Stroke } from "./board.ts";
import { keepMarks } from "./keepMarks.ts";
import { useBoardWords } from "./words.ts";

/** Puts the picture with its marks into the case; what was kept once is not offered again until another mark is there. */
export function KeepMarks({
  log,
  file,
  marks,
  caption,
}: {
  readonly log: string;
  readonly file: FileView;
  readonly marks: readonly Stroke[];
  readonly caption: string;
}) {
  const device = useDevice();
  const words = useBoardWords();
  const [at, setAt] = useState<"idle" | "keeping" | "failed">("idle");
  const [kept, setKept] = useState("");
  const now = marks.map(({ id }) => id).join();
  const keep = async () => {
    setAt("keeping");
    const done = await keepMarks(device, log, file, marks, caption).catch(() => false);
    if (done) setKept(now);
    setAt(done ? "idle" : "failed");
  };
  return (
    <>
      {kept === now ? null : (
        <Button icon="check" busy={at === "keeping"} onClick={() => void keep()}>
          {at === "keeping" ? words.keeping : words.keep}
        </Button>
      )}
      {kept === now ? (
        <Banner tone="good" live>
          {words.kept}
        </Banner>
      ) : null}
      {at === "failed" ? (
        <Banner tone="warn" live>
          {words.keepFailed}
        </Banner>
      ) : null}
    </>
  );
}
