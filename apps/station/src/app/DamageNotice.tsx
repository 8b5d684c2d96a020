import { Banner, Button } from "@lientuyen/ui";
import type { DamagedItem } from "../device/device.ts";
import { useCases, useDevice } from "../device/hooks.ts";
import { damage as en } from "../words/en/damage.ts";
import { useLanguage, useFirstWords, type Words } from "../words/index.ts";
import { damage as vi } from "../words/vi/damage.ts";

/** Fetched with this notice alone: hardly any device ever says them. */
const texts = { vi, en };
type Texts = typeof vi;

/** Part of the local store is damaged: on every screen, what it is and what became of it, until somebody has read it. */
export function DamageNotice({ items }: { readonly items: readonly DamagedItem[] }) {
  const { damage } = useDevice();
  const cases = useCases();
  const { vocabulary } = useFirstWords();
  const words = texts[useLanguage()];
  const lines = new Set(
    items.map((item) => {
      const row = cases.find(({ log }) => log === item.log);
      return sayItem(item, words.ofCase(row?.number ?? ""), words, vocabulary.kind);
    }),
  );
  const settled = items.some(({ state }) => state !== "waiting");
  return (
    <div className="history">
      <Banner
        tone={items.some(({ state }) => state === "lost") ? "danger" : "warn"}
        live
        title={words.title}
        action={
          settled ? (
            <Button onClick={() => void damage.dismiss()}>{words.understood}</Button>
          ) : undefined
        }
      >
        <ul className="plain-list">
          {[...lines].map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
        <p className="small">{words.help}</p>
      </Banner>
    </div>
  );
}

function sayItem(
  item: DamagedItem,
  which: string,
  damage: Texts,
  kinds: Words["vocabulary"]["kind"],
): string {
  switch (item.what) {
    case "case":
      return damage.case[item.state](which);
    case "unsent":
      return damage.unsent[item.state](which, sayKind(item.kind, kinds));
    case "file":
      return damage.file[item.state](which);
    case "directory":
      return damage.directory[item.state];
    case "draft":
      return damage.draft;
    case "view":
      return damage.view;
    case "lists":
      return damage.lists;
  }
}

const sayKind = (kind: string | undefined, names: Words["vocabulary"]["kind"]): string =>
  Object.entries(names).find(([name]) => name === kind)?.[1] ?? "";
