import type { CaseView, DirectoryView, RequestView } from "@lientuyen/record";
import { personName } from "./named.ts";

/** Somebody who can be reached by telephone; everything here is read from what the device holds. */
export interface Callee {
  readonly who: "duty" | "taker" | "facility" | "colleague" | "patient" | "family";
  readonly name: string;
  readonly phone: string;
}

/** Whom to call about a request, the most useful first. */
export function whomToCall(
  view: CaseView,
  request: RequestView | undefined,
  directory: DirectoryView,
  own: { readonly person: string; readonly facility: string },
): readonly Callee[] {
  const far = request === undefined ? [] : farSide(request, directory);
  return [...far, ...colleagues(directory, own), ...patientSide(view)];
}

function farSide(request: RequestView, directory: DirectoryView): readonly Callee[] {
  const facility = directory.facilities.get(request.to);
  if (facility === undefined) return [];
  const fits = facility.duty.filter(
    (d) =>
      (d.specialty === undefined || d.specialty === request.specialty) &&
      (d.urgency === undefined || d.urgency === request.urgency),
  );
  const duty = fits
    .slice()
    .sort((a, b) => Number(b.specialty !== undefined) - Number(a.specialty !== undefined))
    .map((d) => ({ who: "duty" as const, name: d.name, phone: d.phone }));
  const taker = request.acceptedBy?.person ?? request.allocatedTo;
  const known = taker === undefined ? undefined : directory.people.get(taker);
  const person =
    taker === undefined || known?.phone === undefined
      ? []
      : [
          {
            who: "taker" as const,
            name: personName(directory, taker) ?? known.name,
            phone: known.phone,
          },
        ];
  const desk =
    facility.phone === undefined
      ? []
      : [{ who: "facility" as const, name: facility.shortName, phone: facility.phone }];
  return [...person, ...duty, ...desk];
}

function colleagues(
  directory: DirectoryView,
  own: { readonly person: string; readonly facility: string },
): readonly Callee[] {
  return [...directory.people.values()].flatMap((p) =>
    p.facility !== own.facility || p.person === own.person || p.phone === undefined
      ? []
      : [
          {
            who: "colleague" as const,
            name: personName(directory, p.person) ?? p.name,
            phone: p.phone,
          },
        ],
  );
}

function patientSide(view: CaseView): readonly Callee[] {
  if (view.patient.state !== "known") return [];
  const { name, phone, guardian } = view.patient.identity;
  return [
    ...(guardian?.phone === undefined
      ? []
      : [
          {
            who: "family" as const,
            name: guardian.name ?? guardian.relation,
            phone: guardian.phone,
          },
        ]),
    ...(phone === undefined ? [] : [{ who: "patient" as const, name, phone }]),
  ];
}

/** A number as a tel: address takes it. */
export function telAddress(phone: string): string {
  return `tel:${phone.replace(/[^\d+]/g, "")}`;
}
