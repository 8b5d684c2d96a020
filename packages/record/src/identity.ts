import * as v from "valibot";
import { FacilityCode, Instant, Uuid } from "./entry.ts";

const short = (max: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(max));

/** Day precision where it is known, else year, else an age in months at the time of writing. */
export const Birth = v.variant("known", [
  v.strictObject({
    known: v.literal("day"),
    day: v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\d$/)),
  }),
  v.strictObject({
    known: v.literal("year"),
    year: v.pipe(v.number(), v.integer(), v.minValue(1880), v.maxValue(2200)),
  }),
  v.strictObject({
    known: v.literal("ageMonths"),
    ageMonths: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1560)),
    at: Instant,
  }),
]);
export type Birth = v.InferOutput<typeof Birth>;

export const Sex = v.picklist(["male", "female", "other", "unknown"]);
export type Sex = v.InferOutput<typeof Sex>;

/** Who a patient is. Every number is an alias that may be cancelled; none is the key. */
export const Identity = v.strictObject({
  name: short(120),
  sex: Sex,
  birth: v.optional(Birth),
  address: v.optional(short(300)),
  /** CCCD: 12 digits. */
  personalNumber: v.optional(v.pipe(v.string(), v.regex(/^\d{12}$/))),
  /** CMND: 9 digits. */
  oldNumber: v.optional(v.pipe(v.string(), v.regex(/^\d{9}$/))),
  /** BHYT: 15 characters, or the bare 10-digit social-insurance number. */
  insuranceNumber: v.optional(v.pipe(v.string(), v.regex(/^([A-Z]{2}\d{13}|\d{10})$/))),
  passport: v.optional(short(30)),
  phone: v.optional(short(30)),
  guardian: v.optional(
    v.strictObject({
      name: v.optional(short(120)),
      relation: short(60),
      personalNumber: v.optional(v.pipe(v.string(), v.regex(/^\d{12}$/))),
      phone: v.optional(short(30)),
    }),
  ),
});
export type Identity = v.InferOutput<typeof Identity>;

/** Bodies of a facility's patient log. */
export const patientBodies = {
  patientRegistered: v.strictObject({ facility: FacilityCode, identity: Identity }),
  identityChanged: v.strictObject({ identity: Identity, reason: short(500) }),
  aliasAdded: v.strictObject({
    alias: short(60),
    of: v.picklist(["personalNumber", "oldNumber", "insuranceNumber", "name", "other"]),
  }),
  patientLinked: v.strictObject({ to: Uuid, reason: short(500) }),
} as const;
export type PatientKind = keyof typeof patientBodies;
export type PatientBody<K extends PatientKind> = v.InferOutput<(typeof patientBodies)[K]>;
export type PatientFact = {
  readonly [K in PatientKind]: { readonly kind: K; readonly body: PatientBody<K> };
}[PatientKind];
