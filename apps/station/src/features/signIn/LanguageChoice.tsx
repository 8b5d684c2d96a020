import { Choice } from "@lientuyen/ui";
import { startTransition, useState } from "react";
import {
  loadWords,
  setLanguage,
  useLanguage,
  useShellWords,
  type Language,
} from "../../words/index.ts";

export function LanguageChoice() {
  const words = useShellWords();
  const current = useLanguage();
  const [wished, setWished] = useState(current);
  const choose = async (next: Language) => {
    setWished(next);
    // Words first, so that no screen blinks; where they cannot be had, the language stays.
    const there = await loadWords(next).catch(() => undefined);
    if (there === undefined) setWished(current);
    else startTransition(() => setLanguage(next));
  };
  return (
    <Choice<Language>
      row
      label={words.languageName}
      value={wished}
      onChoose={(next) => void choose(next)}
      options={[
        { value: "vi", label: words.vietnamese },
        { value: "en", label: words.english },
      ]}
    />
  );
}
