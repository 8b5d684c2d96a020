import { Button, Dialog } from "@lientuyen/ui";
import { useState } from "react";
import { useDevice } from "../../device/hooks.ts";
import type { Talk } from "../caseView/talk.ts";
import { calls } from "./call.ts";
import { myName } from "./running.ts";
import { InviteGuest } from "./InviteGuest.tsx";
import type { LiveSession, SessionAct } from "./sessions.ts";
import { mayAct } from "./standing.ts";
import { useLiveWords } from "./words.ts";

/** What the chair and the secretaries do about everybody at once. */
export function Guiding({ session, talk }: { readonly session: LiveSession; readonly talk: Talk }) {
  const { state } = session;
  const [open, setOpen] = useState(false);
  const [inviting, setInviting] = useState(false);
  const device = useDevice();
  const words = useLiveWords();
  const may = (act: SessionAct) => mayAct(state, myName(device), act, device.now());
  const lobby: SessionAct = { act: "setLobby", on: !state.lobby };
  if (!may(lobby)) return null;
  const press = (act: SessionAct) => () => {
    setOpen(false);
    void calls.act(act);
  };
  return (
    <>
      <Button icon="people" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        {words.guide}
      </Button>
      <Dialog
        open={open}
        title={words.guide}
        closeLabel={talk.words.frame.close}
        onClose={() => setOpen(false)}
      >
        {state.lobby ? <p>{words.lobbyIs}</p> : null}
        <div className="live-acts">
          <Button onClick={press({ act: "muteAll" })}>{words.act.muteAll}</Button>
          <Button
            onClick={() => {
              setOpen(false);
              setInviting(true);
            }}
          >
            {words.invite.title}
          </Button>
          <Button onClick={press(lobby)}>{state.lobby ? words.lobbyOff : words.lobbyOn}</Button>
          {state.spotlight === null ? null : (
            <Button onClick={press({ act: "endSpotlight" })}>{words.act.endSpotlight}</Button>
          )}
        </div>
      </Dialog>
      {inviting ? (
        <InviteGuest session={session.session} talk={talk} onClose={() => setInviting(false)} />
      ) : null}
    </>
  );
}
