import pg from "pg";

/** Entries of one loaded case: 15 facts of the station, a request, and what came of it. */
export const entriesPerCase = 25;
/** Stations and hospitals that the loaded cases are spread over. */
const stations = 500;
const hospitals = 60;

const hash = (text: string): string =>
  `translate(encode(sha256(convert_to(${text}, 'UTF8')), 'base64'), '+/=', '-_')`;

/**
 * Cases as years leave them behind, written straight into the tables: rows, texts and index keys have the shape and
 * length of real ones, hashes and chains are of made-up texts, signatures are none. Nobody reads these cases' insides.
 * Every sixtieth goes to `hospital`; one in fifty requests is still open.
 */
export async function loadYears(
  databaseUrl: string,
  hospital: string,
  cases: number,
): Promise<void> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    // As a backup is put back: what was checked when it came in is not checked again.
    options:
      "-c search_path=lientuyen -c session_replication_role=replica -c synchronous_commit=off -c maintenance_work_mem=512MB -c work_mem=256MB",
  });
  await client.connect();
  try {
    const keys = await dropKeys(client);
    for (const statement of statements(hospital, cases)) await client.query(statement);
    for (const key of keys) await client.query(key);
    await growTree(client);
  } finally {
    await client.end();
  }
}

const big = ["entry", "body", "feed", "tree_leaf"];

/** Takes keys and indexes off the big tables; gives what makes them again. */
async function dropKeys(client: pg.Client): Promise<readonly string[]> {
  const { rows: constraints } = await client.query<{ drop: string; make: string }>(
    `select format('alter table %s drop constraint %I cascade', conrelid::regclass, conname) as drop,
            format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as make
       from pg_constraint
       where contype in ('p', 'u', 'f') and (conrelid = any ($1::regclass[]) or confrelid = any ($1::regclass[]))
       order by contype = 'f'`,
    [big],
  );
  const { rows: indexes } = await client.query<{ drop: string; make: string }>(
    `select format('drop index %s', i.indexrelid::regclass) as drop, pg_get_indexdef(i.indexrelid) as make
       from pg_index i
       where i.indrelid = any ($1::regclass[]) and not exists (select 1 from pg_constraint c where c.conindid = i.indexrelid)`,
    [big],
  );
  for (const { drop } of indexes) await client.query(drop);
  for (const { drop } of constraints.toReversed()) await client.query(`${drop}`).catch(absent);
  return [...constraints, ...indexes].map(({ make }) => make);
}

/** A foreign key went with the key that it leans on. */
const absent = (error: unknown): void => {
  if (!(error instanceof pg.DatabaseError) || error.code !== "42704") throw error;
};

const statements = (hospital: string, cases: number): readonly string[] => [
  `create temp table loaded_case as
     select c, 'case/' || uuidv7() as log, ${hash("'chain' || c")} as chain,
            lpad((30000 + c % ${stations})::text, 5, '0') as station,
            case when c % ${hospitals} = 0 then '${hospital}' else lpad((40000 + c % ${hospitals})::text, 5, '0') end as hospital,
            c % 50 = 7 as open, ${hash("'request' || c")} as request
       from generate_series(1, ${cases}) c`,
  `insert into log (name, seq, chain) select log, ${entriesPerCase}, chain from loaded_case`,
  `create temp table loaded_entry as
     select c.*, s as seq, ${hash("'entry' || c.c || '/' || s")} as hash, uuidv7() as id,
            case when s > 16 then c.hospital else c.station end as facility,
            (array['opened','patientAttached','vitalSigns','examination','summary','note','note','note','note','note','note','note','note','note','questionAsked','requestSent',
                   'seen','accepted','opinionGiven','recommendationMade','decisionMade','outcomeTold','messageSent','messageSent','closed'])[s] as kind
       from loaded_case c, generate_series(1, ${entriesPerCase}) s`,
  `insert into entry (hash, id, log, seq, kind, key, n, person, facility, device, header, sig, received_at, marks, chain, receipt)
     select hash, id, log, seq, kind, ${hash("facility")}, c * ${entriesPerCase} + seq, md5(facility)::uuid, facility, md5('pc' || facility)::uuid,
            format('{"after":["%s"],"at":"2026-03-01T08:00:00.000Z","bodyHash":"%s","dir":"%s","id":"%s","key":"%s","kind":"%s","log":"%s","n":%s,"v":1}', hash, chain, chain, id, hash, kind, log, c),
            hash || hash, '2026-03-01T08:00:00.000Z', '{}', hash,
            format('{"batch":{"index":%s,"key":"%s","path":["%s","%s","%s"],"sig":"%s","size":25},"chain":"%s","entry":"%s","log":"%s","marks":[],"receivedAt":"2026-03-01T08:00:00.000Z","seq":%s,"v":1}', seq, hash, hash, hash, hash, hash || hash, chain, hash, log, seq)
       from loaded_entry`,
  `insert into body (entry, log, facility, body, salt)
     select hash, log, facility, format('{"text":"%s"}', repeat(hash || ' ', 7)), left(hash, 22) from loaded_entry`,
  `insert into case_access (log, facility, ground, request, from_seq)
     select log, station, chain, null, 1 from loaded_case union all select log, hospital, request, request, 16 from loaded_case`,
  `insert into case_number (number, log) select 'Y' || c, log from loaded_case`,
  `insert into worklist (request, log, number, from_facility, to_facility, specialty, urgency, state, received_at, due_at)
     select request, log, 'Y' || c, station, hospital, 'toxicology', 'routine', case when open then 'sent' else 'answered' end,
            '2026-03-01T08:00:00.000Z', '2026-03-02T08:00:00.000Z' from loaded_case`,
  `insert into feed (position, facility, entry)
     select nextval('feed_position'), f, hash
       from (select e.hash, unnest(array[e.station, e.hospital]) as f from loaded_entry e order by c, seq) x`,
  `insert into tree_leaf (index, entry)
     select (select coalesce(max(index), -1) from tree_leaf) + row_number() over (order by c, seq), hash from loaded_entry`,
  `insert into tree_node (level, index, hash)
     select 0, l.index, translate(encode(sha256('\\x00'::bytea || decode(translate(e.chain, '-_', '+/') || '=', 'base64')), 'base64'), '+/=', '-_')
       from tree_leaf l join loaded_entry x on x.hash = l.entry join entry e on e.hash = l.entry`,
  `update directory_state set version = version + 1`,
];

/** The full subtrees above the leaves, level by level. */
async function growTree(client: pg.Client): Promise<void> {
  const bytes = (column: string): string =>
    `decode(translate(${column}, '-_', '+/') || '=', 'base64')`;
  for (let level = 1; level < 40; level += 1) {
    const { rowCount } = await client.query(
      `insert into tree_node (level, index, hash)
         select ${level}, a.index / 2, translate(encode(sha256('\\x01'::bytea || ${bytes("a.hash")} || ${bytes("b.hash")}), 'base64'), '+/=', '-_')
           from tree_node a join tree_node b on b.level = a.level and b.index = a.index + 1
           where a.level = ${level - 1} and a.index % 2 = 0 on conflict do nothing`,
    );
    if (rowCount === 0) return;
  }
}
