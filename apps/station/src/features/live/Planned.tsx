import { Banner, Button, Panel } from "@lientuyen/ui";
import { lazy, Suspense, useState } from "react";
import type { CaseView } from "@lientuyen/record";
import { useDevice, useSync } from "../../device/hooks.ts";
import type { Talk } from "../caseView/talk.ts";
import { calls } from "./call.ts";
import { nameIn } from "./name.ts";
import type { LiveSession } from "./sessions.ts";
import { useOpenSessions } from "./openSessions.ts";
import { useLiveWords } from "./words.ts";

const PlanDialog = lazy(() => import("./PlanDialog.tsx").then((m) => ({ default: m.PlanDialog })));

/** Sessions over this case for a later hour: the way into each, and to a new one. */
export function Planned({ view, talk }: { readonly view: CaseView; readonly talk: Talk }) {
  const words = useLiveWords().plan;
  const { online } = useSync();
  const [planning, setPlanning] = useState(false);
  const [made, setMade] = useState<LiveSession>();
  const listed = useOpenSessions().filter(
    ({ log, startsAt }) => log === view.log && startsAt !== undefined,
  );
  const known = listed.some(({ session }) => session === made?.session);
  const all = made === undefined || known ? listed : [...listed, made];
  return (
    <Panel title={words.title}>
      {all.length === 0 ? <p className="muted">{words.none}</p> : null}
      <ul className="plain-list stack stack-s">
        {all.map((each) => (
          <Hour key={each.session} planned={each} talk={talk} />
        ))}
      </ul>
      <div className="row">
        <Button icon="clock" disabled={!online} onClick={() => setPlanning(true)}>
          {words.make}
        </Button>
      </div>
      {planning ? (
        <Suspense fallback={null}>
          <PlanDialog
            view={view}
            talk={talk}
            onClose={() => setPlanning(false)}
            onMade={(session) => {
              setMade(session);
              setPlanning(false);
            }}
          />
        </Suspense>
      ) : null}
    </Panel>
  );
}

function Hour({ planned, talk }: { readonly planned: LiveSession; readonly talk: Talk }) {
  const device = useDevice();
  const words = useLiveWords();
  const { online } = useSync();
  const { session, log, state, startsAt = "" } = planned;
  const { time, day } = talk.moments;
  const chair = state.people.find(({ role }) => role === "chair")?.who ?? "";
  return (
    <li>
      <Banner
        tone="info"
        title={words.plan.at(`${time(startsAt)} ${day(startsAt)}`)}
        action={
          <Button
            icon="video"
            disabled={!online}
            onClick={() => calls.join(device, log, true, session)}
          >
            {words.enter}
          </Button>
        }
      >
        {words.plan.chair(nameIn(talk, chair))}
      </Banner>
    </li>
  );
}
