import type { CaseView } from "@lientuyen/record";
import { Banner, buttonClass } from "@lientuyen/ui";
import { useEffect, useState } from "react";
import { Link } from "wouter";
import { useDevice } from "../../device/hooks.ts";
import type { Talk } from "../caseView/talk.ts";

/** On the case's page: something of it is not as it was signed and received. */
export function BrokenNotice({ view, talk }: { readonly view: CaseView; readonly talk: Talk }) {
  const device = useDevice();
  const [broken, setBroken] = useState(false);
  useEffect(() => {
    let left = false;
    const look = async () => {
      const held = await device.cases.entries(view.log);
      if (!left) setBroken(held.some(({ fault }) => fault !== undefined));
    };
    look().catch(() => undefined); // the timeline says where it cannot be checked
    return () => {
      left = true;
    };
  }, [device, view]);
  if (!broken) return null;
  const { timeline: t, caseView } = talk.words;
  return (
    <Banner
      tone="danger"
      title={t.proofBroken}
      live
      action={
        <Link href={`/${view.log}/timeline`} className={buttonClass({})}>
          {caseView.timeline}
        </Link>
      }
    >
      {t.brokenCase}
    </Banner>
  );
}
