import { Banner } from "@lientuyen/ui";
import { useDevice, useDirectory } from "../device/hooks.ts";
import { useFirstWords } from "../words/index.ts";
import { disownedWith, isCloned } from "./ownKey.ts";

/** Said to whoever signs with a key that is in use on two machines, on both, or that was disowned. */
export function KeyWarning() {
  const words = useFirstWords().frame;
  const { author, key } = useDevice();
  const directory = useDirectory();
  const disowned = disownedWith(directory, author, key);
  if (disowned === undefined && !isCloned(directory, author)) return null;
  return (
    <div className="history">
      {disowned === undefined ? (
        <Banner tone="danger" live title={words.clonedTitle}>
          {words.clonedText}
        </Banner>
      ) : (
        <Banner tone="danger" live title={words.disownedTitle}>
          {words.disownedText[disowned]}
        </Banner>
      )}
    </div>
  );
}
