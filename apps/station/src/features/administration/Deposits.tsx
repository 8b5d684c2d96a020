import { call, protocol } from "@lientuyen/api";
import { Banner } from "@lientuyen/ui";
import { useEffect, useState } from "react";
import { browserLine } from "../../device/line.ts";
import type { Talk } from "../caseView/talk.ts";

/** Says that checkpoints do not get where others keep them: nobody else than who looks after the server can mend it. */
export function Deposits({ talk }: { readonly talk: Talk }) {
  const [failing, setFailing] = useState(false);
  useEffect(() => {
    void call("readyz", {}, { fetch: browserLine, protocol }).then((answer) =>
      setFailing(answer.ok && answer.value.deposits === "failing"),
    );
  }, []);
  return failing ? <Banner tone="warn">{talk.words.administration.depositsFailing}</Banner> : null;
}
