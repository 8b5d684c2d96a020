/** Somebody who could be drawn. */
export interface Seen {
  readonly who: string;
  readonly camera: boolean;
  /** When they last spoke, ms on a clock that only goes forward; 0: not yet. */
  readonly spokeMs: number;
}

export interface Lead {
  readonly me: string;
  /** Whom the chair shows to everybody. */
  readonly spotlight: string | null;
  /** Who was given the floor. */
  readonly floor: string | null;
}

export interface Stage {
  readonly large: string | undefined;
  /** In the order of their names: nobody jumps about while others speak. */
  readonly small: readonly string[];
  /** How many stand in the list alone. */
  readonly rest: number;
}

/** Small pictures beside the large one. */
export const mostSmall = 8;

/** Of two, who is rather seen: who spoke last, then who has a picture, then by name. */
const rather = (one: Seen, other: Seen): number =>
  other.spokeMs - one.spokeMs ||
  Number(other.camera) - Number(one.camera) ||
  (one.who < other.who ? -1 : 1);

/**
 * Who is drawn: one large, at most eight small. Large is whom the chair shows, else who has the floor, else who spoke
 * last; oneself only while nobody else is there, and oneself is always among the small ones otherwise.
 * @param mostPictures how many moving pictures of others this machine decodes
 */
export const chooseStage = (
  seen: readonly Seen[],
  { me, spotlight, floor }: Lead,
  mostPictures: number,
): Stage => {
  const others = seen.filter(({ who }) => who !== me).sort(rather);
  const named = (name: string | null) => others.find(({ who }) => who === name);
  const large = named(spotlight) ?? named(floor) ?? others[0];
  const self = seen.find(({ who }) => who === me);
  if (large === undefined) return { large: self?.who, small: [], rest: 0 };
  const room = Math.min(mostSmall - (self === undefined ? 0 : 1), Math.max(mostPictures - 1, 0));
  const beside = others.filter((each) => each !== large);
  const small = [...beside.slice(0, room), ...(self === undefined ? [] : [self])];
  return {
    large: large.who,
    small: small.map(({ who }) => who).sort(),
    rest: Math.max(beside.length - room, 0),
  };
};
