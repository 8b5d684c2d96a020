import { Banner } from "@lientuyen/ui";
import { damage as en } from "../../words/en/damage.ts";
import { useLanguage } from "../../words/index.ts";
import { damage as vi } from "../../words/vi/damage.ts";

const texts = { vi, en };

/** The browser has deleted the store that was here: said before the next sign-in. */
export function LostStore({ unsent }: { readonly unsent: number }) {
  const words = texts[useLanguage()];
  return (
    <Banner tone="danger" title={words.storeLost}>
      {words.storeLostHelp(unsent)}
    </Banner>
  );
}
