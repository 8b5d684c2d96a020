/** What a scanned or typed card says; personal words stay with the caller. */
export interface CardReading {
  readonly name?: string;
  readonly sex?: "male" | "female";
  /** yyyy-mm-dd */
  readonly birthDay?: string;
  readonly address?: string;
  readonly personalNumber?: string;
  readonly oldNumber?: string;
  readonly insuranceNumber?: string;
  readonly issuedDay?: string;
}

export type CardText =
  | { readonly read: "card"; readonly card: CardReading }
  | { readonly read: "notACard"; readonly why: "empty" | "notKnown" | "badNumber" | "badDay" };

/** ddmmyyyy → yyyy-mm-dd, or undefined where no such day exists. */
const dayOf = (text: string): string | undefined => {
  const match = /^(\d{2})(\d{2})(\d{4})$/.exec(text);
  if (match === null) return undefined;
  const [, day, month, year] = match;
  const iso = `${year}-${month}-${day}`;
  const date = new Date(`${iso}T00:00:00.000Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso) ? iso : undefined;
};

/**
 * Telex turns letters that a keyboard-wedge scanner types into marks: "Nữ" may come as "Nuwx", "Đ" as "DD".
 * The sex field has two values, so its mangled forms are told by their first letters.
 */
const sexOf = (text: string): "male" | "female" | undefined => {
  const letters = text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  if (letters.startsWith("nam")) return "male";
  return letters.startsWith("nu") ? "female" : undefined;
};

const fields = (text: string): readonly string[] =>
  text
    .replace(/[\r\n\t]+$/u, "")
    .split("|")
    .map((part) => part.trim());

const withText = <K extends string>(
  key: K,
  value: string | undefined,
): { readonly [P in K]?: string } => {
  const filled: { [P in K]?: string } = {};
  if (value !== undefined && value !== "") filled[key] = value;
  return filled;
};

const readCccd = (parts: readonly string[]): CardText => {
  const [number = "", old = "", name = "", birth = "", sex = "", address = "", issued = ""] = parts;
  if (!/^\d{12}$/.test(number)) return { read: "notACard", why: "badNumber" };
  const birthDay = dayOf(birth);
  if (birth !== "" && birthDay === undefined) return { read: "notACard", why: "badDay" };
  const gender = sexOf(sex);
  return {
    read: "card",
    card: {
      personalNumber: number,
      ...withText("oldNumber", /^\d{9}$/.test(old) ? old : undefined),
      ...withText("name", name.normalize("NFC")),
      ...withText("birthDay", birthDay),
      ...withText("address", address.normalize("NFC")),
      ...withText("issuedDay", dayOf(issued)),
      ...(gender === undefined ? {} : { sex: gender }),
    },
  };
};

/** VNI's digits for the marks that they put on a letter: TE1… comes as TÉ…, D9… as Đ…. */
const vniMarks: readonly (readonly [mark: RegExp, digit: string])[] = [
  [/\u0301/g, "1"],
  [/\u0300/g, "2"],
  [/\u0309/g, "3"],
  [/\u0303/g, "4"],
  [/\u0323/g, "5"],
  [/\u0302/g, "6"],
  [/\u031b/g, "7"],
  [/\u0306/g, "8"],
];

/** What the keyboard sent before VNI made marks of its digits; Đ may be Telex's DD or VNI's D9, the length tells. */
const unmarked = (text: string): string => {
  const digits = vniMarks.reduce(
    (rest, [mark, digit]) => rest.replace(mark, digit),
    text.normalize("NFD"),
  );
  return /^Đ\d{13}$/.test(digits) ? digits.replace("Đ", "DD") : digits.replace("Đ", "D9");
};

/** BHYT: 2 letters, benefit digit, 2 province digits, 10-digit social-insurance number; or the bare ten. */
export const readInsuranceNumber = (typed: string): string | undefined => {
  const text = unmarked(typed.replace(/[\s.-]/g, "").toUpperCase());
  return /^[A-Z]{2}\d{13}$/.test(text) || /^\d{10}$/.test(text) ? text : undefined;
};

/**
 * Reads what a scanner or a person typed: the CCCD's QR text
 * (`number|old number|name|ddmmyyyy|sex|address|issue date`), a 12- or 9-digit number, or a BHYT number.
 */
export const readCardText = (typed: string): CardText => {
  const text = typed.trim();
  if (text === "") return { read: "notACard", why: "empty" };
  if (text.includes("|")) return readCccd(fields(text));
  const digits = text.replace(/[\s.-]/g, "");
  if (/^\d{12}$/.test(digits)) return { read: "card", card: { personalNumber: digits } };
  if (/^\d{9}$/.test(digits)) return { read: "card", card: { oldNumber: digits } };
  const insurance = readInsuranceNumber(text);
  if (insurance !== undefined) return { read: "card", card: { insuranceNumber: insurance } };
  return { read: "notACard", why: /^\d+$/.test(digits) ? "badNumber" : "notKnown" };
};

/** The last ten digits name the same insured person on the 15-character card and the bare number. */
export const sameInsuranceNumber = (a: string, b: string): boolean => a.slice(-10) === b.slice(-10);
