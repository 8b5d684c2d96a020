import type { Bytes } from "./primitives.ts";
import { RecordError } from "./recordError.ts";

/**
 * 29 signs (a prime, so that the check sign catches every wrong sign and every swap): digits and
 * consonants. No vowel, so a keyboard with Telex on has nothing to put a tone on.
 */
const signs = "0123456789BCDFGHJKMNPQRSTVWXZ";
const randomSigns = 7;
const space = 29 ** randomSigns;

/**
 * A case's number: facility, seven random signs and a check sign, e.g. `12913-K7M2-9TXC`.
 * With 20 cases a day for ten years the odds that two of one facility ever share one are about 1 in 7;
 * the case's uuid, not its number, is the key.
 * @param random at least 8 random bytes
 */
export function makeCaseNumber(facility: string, random: Bytes): string {
  if (random.length < 8 || !/^[0-9A-Z]{5}$/.test(facility))
    throw new RecordError("out_of_range", "a facility code and 8 random bytes");
  let value = random.slice(0, 6).reduce((sum, byte) => sum * 256 + byte, 0) % space;
  let body = "";
  for (let i = 0; i < randomSigns; i++) {
    body += signs.charAt(value % 29);
    value = Math.floor(value / 29);
  }
  return spell(facility, body + checkSign(facility + body));
}

/** Reads a number as spoken or typed: any case, spaces, O for 0, what Telex made of DD and W. */
export function readCaseNumber(text: string): string | undefined {
  const clean = text
    .normalize("NFC")
    .toUpperCase()
    .replaceAll("Đ", "DD")
    .replaceAll("Ư", "W")
    .replace(/[\s.\-–_/]/g, "");
  const facility = clean.slice(0, 5);
  const rest = clean.slice(5).replaceAll("O", "0").replace(/[IL]/g, "1");
  if (!/^[0-9A-Z]{5}$/.test(facility) || rest.length !== randomSigns + 1) return undefined;
  if (Array.from(rest).some((sign) => !signs.includes(sign))) return undefined;
  return checkSign(facility + rest.slice(0, -1)) === rest.slice(-1)
    ? spell(facility, rest)
    : undefined;
}

function spell(facility: string, rest: string): string {
  return `${facility}-${rest.slice(0, 4)}-${rest.slice(4)}`;
}

/** Each place has its own weight modulo 29. */
function checkSign(text: string): string {
  const sum = Array.from(text).reduce((total, sign, i) => {
    const value = i < 5 ? parseInt(sign, 36) : signs.indexOf(sign);
    return total + (i + 2) * value;
  }, 0);
  return signs.charAt(sum % 29);
}
