/** What the pictures cost this machine since the last look. */
export interface Load {
  /** Share of the machine's processor time spent decoding pictures, 0–1. */
  readonly decoding: number;
  /** Share of the pictures' frames that came and were not shown, 0–1. */
  readonly dropped: number;
  /** How late this page's own timer was, ms: everything else waits as long. */
  readonly lateMs: number;
}

/** How many moving pictures of others are decoded, and since how many looks it has been easy. */
export interface Decoding {
  readonly most: number;
  readonly hard: number;
  readonly easy: number;
}

/** One large and eight small. */
export const mostPictures = 9;
export const startDecoding: Decoding = { most: mostPictures, hard: 0, easy: 0 };
export const lookEveryMs = 2_000;

const hardLooks = 2;
/** More is tried again after half a minute of ease. */
const easyLooks = 15;

const isHard = ({ decoding, dropped, lateMs }: Load): boolean =>
  decoding > 0.5 || dropped > 0.25 || lateMs > 400;
const isEasy = ({ decoding, dropped, lateMs }: Load): boolean =>
  decoding < 0.25 && dropped < 0.05 && lateMs < 100;

/**
 * Two hard looks in a row take a third of the pictures away, fifteen easy ones give one back; the one that speaks
 * always stays.
 * @param shown how many are decoded now: what was never decoded says nothing of whether it could be
 */
export const stepDecoding = (before: Decoding, load: Load, shown: number): Decoding => {
  if (isHard(load)) {
    const hard = before.hard + 1;
    if (hard < hardLooks) return { ...before, hard, easy: 0 };
    const fewer = Math.max(1, Math.floor((Math.min(shown, before.most) * 2) / 3));
    return { most: fewer, hard: 0, easy: 0 };
  }
  const easy = isEasy(load) && shown >= before.most ? before.easy + 1 : 0;
  if (easy < easyLooks) return { ...before, hard: 0, easy };
  return { most: Math.min(mostPictures, before.most + 1), hard: 0, easy: 0 };
};
