import { Banner } from "@lientuyen/ui";
import { useDevice, useDirectory } from "../device/hooks.ts";
import { useFirstWords } from "../words/index.ts";
import { isCloned } from "./cloned.ts";

/** Said to whoever holds the key, on both machines, until it is disowned. */
export function ClonedWarning() {
  const words = useFirstWords().frame;
  const { author } = useDevice();
  if (!isCloned(useDirectory(), author)) return null;
  return (
    <div className="history">
      <Banner tone="danger" live title={words.clonedTitle}>
        {words.clonedText}
      </Banner>
    </div>
  );
}
