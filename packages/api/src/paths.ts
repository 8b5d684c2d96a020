/**
 * Method and path of every route, apart from the schemas, so that the browser's bundle carries this alone.
 * A test holds it equal to `routes`.
 */
export const paths = {
  signIn: "POST /v1/sign-in",
  keyChallenge: "POST /v1/sign-in/challenge",
  keySignIn: "POST /v1/sign-in/key",
  openStoreSecret: "POST /v1/store-secret",
  signOut: "POST /v1/sign-out",
  me: "GET /v1/me",
  changePassword: "POST /v1/password",
  firstLink: "POST /v1/first-link",
  firstAdministrator: "POST /v1/first-administrator",
  enrolKey: "POST /v1/keys",
  entries: "POST /v1/entries",
  packedEntries: "POST /v1/entries/packed",
  sealed: "POST /v1/sealed",
  feed: "GET /v1/feed",
  packedFeed: "GET /v1/feed/packed",
  wake: "GET /v1/feed/wake",
  caseEntries: "GET /v1/cases/:case",
  checkpoint: "GET /v1/checkpoint",
  caseProofs: "GET /v1/cases/:case/proofs",
  openSession: "POST /v1/sessions",
  sessions: "GET /v1/sessions",
  session: "GET /v1/sessions/:session",
  actInSession: "POST /v1/sessions/:session/acts",
  sessionToken: "POST /v1/sessions/:session/token",
  worklist: "GET /v1/worklist",
  caseByNumber: "GET /v1/case-numbers/:number",
  views: "POST /v1/views",
  file: "GET /v1/cases/:case/files/:hash",
  filesHeld: "GET /v1/cases/:case/files",
  openCameraLink: "POST /v1/camera-links",
  cameraLinkPhotos: "GET /v1/camera-links/:token/photos",
  takePhoto: "GET /v1/camera-links/:token/photos/:hash",
  addPhoto: "POST /v1/camera/:token",
  addPerson: "POST /v1/people",
  resetPassword: "POST /v1/people/:person/password",
  quarantine: "GET /v1/quarantine",
  accessLog: "GET /v1/cases/:case/views",
  healthz: "GET /healthz",
  readyz: "GET /readyz",
  serverKeys: "GET /v1/server-keys",
} as const;

/** Where tus 1.0 listens (creation, patch, head); Upload-Metadata: log, hash, type. */
export const filesPath = "/v1/files";
