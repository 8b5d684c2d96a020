import { Button } from "@lientuyen/ui";
import { useState } from "react";
import { useFirstWords } from "../../words/index.ts";
import { ring, setSound, soundIsOn } from "./sound.ts";

type Permission = NotificationPermission | "missing";

const permission = (): Permission =>
  "Notification" in window ? Notification.permission : "missing";

/** Sound on or off, and the button that asks for system notifications; nothing asks by itself. */
export function NotifyPanel() {
  const t = useFirstWords().notify;
  const [allowed, setAllowed] = useState<Permission>(permission);
  const [sound, setSoundShown] = useState(soundIsOn);
  return (
    <div className="row">
      <Button
        aria-pressed={sound}
        onClick={() => {
          setSound(!sound);
          setSoundShown(!sound);
          if (!sound) ring("request");
        }}
      >
        {sound ? t.soundOn : t.soundOff}
      </Button>
      {allowed === "default" ? (
        <Button
          title={t.allowHelp}
          onClick={() => void Notification.requestPermission().then((answer) => setAllowed(answer))}
        >
          {t.allow}
        </Button>
      ) : null}
      {allowed === "denied" ? <span className="small muted">{t.denied}</span> : null}
    </div>
  );
}
