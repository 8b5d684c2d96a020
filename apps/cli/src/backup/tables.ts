import { createReadStream, createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import pg from "pg";
import type { KeptTable } from "./manifest.ts";

/*
 * Tables as lines of JSON, packed: the same from an embedded PostgreSQL and from any other, of whatever version, with
 * no other program's help. `json`, never `jsonb`: texts come back as the bytes that were signed.
 */

/** Said anew after a restore: who is signed in, short-lived links, places in a feed that begins anew. */
const leftOut = [
  "migration",
  "session",
  "sign_in_attempt",
  "sign_in_challenge",
  "first_link",
  "camera_link",
  "camera_photo",
  "feed_bookmark",
];
/** Bodies that were hidden are for this role alone. */
const readers: Readonly<Record<string, string>> = { sealed_body: "lientuyen_withholder" };
const usualReader = "lientuyen_system";
const rowsAtOnce = 500;

const schemaName = "lientuyen";
const quoted = (name: string): string => `${schemaName}.${pg.escapeIdentifier(name)}`;

/** Every table that is kept, with its columns; each after those that it refers to. */
export const listTables = async (
  client: pg.Client,
): Promise<readonly Omit<KeptTable, "rows">[]> => {
  const { rows: tables } = await client.query<{ name: string; columns: string[] }>(
    `select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
       from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
       where c.relnamespace = $1::regnamespace and c.relkind = 'r' and not (c.relname = any ($2))
       group by c.relname order by c.relname`,
    [schemaName, leftOut],
  );
  const { rows: references } = await client.query<{ child: string; parent: string }>(
    `select c.relname as child, p.relname as parent
       from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class p on p.oid = k.confrelid
       where k.contype = 'f' and k.connamespace = $1::regnamespace`,
    [schemaName],
  );
  const sorted: { readonly name: string; readonly columns: string[] }[] = [];
  const add = (name: string): void => {
    const table = tables.find((each) => each.name === name);
    if (table === undefined || sorted.includes(table)) return;
    for (const { child, parent } of references) if (child === name && parent !== name) add(parent);
    sorted.push(table);
  };
  for (const { name } of tables) add(name);
  return sorted;
};

/** Writes a table's rows as they are in the client's transaction. @returns how many */
export const keepTable = async (client: pg.Client, name: string, file: string): Promise<number> => {
  let rows = 0;
  await client.query(`set local role ${readers[name] ?? usualReader}`);
  await client.query(
    `declare kept no scroll cursor for select row_to_json(t)::text as line from ${quoted(name)} t`,
  );
  const lines = async function* (): AsyncGenerator<string> {
    for (;;) {
      const page = await client.query<{ line: string }>(`fetch ${rowsAtOnce} from kept`);
      if (page.rows.length === 0) return;
      rows += page.rows.length;
      yield page.rows.map(({ line }) => `${line}\n`).join("");
    }
  };
  await pipeline(lines, createGzip(), createWriteStream(file, { mode: 0o600, flush: true }));
  await client.query("close kept");
  await client.query("reset role");
  return rows;
};

/** Fills an empty table. The client owns it and stands in a transaction. */
export const fillTable = async (
  client: pg.Client,
  { name, columns }: KeptTable,
  file: string,
): Promise<number> => {
  const names = columns.map((column) => pg.escapeIdentifier(column)).join(", ");
  let rows = 0;
  let waiting: string[] = [];
  const send = async (): Promise<void> => {
    if (waiting.length === 0) return;
    await client.query(
      `insert into ${quoted(name)} (${names}) overriding system value
         select ${names} from json_populate_recordset(null::${quoted(name)}, $1::json)`,
      [`[${waiting.join(",")}]`],
    );
    rows += waiting.length;
    waiting = [];
  };
  const unpacked = createReadStream(file).pipe(createGunzip());
  for await (const line of createInterface({ input: unpacked, crlfDelay: Infinity })) {
    waiting.push(line);
    if (waiting.length >= rowsAtOnce) await send();
  }
  await send();
  return rows;
};

/** The owner, too, is bound by row-level security: loosened while it fills the tables, and forced again. */
export const loosened = async (client: pg.Client, work: () => Promise<void>): Promise<void> => {
  const { rows } = await client.query<{ name: string }>(
    "select relname as name from pg_class where relnamespace = $1::regnamespace and relkind = 'r' and relforcerowsecurity",
    [schemaName],
  );
  for (const { name } of rows)
    await client.query(`alter table ${quoted(name)} no force row level security`);
  await work();
  for (const { name } of rows)
    await client.query(`alter table ${quoted(name)} force row level security`);
};

/** No number is given twice; what the lost hours used of the server's own counter is leapt over. */
const leap = 1_000_000;

export const setSequences = async (client: pg.Client): Promise<void> => {
  const { rows } = await client.query<{ name: string; column: string }>(
    `select c.relname as name, a.attname as column from pg_attribute a join pg_class c on c.oid = a.attrelid
       where c.relnamespace = $1::regnamespace and a.attidentity <> ''`,
    [schemaName],
  );
  for (const { name, column } of rows) {
    const identifier = pg.escapeIdentifier(column);
    await client.query(
      `select setval(pg_get_serial_sequence($1, $2), greatest(1, (select coalesce(max(${identifier}), 1) from ${quoted(name)})))`,
      [quoted(name), column],
    );
  }
  await client.query(
    `select setval('${schemaName}.feed_position', greatest(1, (select coalesce(max(position), 1) from ${schemaName}.feed))),
            setval('${schemaName}.server_counter', ${leap} + (select coalesce(max(n), 0) from ${schemaName}.entry where person is null))`,
  );
};
