import {
  findAttendee,
  lookAtHearing,
  noHearing,
  takeReport,
  type Hearing,
  type HearingReport,
  type Look,
  type Session,
} from "@lientuyen/session";

type Ordered = Look["repairs"][number];

/** What one endpoint is told after its report. */
interface HearingAnswer {
  /** What it has to do now about itself, or for somebody whom it does not hear. */
  readonly repairs: readonly Ordered[];
  /** Who does not hear whom: all of it for who leads the session, for others what concerns their own ears. */
  readonly deaf: readonly { readonly listener: string; readonly speaker: string }[];
}

/** Who hears whom in the sessions that report to this process; nothing of it is kept. */
export interface HearingDesk {
  readonly report: (id: string, state: Session, report: HearingReport) => HearingAnswer;
}

interface Watched {
  hearing: Hearing;
  lookedAtMs: number;
  /** Repairs that were ordered and not yet fetched by whoever does them. */
  waiting: Ordered[];
}

/** However many report, the pairs are compared this often. */
const lookEveryMs = 1_000;
/** Nobody reported for so long: the session is forgotten. */
const forgottenMs = 60_000;

const whoseWork = ({ repair, listener, speaker }: Ordered): string =>
  repair === "resubscribe" || repair === "listenerTransport" ? listener : speaker;

const insideOf = (state: Session): ReadonlySet<string> =>
  new Set(state.people.filter(({ place }) => place === "inside").map(({ who }) => who));

const look = (watched: Watched, state: Session, nowMs: number): void => {
  const { hearing, repairs } = lookAtHearing(watched.hearing, insideOf(state), nowMs);
  watched.hearing = hearing;
  watched.lookedAtMs = nowMs;
  watched.waiting.push(...repairs);
};

const answerTo = (watched: Watched, state: Session, who: string): HearingAnswer => {
  const repairs = watched.waiting.filter((each) => whoseWork(each) === who);
  watched.waiting = watched.waiting.filter((each) => whoseWork(each) !== who);
  const role = findAttendee(state, who)?.role;
  const leads = role === "chair" || role === "secretary";
  const deaf = watched.hearing.deaf
    .filter(({ listener }) => leads || listener === who)
    .map(({ listener, speaker }) => ({ listener, speaker }));
  return { repairs, deaf };
};

export const openHearingDesk = (): HearingDesk => {
  const sessions = new Map<string, Watched>();
  const forget = (nowMs: number): void => {
    for (const [id, { lookedAtMs }] of sessions)
      if (nowMs - lookedAtMs > forgottenMs) sessions.delete(id);
  };
  return {
    report: (id, state, report) => {
      const { who, atMs } = report;
      const known = sessions.get(id);
      if (known === undefined) forget(atMs);
      const watched = known ?? { hearing: noHearing, lookedAtMs: atMs, waiting: [] };
      sessions.set(id, watched);
      if (insideOf(state).has(who)) watched.hearing = takeReport(watched.hearing, report);
      if (atMs - watched.lookedAtMs >= lookEveryMs) look(watched, state, atMs);
      return answerTo(watched, state, who);
    },
  };
};
