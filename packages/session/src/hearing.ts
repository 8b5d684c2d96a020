/** What one endpoint tells about a second or so: how loud it spoke, and how loud it heard each other one. */
export interface HearingReport {
  readonly who: string;
  /** When the server received it. */
  readonly atMs: number;
  /** Energy of the own voice that went out since the last report; 0 while muted. */
  readonly spoke: number;
  /** Decoded energy by speaker since the last report. Whom it is not meant to hear is missing. */
  readonly heard: Readonly<Record<string, number>>;
}

/** What to do next about one pair, mildest first. */
export type Repair =
  | "resubscribe" // the listener asks for the speaker's voice anew
  | "listenerTransport" // the listener's connection is made anew
  | "republish" // the speaker's voice is offered anew
  | "speakerTransport"; // the speaker's connection is made anew

/** One direction between two endpoints in which speech is lost. */
export interface Deafness {
  readonly listener: string;
  readonly speaker: string;
  readonly sinceMs: number;
  /** Repairs tried by now. */
  readonly tried: number;
  readonly triedAtMs: number | null;
}

export interface Hearing {
  /** The reports of the last few seconds. */
  readonly reports: readonly HearingReport[];
  readonly deaf: readonly Deafness[];
}

export interface Look {
  readonly hearing: Hearing;
  /** Found since the last look, and heard again since: for the chair. */
  readonly found: readonly Deafness[];
  readonly mended: readonly Deafness[];
  readonly repairs: readonly (Pick<Deafness, "listener" | "speaker"> & {
    readonly repair: Repair;
  })[];
}

export const noHearing: Hearing = { reports: [], deaf: [] };

/** Reports of this long are weighed: found within 5 s when each endpoint reports once a second. */
const windowMs = 3_000;
/** So much speech has to have gone out in it before silence at the other end means anything. */
export const speechEnergy = 0.002;
/** Of what was said, less than this share heard is not heard. Volumes differ; silence does not. */
const heardShare = 0.02;
/** How many reports of each of the two a judgement needs. */
const fewestReports = 2;

const forOne: readonly Repair[] = ["resubscribe", "listenerTransport", "speakerTransport"];
/** Whom half of those who listen do not hear is at fault alone. */
const forMany: readonly Repair[] = ["republish", "speakerTransport"];
/** Before the next repair; doubles with each round of them, for ever. */
const pauseMs = 4_000;
const longestPauseMs = 60_000;

/** Takes in one report; out of order ones too, as long as they are not older than the window. */
export const takeReport = (hearing: Hearing, report: HearingReport): Hearing => ({
  ...hearing,
  reports: [...hearing.reports, report],
});

interface Ear {
  readonly who: string;
  readonly count: number;
  readonly spoke: number;
  readonly heard: ReadonlyMap<string, number>;
}

const earOf = (who: string, reports: readonly HearingReport[]): Ear => {
  const heard = new Map<string, number>();
  for (const report of reports)
    for (const [speaker, energy] of Object.entries(report.heard))
      heard.set(speaker, (heard.get(speaker) ?? 0) + energy);
  return {
    who,
    count: reports.length,
    spoke: reports.reduce((sum, { spoke }) => sum + spoke, 0),
    heard,
  };
};

const earsOf = (reports: readonly HearingReport[]): readonly Ear[] => {
  const byWho = new Map<string, HearingReport[]>();
  for (const report of reports) {
    const own = byWho.get(report.who) ?? [];
    own.push(report);
    byWho.set(report.who, own);
  }
  return [...byWho].map(([who, own]) => earOf(who, own));
};

/** Undefined: nothing can be said of this pair now (no speech, no reports, not meant to hear). */
const hears = (listener: Ear, speaker: Ear): boolean | undefined => {
  const energy = listener.heard.get(speaker.who);
  if (listener.who === speaker.who || energy === undefined) return undefined;
  if (listener.count < fewestReports || speaker.count < fewestReports) return undefined;
  if (speaker.spoke < speechEnergy) return undefined;
  return energy >= speaker.spoke * heardShare;
};

interface Pair {
  readonly listener: string;
  readonly speaker: string;
}
const isSame = (one: Pair, other: Pair): boolean =>
  one.listener === other.listener && one.speaker === other.speaker;

interface Judged {
  readonly deaf: readonly Pair[];
  readonly hearing: readonly Pair[];
}
const judge = (ears: readonly Ear[]): Judged => {
  const deaf: Pair[] = [];
  const hearing: Pair[] = [];
  for (const speaker of ears)
    for (const listener of ears) {
      const verdict = hears(listener, speaker);
      if (verdict !== undefined)
        (verdict ? hearing : deaf).push({ listener: listener.who, speaker: speaker.who });
    }
  return { deaf, hearing };
};

/** At least two, and at least half of those of whom something can be said. */
const isSpeakersFault = ({ deaf, hearing }: Judged, speaker: string): boolean => {
  const [without, within] = [deaf, hearing].map(
    (pairs) => pairs.filter((pair) => pair.speaker === speaker).length,
  );
  return (without ?? 0) >= 2 && (without ?? 0) >= (within ?? 0);
};

const nextRepair = (each: Deafness, many: boolean): Repair | undefined => {
  const steps = many ? forMany : forOne;
  return steps[each.tried % steps.length];
};

const isDue = ({ tried, triedAtMs }: Deafness, many: boolean, nowMs: number): boolean => {
  const rounds = Math.floor(tried / (many ? forMany : forOne).length);
  return triedAtMs === null || nowMs - triedAtMs >= Math.min(pauseMs * 2 ** rounds, longestPauseMs);
};

/** For a speaker whom many do not hear one repair is enough, however many pairs ask for it. */
const distinct = (repairs: Look["repairs"]): Look["repairs"] =>
  repairs.filter(
    (each, index) =>
      (each.repair !== "republish" && each.repair !== "speakerTransport") ||
      repairs.findIndex(
        ({ speaker, repair }) => speaker === each.speaker && repair === each.repair,
      ) === index,
  );

/**
 * Looks at who hears whom by now. Pure: it says what to do, and doing it is the caller's.
 * @param here who is in the session; a pair with somebody who went is forgotten
 */
export const lookAtHearing = (
  { reports, deaf }: Hearing,
  here: ReadonlySet<string>,
  nowMs: number,
): Look => {
  const recent = reports.filter(({ who, atMs }) => here.has(who) && nowMs - atMs < windowMs);
  const judged = judge(earsOf(recent));
  const known = deaf.filter(({ listener, speaker }) => here.has(listener) && here.has(speaker));
  const mended = known.filter((each) => judged.hearing.some((pair) => isSame(pair, each)));
  const lasting = known.filter((each) => !mended.includes(each));
  const found = judged.deaf
    .filter((pair) => !known.some((each) => isSame(pair, each)))
    .map((pair): Deafness => ({ ...pair, sinceMs: nowMs, tried: 0, triedAtMs: null }));
  const repairs: { listener: string; speaker: string; repair: Repair }[] = [];
  const treated = [...lasting, ...found].map((each): Deafness => {
    const many = isSpeakersFault(judged, each.speaker);
    const repair = nextRepair(each, many);
    // Without speech there is no telling whether the last repair helped.
    const shown = judged.deaf.some((pair) => isSame(pair, each));
    if (repair === undefined || !shown || !isDue(each, many, nowMs)) return each;
    repairs.push({ listener: each.listener, speaker: each.speaker, repair });
    return { ...each, tried: each.tried + 1, triedAtMs: nowMs };
  });
  return { hearing: { reports: recent, deaf: treated }, found, mended, repairs: distinct(repairs) };
};
