/** What stops a command and a person can mend: each gets one clear sentence in words.ts. */
export type FailureFacts = {
  readonly portInUse: { readonly port: number };
  readonly portNotAllowed: { readonly port: number };
  readonly noSuchAddress: { readonly host: string };
  readonly diskFull: { readonly folder: string };
  readonly newerFolder: { readonly folder: string; readonly found: number; readonly known: number };
  readonly folderNotOurs: { readonly folder: string };
  readonly folderNotWritable: { readonly folder: string };
  readonly alreadyRunning: { readonly folder: string; readonly address: string };
  readonly demoOnNetwork: { readonly host: string };
  readonly demoFolder: { readonly folder: string };
  readonly emptyFolder: { readonly folder: string };
  readonly badSetting: { readonly name: string; readonly detail: string };
  readonly unreadable: { readonly file: string };
  readonly databaseFailed: { readonly log: string; readonly detail: string };
  readonly databaseOtherVersion: { readonly found: string };
  readonly databaseNotReached: { readonly detail: string };
  readonly databaseHoldsOthers: { readonly folder: string };
  readonly noAccount: { readonly detail: string };
  readonly unsupported: { readonly machine: string };
  readonly noNetwork: { readonly detail: string };
  readonly cannotStart: { readonly detail: string };
  readonly notRunning: { readonly folder: string };
  readonly databaseElsewhere: { readonly folder: string };
  readonly usage: { readonly of: "facilityAdd" | "contractAdd" };
  readonly badFacilityCode: { readonly given: string };
  readonly badLevel: { readonly given: string; readonly known: string };
  readonly badDay: { readonly given: string };
  readonly badSpecialty: { readonly given: string; readonly known: string };
  readonly sameFacility: { readonly facility: string };
  readonly facilityHasPeople: { readonly facility: string; readonly name: string };
  readonly facilityDiffers: {
    readonly facility: string;
    readonly name: string;
    readonly level: string;
  };
  readonly unknownFacility: { readonly facility: string };
  readonly contractTaken: { readonly contract: string; readonly facility: string };
  readonly unknownCommand: { readonly name: string };
  readonly wrongArguments: { readonly usage: string };
  readonly noDataFolder: { readonly folder: string };
  readonly noSuchCase: { readonly name: string };
  readonly severalCases: { readonly name: string; readonly cases: readonly string[] };
  readonly fileThere: { readonly file: string };
  readonly bundleTooLarge: { readonly bytes: number; readonly most: number };
  readonly notABundle: { readonly file: string; readonly detail: string };
  readonly backupThere: { readonly folder: string };
  readonly notABackup: { readonly folder: string };
  readonly newerBackup: { readonly folder: string; readonly found: number; readonly known: number };
  readonly backupDamaged: { readonly file: string };
  readonly otherInstallation: { readonly folder: string };
  readonly serverConnected: object;
  readonly restoreUnfinished: { readonly folder: string };
  readonly newerBundle: { readonly file: string; readonly found: string };
};
export type FailureCode = keyof FailureFacts;

/** One code with its facts, kept together so that words.ts can tell them apart. */
export type FailureReason = {
  readonly [C in FailureCode]: { readonly code: C } & FailureFacts[C];
}[FailureCode];

export class Failure extends Error {
  readonly reason: FailureReason;
  constructor(reason: FailureReason) {
    super(reason.code);
    this.name = "Failure";
    this.reason = reason;
  }
}
