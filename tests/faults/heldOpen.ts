import pg from "pg";
import { pause } from "./settled.ts";

/*
 * Transactions that stay open after they took their place in every sequence: what commits last may have the smallest
 * number. A trigger holds them at commit, in the database of the test alone. Beside it stands the reader that the
 * feed is not: it goes by the sequence, and misses what was committed behind its back.
 */

export interface HeldOpen {
  /** Whatever of this log comes now stays open until it is let go. */
  readonly hold: (log: string) => Promise<void>;
  readonly letGo: () => Promise<void>;
  /** Transactions that wait in their commit. */
  readonly waiting: () => Promise<number>;
  readonly close: () => Promise<{
    /** Entries that were given a number before others and were committed after them. */
    readonly overtaken: number;
    /** What a reader of the sequence missed. */
    readonly missedBySequence: number;
  }>;
}

const gate = 7_105_901;
const pollMs = 4;

/**
 * @param share of transactions that are held open
 * @param mostMs each of them up to so long
 */
export const holdOpen = async (
  databaseUrl: string,
  share: number,
  mostMs: number,
): Promise<HeldOpen> => {
  const connect = async (): Promise<pg.Client> => {
    const client = new pg.Client({
      connectionString: databaseUrl,
      options: "-c search_path=lientuyen",
    });
    await client.connect();
    return client;
  };
  const [keeper, reader] = [await connect(), await connect()];
  await keeper.query(trigger(share, mostMs));
  const state = { last: 0, closed: false };
  const seen = new Set<number>();
  const look = async (): Promise<void> => {
    const { rows } = await reader.query<{ id: string }>(
      "select id from held_open where id > $1 order by id",
      [state.last],
    );
    for (const { id } of rows) seen.add(Number(id));
    state.last = Math.max(state.last, ...rows.map(({ id }) => Number(id)));
  };
  const reading = (async () => {
    while (!state.closed) {
      await look();
      await pause(pollMs);
    }
  })();
  return {
    hold: async (log) => {
      await keeper.query("select pg_advisory_lock($1)", [gate]);
      await keeper.query("insert into held_log values ($1)", [log]);
    },
    letGo: async () => {
      // Whoever goes by the sequence has certainly been past what was committed meanwhile.
      await look();
      await keeper.query("delete from held_log");
      await keeper.query("select pg_advisory_unlock($1)", [gate]);
    },
    waiting: async () => {
      const { rows } = await keeper.query<{ n: number }>(
        "select count(*)::int as n from pg_locks where locktype = 'advisory' and objid = $1 and not granted",
        [gate],
      );
      return rows[0]?.n ?? 0;
    },
    close: async () => {
      state.closed = true;
      await reading;
      await look();
      const { rows: all } = await keeper.query<{ id: string }>("select id from held_open");
      const { rows: found } = await keeper.query<{ n: number }>(overtaken);
      await keeper.end();
      await reader.end();
      const missedBySequence = all.filter(({ id }) => !seen.has(Number(id))).length;
      return { overtaken: found[0]?.n ?? 0, missedBySequence };
    },
  };
};

const trigger = (share: number, mostMs: number): string => `
  create table held_log (log text primary key);
  create table held_open (id bigint primary key, facility text, entry text);
  create function hold_open() returns trigger language plpgsql security definer set search_path = lientuyen as $$
  begin
    insert into held_open values (new.id, new.facility, new.entry);
    if exists (select 1 from held_log h join entry e on e.log = h.log where e.hash = new.entry) then
      perform pg_advisory_xact_lock_shared(${gate});
    end if;
    -- Once for each transaction.
    if current_setting('lientuyen_test.held', true) is distinct from txid_current()::text then
      perform set_config('lientuyen_test.held', txid_current()::text, true);
      if random() < ${share} then perform pg_sleep(random() * ${mostMs / 1_000}); end if;
    end if;
    return null;
  end $$;
  create constraint trigger hold_open after insert on feed_pending
    deferrable initially deferred for each row execute function hold_open();
`;

/** Numbered in the feed after something that has a larger number in the sequence. */
const overtaken = `
  select count(*)::int as n from (
    select h.id, max(h.id) over (order by f.position rows between unbounded preceding and 1 preceding) as larger
      from held_open h join feed f on f.entry = h.entry and f.facility = h.facility
  ) each where larger > id`;
