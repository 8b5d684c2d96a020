import { Button, Icon } from "@lientuyen/ui";
import { useMemo } from "react";
import { Link } from "wouter";
import { useDevice, useGateState, useSync } from "../../device/hooks.ts";
import { momentsIn } from "../caseView/moments.ts";
import { sayStatus, type StatusText } from "./sayStatus.ts";
import { useLanguage, useFirstWords, type Words } from "../../words/index.ts";

export function StatusLine() {
  const device = useDevice();
  const words = useFirstWords().status;
  const language = useLanguage();
  const moments = useMemo(() => momentsIn(language), [language]);
  const emergency = useGateState().at === "emergency";
  const text = sayStatus(
    useSync(),
    words,
    (instant) => moments.short(instant, device.now()),
    emergency,
  );
  return (
    <div className="status" data-tone={text.tone} data-testid="status">
      <span className="status-part" role="status" aria-label={words.label}>
        <Icon name={text.icon} />
        <span>{text.parts.join(". ")}</span>
      </span>
      <Act act={text.act} words={words} retry={() => device.sync.nudge()} />
    </div>
  );
}

function Act({
  act,
  words,
  retry,
}: {
  readonly act: StatusText["act"];
  readonly words: Words["status"];
  readonly retry: () => void;
}) {
  switch (act) {
    case undefined:
      return null;
    case "retry":
      return <Button onClick={retry}>{words.retry}</Button>;
    case "signIn":
      return <Link href="/device#signIn">{words.signIn}</Link>;
    case "see":
      return <Link href="/device#refused">{words.see}</Link>;
    case "fix":
      return <Link href="/device#storage">{words.fix}</Link>;
  }
}
