import type { Generated, GeneratedAlways } from "kysely";

/** The schema of db/migrations as Kysely sees it. Instants are the exact text of RFC 3339. */
export interface Tables {
  readonly log: { name: string; seq: Generated<number>; chain: string };
  readonly entry: {
    hash: string;
    id: string;
    log: string;
    seq: number;
    kind: string;
    key: string;
    n: number;
    person: string | null;
    facility: string | null;
    device: string | null;
    header: string;
    sig: string;
    received_at: string;
    marks: readonly string[];
    chain: string;
    receipt: string;
  };
  readonly body: {
    entry: string;
    log: string;
    facility: string | null;
    body: string;
    salt: string;
  };
  readonly case_access: {
    log: string;
    facility: string;
    ground: string;
    request: string | null;
    from_seq: number;
    until_seq: number | null;
  };
  readonly feed: { position: number; facility: string; entry: string };
  readonly feed_bookmark: {
    id: GeneratedAlways<number>;
    facility: string;
    whole: number;
    directories: number;
  };
  readonly feed_pending: { id: Generated<number>; facility: string; entry: string };
  readonly tree_leaf: { index: number; entry: string };
  readonly tree_node: { level: number; index: number; hash: string };
  readonly checkpoint: {
    id: GeneratedAlways<number>;
    size: number;
    at: string;
    text: string;
    key: string;
    sig: string;
  };
  readonly deposit_mail: { recipients: string; epoch: number; size: number; sent_at_ms: number };
  readonly quarantine: {
    entry: string;
    id: string;
    log: string;
    kind: string;
    key: string;
    person: string;
    facility: string;
    device: string;
    header: string;
    body: string | null;
    salt: string | null;
    sig: string;
    arrived_at: string;
  };
  readonly refused: {
    entry: string;
    log: string;
    kind: string;
    facility: string;
    code: string;
    at: string;
  };
  readonly directory_state: { only_one: Generated<boolean>; version: number };
  readonly worklist: {
    request: string;
    log: string;
    number: string;
    from_facility: string;
    to_facility: string;
    specialty: string;
    urgency: string;
    state: string;
    received_at: string;
    due_at: string | null;
  };
  readonly case_number: { number: string; log: string };
  readonly file: {
    log: string;
    hash: string;
    size: number;
    type: string;
    facility: string;
    stored_at: string;
  };
  readonly destroyed_file: { log: string; hash: string; erased: Generated<boolean> };
  readonly case_view: {
    id: string;
    log: string;
    person: string;
    facility: string;
    device: string | null;
    at: string;
    received_at: string;
    /** Whose session told of it, where that was not the one who looked. */
    told_by: Generated<string | null>;
  };
  readonly account: {
    person: string;
    facility: string;
    account: string;
    password_hash: string;
    changed_at: string;
  };
  readonly session: {
    token_hash: string;
    person: string;
    facility: string;
    device: string | null;
    begun_at_ms: number;
    used_at_ms: number;
  };
  readonly transport: {
    token_hash: string;
    person: string;
    facility: string;
    device: string;
    key: string;
    begun_at_ms: number;
  };
  readonly sign_in_attempt: { bucket: string; minute: number; count: number };
  readonly sign_in_challenge: { challenge_hash: string; expires_at_ms: number };
  readonly first_link: { token_hash: string; expires_at_ms: number };
  readonly camera_link: {
    token_hash: string;
    log: string;
    person: string;
    facility: string;
    expires_at_ms: number;
  };
  readonly live_session: {
    id: string;
    log: string;
    state: string;
    ended: Generated<boolean>;
    changed_at_ms: number;
    starts_at_ms: Generated<number | null>;
  };
  readonly live_happening: {
    n: GeneratedAlways<number>;
    session: string;
    at_ms: number;
    what: string;
  };
  readonly live_guest: {
    link_hash: string;
    session: string;
    who: string;
    until_ms: number;
    pass_hash: Generated<string | null>;
  };
  readonly recording: {
    id: string;
    session: string;
    log: string;
    started_by: string;
    started_at_ms: number;
    ended_at_ms: Generated<number | null>;
    key: string | null;
    holder: Generated<string | null>;
    held_until_ms: Generated<number>;
    outcome: Generated<string | null>;
  };
  readonly camera_photo: {
    link: string;
    hash: string;
    size: number;
    type: string;
    facility: string;
    added_at_ms: number;
  };
}
