import { Choice } from "@lientuyen/ui";
import { startTransition } from "react";
import {
  loadWords,
  setLanguage,
  useLanguage,
  useShellWords,
  type Language,
} from "../../words/index.ts";

export function LanguageChoice() {
  const words = useShellWords();
  const choose = (next: Language) => {
    // Words first, so that no screen blinks; without a network the shell's own texts still change.
    const change = () => startTransition(() => setLanguage(next));
    loadWords(next).then(change, change);
  };
  return (
    <Choice<Language>
      row
      label={words.languageName}
      value={useLanguage()}
      onChoose={choose}
      options={[
        { value: "vi", label: words.vietnamese },
        { value: "en", label: words.english },
      ]}
    />
  );
}
