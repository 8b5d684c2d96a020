import { Banner } from "@lientuyen/ui";
import { useSync } from "../device/hooks.ts";
import { useFirstWords } from "../words/index.ts";

/** The server contradicted what it had signed before: said on every screen, until somebody has looked into it. */
export function HistoryWarning() {
  const words = useFirstWords().frame;
  if (!useSync().historyChanged) return null;
  return (
    <div className="history">
      <Banner tone="danger" live title={words.historyTitle}>
        {words.historyText}
      </Banner>
    </div>
  );
}
