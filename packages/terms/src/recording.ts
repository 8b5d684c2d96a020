/**
 * Whether sessions of a case may be recorded at all, by how the case was opened; each besides only with the patient's own
 * consent for it. Of one who is at home the home would be recorded too.
 */
export const mayBeRecorded = {
  directToPatient: false,
  viaFacility: true,
  support: true,
  council: true,
} as const;
