import { Banner, Button, Dialog } from "@lientuyen/ui";
import { useState } from "react";
import type { Talk } from "../caseView/talk.ts";
import { calls } from "./call.ts";
import type { AboutSomebody } from "./standing.ts";
import { useLiveWords } from "./words.ts";

/** What may be done about one person: only what the session would take now. */
export function PersonDialog({
  name,
  acts,
  talk,
  onClose,
}: {
  readonly name: string;
  readonly acts: readonly AboutSomebody[];
  readonly talk: Talk;
  readonly onClose: () => void;
}) {
  const words = useLiveWords();
  const [refused, setRefused] = useState(false);
  const carryOut = async (act: AboutSomebody) => {
    setRefused(false);
    if (await calls.act(act)) onClose();
    else setRefused(true);
  };
  return (
    <Dialog open title={name} closeLabel={talk.words.frame.close} onClose={onClose}>
      {refused ? (
        <Banner tone="warn" live>
          {words.refused}
        </Banner>
      ) : null}
      <div className="live-acts">
        {acts.map((act) => (
          <Button
            key={act.act === "setRole" ? act.role : act.act}
            tone={act.act === "remove" ? "danger" : "quiet"}
            onClick={() => void carryOut(act)}
          >
            {act.act === "setRole" ? words.giveRole(words.role[act.role]) : words.act[act.act]}
          </Button>
        ))}
      </div>
    </Dialog>
  );
}
