/** Bounds of one sign for ages from `fromMonths` on, up to the next row. */
interface VitalRange {
  readonly fromMonths: number;
  /** Outside: the screen asks whether it is right. */
  readonly ask: readonly [low: number, high: number];
}

export interface VitalSign {
  readonly code: string;
  readonly vi: string;
  readonly en: string;
  readonly unit: string;
  /** Where English writes the unit otherwise. */
  readonly unitEn?: string;
  readonly decimals: number;
  /** Outside: refused as impossible in a living person, at any age. */
  readonly possible: readonly [low: number, high: number];
  readonly ranges: readonly VitalRange[];
  /** Where the bounds come from. */
  readonly source: string;
}

const pals = "AHA/AAP Pediatric Advanced Life Support, normal ranges by age, widened for asking";
const who =
  "WHO Integrated Management of Childhood Illness (fast breathing: ≥60 under 2 months, ≥50 to 12 months, ≥40 to 5 years), widened for asking";
const news2 = "Royal College of Physicians, NEWS2 (2017), scores 0–2 taken as usual";
const growth = "WHO Child Growth Standards (2006, 2007), −4 SD to +4 SD, rounded outwards";

/** Signs in the order in which the form shows them. */
export const vitalSigns: readonly VitalSign[] = [
  {
    code: "pulse",
    vi: "Mạch",
    en: "Pulse",
    unit: "lần/phút",
    unitEn: "/min",
    decimals: 0,
    possible: [10, 350],
    source: `${pals}; ${news2}`,
    ranges: [
      { fromMonths: 0, ask: [90, 200] },
      { fromMonths: 3, ask: [85, 190] },
      { fromMonths: 24, ask: [65, 160] },
      { fromMonths: 120, ask: [50, 140] },
      { fromMonths: 192, ask: [45, 130] },
    ],
  },
  {
    code: "systolic",
    vi: "Huyết áp tâm thu",
    en: "Systolic blood pressure",
    unit: "mmHg",
    decimals: 0,
    possible: [20, 320],
    source: `${pals}; ${news2}`,
    ranges: [
      { fromMonths: 0, ask: [50, 100] },
      { fromMonths: 12, ask: [65, 120] },
      { fromMonths: 72, ask: [75, 130] },
      { fromMonths: 144, ask: [85, 180] },
    ],
  },
  {
    code: "diastolic",
    vi: "Huyết áp tâm trương",
    en: "Diastolic blood pressure",
    unit: "mmHg",
    decimals: 0,
    possible: [5, 220],
    source: pals,
    ranges: [
      { fromMonths: 0, ask: [25, 70] },
      { fromMonths: 12, ask: [30, 80] },
      { fromMonths: 72, ask: [40, 90] },
      { fromMonths: 144, ask: [45, 115] },
    ],
  },
  {
    code: "temperature",
    vi: "Nhiệt độ",
    en: "Temperature",
    unit: "°C",
    decimals: 1,
    possible: [20, 45],
    source: news2,
    ranges: [{ fromMonths: 0, ask: [35, 41] }],
  },
  {
    code: "respirations",
    vi: "Nhịp thở",
    en: "Respirations",
    unit: "lần/phút",
    unitEn: "/min",
    decimals: 0,
    possible: [2, 150],
    source: `${who}; ${news2}`,
    ranges: [
      { fromMonths: 0, ask: [25, 80] },
      { fromMonths: 2, ask: [20, 75] },
      { fromMonths: 12, ask: [18, 65] },
      { fromMonths: 60, ask: [12, 40] },
      { fromMonths: 144, ask: [9, 30] },
    ],
  },
  {
    code: "spo2",
    vi: "SpO₂",
    en: "SpO₂",
    unit: "%",
    decimals: 0,
    possible: [20, 100],
    source: news2,
    ranges: [{ fromMonths: 0, ask: [80, 100] }],
  },
  {
    code: "weight",
    vi: "Cân nặng",
    en: "Weight",
    unit: "kg",
    decimals: 1,
    possible: [0.3, 400],
    source: growth,
    ranges: [
      { fromMonths: 0, ask: [1.5, 6] },
      { fromMonths: 3, ask: [3, 11] },
      { fromMonths: 12, ask: [5, 16] },
      { fromMonths: 24, ask: [7, 22] },
      { fromMonths: 36, ask: [8, 28] },
      { fromMonths: 60, ask: [10, 45] },
      { fromMonths: 120, ask: [16, 90] },
      { fromMonths: 192, ask: [28, 150] },
    ],
  },
  {
    code: "height",
    vi: "Chiều cao",
    en: "Height",
    unit: "cm",
    decimals: 0,
    possible: [20, 260],
    source: growth,
    ranges: [
      { fromMonths: 0, ask: [38, 65] },
      { fromMonths: 6, ask: [55, 85] },
      { fromMonths: 12, ask: [60, 100] },
      { fromMonths: 36, ask: [75, 125] },
      { fromMonths: 72, ask: [90, 160] },
      { fromMonths: 144, ask: [115, 195] },
      { fromMonths: 216, ask: [125, 205] },
    ],
  },
  {
    code: "glucose",
    vi: "Đường huyết",
    en: "Blood glucose",
    unit: "mmol/L",
    decimals: 1,
    possible: [0.3, 80],
    source:
      "WHO/IDF diabetes thresholds: hypoglycaemia under 3.9, hyperglycaemic crisis over 13.9 to 33.3 mmol/L",
    ranges: [{ fromMonths: 0, ask: [2.5, 30] }],
  },
  {
    code: "gcs",
    vi: "Glasgow",
    en: "Glasgow coma scale",
    unit: "điểm",
    unitEn: "points",
    decimals: 0,
    possible: [3, 15],
    source: "Teasdale and Jennett, 1974: 3 to 15",
    ranges: [{ fromMonths: 0, ask: [3, 15] }],
  },
  {
    code: "pain",
    vi: "Đau",
    en: "Pain",
    unit: "/10",
    decimals: 0,
    possible: [0, 10],
    source: "Numeric rating scale 0 to 10",
    ranges: [{ fromMonths: 0, ask: [0, 10] }],
  },
  {
    code: "capillaryRefill",
    vi: "Đổ đầy mao mạch",
    en: "Capillary refill",
    unit: "giây",
    unitEn: "s",
    decimals: 0,
    possible: [0, 20],
    source: "WHO Emergency Triage Assessment and Treatment: over 3 s is slow",
    ranges: [{ fromMonths: 0, ask: [0, 8] }],
  },
];

