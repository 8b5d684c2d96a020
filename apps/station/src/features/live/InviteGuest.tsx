import { Banner, Button, Dialog, Select, TextField } from "@lientuyen/ui";
import { useState } from "react";
import { useDevice } from "../../device/hooks.ts";
import type { Talk } from "../caseView/talk.ts";
import { sessionsOf } from "./sessions.ts";
import { useLiveWords } from "./words.ts";

const lives = ["15", "60", "240"] as const;

/** A link for somebody without an account: one name, once, for minutes. */
export function InviteGuest({
  session,
  talk,
  onClose,
}: {
  readonly session: string;
  readonly talk: Talk;
  readonly onClose: () => void;
}) {
  const device = useDevice();
  const words = useLiveWords().invite;
  const [name, setName] = useState("");
  const [minutes, setMinutes] = useState<(typeof lives)[number]>("15");
  const [link, setLink] = useState<string>();
  const [failed, setFailed] = useState(false);
  const make = async () => {
    const given = { name: name.trim(), minutes: Number(minutes) };
    const made = await sessionsOf(device).invite(session, given);
    setFailed(!made.ok);
    if (made.ok) setLink(`${location.origin}/guest#${made.value.link}`);
  };
  return (
    <Dialog open title={words.title} closeLabel={talk.words.frame.close} onClose={onClose}>
      {failed ? (
        <Banner tone="warn" live>
          {words.failed}
        </Banner>
      ) : null}
      {link === undefined ? (
        <>
          <p>{words.explain}</p>
          <TextField label={words.name} value={name} onText={setName} maxLength={80} />
          <Select
            label={words.minutes}
            value={minutes}
            onChoose={setMinutes}
            options={lives.map((value) => ({ value, label: words.minutesOf(Number(value)) }))}
          />
          <Button tone="main" disabled={name.trim() === ""} onClick={() => void make()}>
            {words.make}
          </Button>
        </>
      ) : (
        <Made link={link} name={name.trim()} minutes={Number(minutes)} />
      )}
    </Dialog>
  );
}

function Made({
  link,
  name,
  minutes,
}: {
  readonly link: string;
  readonly name: string;
  readonly minutes: number;
}) {
  const words = useLiveWords().invite;
  const [copied, setCopied] = useState(false);
  return (
    <>
      <p>{words.made(name, words.minutesOf(minutes))}</p>
      <TextField label={words.link} value={link} onText={() => undefined} readOnly />
      <Button
        tone="main"
        onClick={() => void navigator.clipboard.writeText(link).then(() => setCopied(true))}
      >
        {copied ? words.copied : words.copy}
      </Button>
    </>
  );
}
