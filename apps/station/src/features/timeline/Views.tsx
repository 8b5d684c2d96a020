import { call, protocol, type CallValue } from "@lientuyen/api";
import { Button, Panel } from "@lientuyen/ui";
import { useState } from "react";
import { browserLine } from "../../device/line.ts";
import type { Talk } from "../caseView/talk.ts";

type Viewed = CallValue<"accessLog">["views"];

/** Who opened the case: the server's log of views, asked for on demand. */
export function Views({ log, talk }: { readonly log: string; readonly talk: Talk }) {
  const [views, setViews] = useState<Viewed | "failed" | undefined>(undefined);
  const t = talk.words.timeline;
  const ask = async () => {
    const answer = await call(
      "accessLog",
      { params: { case: log.slice("case/".length) } },
      { fetch: browserLine, protocol },
    );
    setViews(answer.ok ? answer.value.views : "failed");
  };
  return (
    <Panel title={t.views}>
      {views === undefined || views === "failed" ? (
        <div className="row">
          <Button onClick={() => void ask()}>{t.show}</Button>
          {views === "failed" ? <span role="status">{t.viewsOffline}</span> : null}
        </div>
      ) : (
        <ul className="plain-list">
          {views.map((view) => (
            <li key={`${view.person} ${view.at} ${view.device ?? ""}`}>
              {t.viewLine(
                talk.person(view.person),
                talk.facility(view.facility),
                talk.moments.full(view.at),
              )}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