export const findVitalSign = (code: string): VitalSign | undefined =>
  vitalSigns.find((sign) => sign.code === code);

/** "lần/phút", "/min"; "" for a code that is not in the list. */
export const vitalUnit = (code: string, language: "vi" | "en"): string => {
  const sign = findVitalSign(code);
  return (language === "en" ? sign?.unitEn : undefined) ?? sign?.unit ?? "";
};

export type Judgement =
  | { readonly judged: "usual" }
  /** Ask; `suggestion` is the same digits with the decimal point where the value would be usual. */
  | { readonly judged: "ask"; readonly suggestion: number | undefined }
  | { readonly judged: "impossible"; readonly suggestion: number | undefined };

const within = (value: number, [low, high]: readonly [number, number]): boolean =>
  value >= low && value <= high;

const rangeAt = (sign: VitalSign, ageMonths: number): VitalRange | undefined =>
  sign.ranges.reduce<VitalRange | undefined>(
    (found, range) => (range.fromMonths <= ageMonths ? range : found),
    undefined,
  );

/**
 * Judges one measured value.
 * @param ageMonths completed months; undefined (age not known) judges as an adult's and asks only outside every age's range
 */
export const judgeReading = (
  code: string,
  value: number,
  ageMonths: number | undefined,
): Judgement => {
  const sign = findVitalSign(code);
  if (sign === undefined) return { judged: "usual" };
  const usual = (candidate: number): boolean =>
    within(candidate, sign.possible) &&
    (ageMonths === undefined
      ? sign.ranges.some((range) => within(candidate, range.ask))
      : within(candidate, rangeAt(sign, ageMonths)?.ask ?? sign.possible));
  if (Number.isFinite(value) && usual(value)) return { judged: "usual" };
  const tenth = Math.round(value) / 10;
  const suggestion = [tenth, Math.round(value * 100) / 10].find(
    (candidate) => Number.isFinite(candidate) && usual(candidate),
  );
  return within(value, sign.possible)
    ? { judged: "ask", suggestion }
    : { judged: "impossible", suggestion };
};

export type VitalText =
  | { readonly read: "empty" }
  | { readonly read: "number"; readonly value: number }
  /** "110/70" */
  | { readonly read: "pair"; readonly systolic: number; readonly diastolic: number }
  | { readonly read: "notANumber" };

/** Reads what was typed: "37,1", "37.1", "110/70"; blanks are ignored. */
export const readVital = (typed: string): VitalText => {
  const text = typed.replace(/\s+/g, "").replace(",", ".");
  if (text === "") return { read: "empty" };
  const pair = /^(\d{2,3})[/\\-](\d{2,3})$/.exec(text);
  if (pair !== null) return { read: "pair", systolic: Number(pair[1]), diastolic: Number(pair[2]) };
  return /^\d{1,4}(\.\d{1,2})?$/.test(text)
    ? { read: "number", value: Number(text) }
    : { read: "notANumber" };
};
