export const shell: typeof import("../vi/shell.ts").shell = {
  product: "Liên Tuyến",
  purpose: "Remote consultation between levels of care",
  loading: "Opening…",
  languageName: "Language",
  vietnamese: "Tiếng Việt",
  english: "English",
  account: "User name",
  password: "Password",
  showPassword: "Show characters",
  signIn: "Sign in",
  signingIn: "Signing in…",
  signInOffline: "The first sign-in on this device needs the network. It is tried again by itself.",
  needAccount: "Enter your user name.",
  needPassword: "Enter your password.",
  backToPeople: "Choose another person",
  chooseSecretTitle: "Choose how to unlock",
  chooseSecretWhy: (name: string) =>
    `${name}, this opens the device without a network and locks the patients' data on it.`,
  secret: "PIN or passphrase",
  secretHint:
    "6 or more digits that are hard to guess (not 123456), or a phrase of 12 or more characters.",
  secretAgain: "Once more",
  secretsDiffer: "The two are not the same.",
  saveSecret: "Done",
  savingSecret: "Locking the data…",
  weakSecret: "Too short. 6 or more digits, or a phrase of 12 or more characters.",
  whoAreYou: "Who is using this device?",
  unlockOf: (name: string) => `Unlock: ${name}`,
  unlock: "Unlock",
  unlocking: "Opening…",
  forgotSecret: "Forgot it",
  forgotExplain:
    "Sign in again with your password (needs the network), then choose a new one. Nothing unsent is lost.",
  otherPerson: "Somebody else signs in",
  sendingWhileLocked: (n: number) =>
    `Still to be sent: ${n}. A locked device goes on sending whenever there is a line.`,
  updateReady: "A new version is ready.",
  update: "Update now",
  emergency: "Emergency, cannot unlock",
  emergencyExplain:
    "You can write new cases and read none. They stay marked as unconfirmed until you sign in again.",
  emergencyName: "Your name",
  emergencyNeedName: "Enter your name, so that the hospital knows who is sending.",
  emergencyStart: "Write an emergency case",
  elsewhereTitle: "Open in another window",
  elsewhereText:
    "Only one window may hold the data. Use it here and the other one locks; what was typed is kept.",
  useHere: "Use here",
  impossibleTitle: "This browser cannot be used yet",
  insecureAddress:
    "This address is not secure, so the browser does not allow encryption. Open an address that begins with https://, or http://localhost on the server itself.",
  noStorage:
    "The browser does not allow storing data (perhaps a private window). Open a normal window.",
  noCrypto:
    "The browser is too old and lacks encryption. Chrome, Edge or Cốc Cốc 109 or newer is needed.",
  failures: {
    wrong_sign_in: "Wrong user name or password.",
    too_many: "Too many attempts.",
    offline: "No network. Try again when there is one.",
    unavailable: "The server is paused. Try again in a few minutes.",
    forbidden:
      "You cannot use this device: it was disowned, or you no longer have a role at the facility. Ask your IT administrator.",
    wrongSecret: "Wrong. Try again.",
    weakSecret: "Too easy to guess. No run like 123456, and more than two different digits.",
    storageFull: "This device has no room left. Delete some files, then try again.",
    internal: "Something failed on this device. Reload and try again; your data is kept.",
  },
  waitSeconds: (n: number) => `Wait ${n} seconds, then try again.`,
  brokenTitle: "This screen failed",
  brokenText: "What was saved is still on this device. Open the screen again to go on.",
  reopen: "Open again",
  patientLine: (sex: string | undefined, ageMonths: number | undefined): string =>
    [
      sex === "male" || sex === "female" ? sex : "",
      ageMonths === undefined
        ? ""
        : ageMonths < 72
          ? `${ageMonths} months`
          : `${Math.floor(ageMonths / 12)} years`,
    ]
      .filter((part) => part !== "")
      .join(", "),
};
