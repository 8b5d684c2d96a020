-- Appending to a case that the process keeps takes one statement: the process says what a reading would answer, and the
-- writing demands that it is so, for all of its groups before it writes any.

-- Whether any of these entries' hashes, ids or counters is taken, wherever it is; says nothing else of them.
create function some_taken(hashes text[], ids uuid[], of_keys text[], of_counters bigint[]) returns boolean
  stable language sql security definer set search_path = lientuyen, pg_temp as $$
  select exists (select 1 from entry e where e.hash = any (hashes))
      or exists (select 1 from entry e where e.id = any (ids))
      or exists (select 1 from entry e where e.key = any (of_keys) and e.n = any (of_counters))
$$;

-- Writes what was judged, each group in the name of its facility and only onto the head and the directory that it
-- was judged by; answers for each the files that are destroyed with it, or `null` alone, and writes nothing, where
-- what was guessed of a group (`named`: what its entries name outside of themselves) is not so.
create or replace function write_appended(given jsonb)
  returns setof json language plpgsql as $$
declare
  g jsonb;
  step jsonb;
  head record;
  holds boolean;
begin
  for g in select value from jsonb_array_elements(given) loop
    continue when coalesce(g -> 'named', 'null') = 'null';
    perform set_config('lientuyen.facility', g ->> 'facility', true);
    select coalesce((select l.seq = (g ->> 'fromSeq')::bigint and l.chain = g ->> 'fromChain' from log l where l.name = g ->> 'log'),
                    (g ->> 'begins')::boolean and (g ->> 'fromSeq')::bigint = 0)
       and (select d.version from directory_state d) = (g ->> 'version')::bigint
       and not exists (select 1 from refused r where r.log = g ->> 'log' and (r.kind = 'opened' or r.entry = any ((g ->> 'named')::text[])))
       and not exists (select 1 from quarantine q where q.entry = any ((g ->> 'named')::text[]))
       and not some_taken((g ->> 'hashes')::text[], (g ->> 'ids')::uuid[], (g ->> 'keys')::text[], (g ->> 'counts')::bigint[])
      into holds;
    if not holds then
      return next 'null'::json;
      return;
    end if;
  end loop;
  for g in select value from jsonb_array_elements(given) loop
    perform set_config('lientuyen.facility', g ->> 'facility', true);
    if jsonb_array_length(g -> 'refused') > 0 then
      insert into refused (entry, log, kind, facility, code, at)
        select r.entry, g ->> 'log', r.kind, g ->> 'facility', r.code, r.at
          from jsonb_to_recordset(g -> 'refused') as r (entry text, kind text, code text, at text)
        on conflict do nothing;
    end if;
    if jsonb_array_length(g -> 'quarantined') > 0 then
      insert into quarantine
        select q.* from jsonb_populate_recordset(null::quarantine, g -> 'quarantined') q on conflict do nothing;
    end if;
    if jsonb_array_length(g -> 'entries') = 0 then
      return next '[]'::json;
      continue;
    end if;
    if (g ->> 'begins')::boolean then
      insert into log (name, chain) values (g ->> 'log', g ->> 'zero') on conflict do nothing;
    end if;
    select l.seq, l.chain into head from log l where l.name = g ->> 'log' for update;
    if head.seq is distinct from (g ->> 'fromSeq')::bigint or head.chain is distinct from g ->> 'fromChain'
       or (select d.version from directory_state d) <> (g ->> 'version')::bigint then
      raise exception 'lientuyen: judged by what is no longer so' using errcode = 'serialization_failure';
    end if;
    if g -> 'opens' <> 'null' then
      perform grant_access(g ->> 'log', g ->> 'facility', g #>> '{opens,entry}', null, (g #>> '{opens,seq}')::bigint);
    end if;
    insert into entry (hash, id, log, seq, kind, key, n, person, facility, device, header, sig, received_at, marks, chain, receipt)
      select e.hash, e.id, g ->> 'log', e.seq, e.kind, e.key, e.n, e.person, e.facility, e.device, e.header, e.sig,
             e.received_at, e.marks, e.chain, e.receipt
        from jsonb_to_recordset(g -> 'entries')
          as e (hash text, id uuid, seq bigint, kind text, key text, n bigint, person uuid, facility text, device uuid,
                header text, sig text, received_at text, marks text[], chain text, receipt text);
    insert into body (entry, log, facility, body, salt)
      select e.hash, g ->> 'log', e.facility, e.body, e.salt
        from jsonb_to_recordset(g -> 'entries') as e (hash text, facility text, body text, salt text)
        where e.body is not null and e.salt is not null;
    update log l set seq = (g ->> 'seq')::bigint, chain = g ->> 'chain' where l.name = g ->> 'log';
    if jsonb_array_length(g -> 'worklist') > 0 then
      perform keep_worklist(g ->> 'log', g -> 'worklist');
    end if;
    -- Each entry goes into the feeds of those who have access at its place in the log, neither earlier nor later.
    for step in select value from jsonb_array_elements(g -> 'steps') loop
      case step ->> 'do'
        when 'spread' then
          perform fan_out(g ->> 'log', array(select jsonb_array_elements_text(step -> 'entries')));
        when 'grant' then
          perform grant_access(g ->> 'log', step ->> 'facility', step ->> 'entry', step ->> 'request', (step ->> 'seq')::bigint);
        when 'end' then
          perform end_access(g ->> 'log', step ->> 'request', (step ->> 'seq')::bigint);
        when 'number' then
          insert into case_number (number, log) values (step ->> 'number', g ->> 'log') on conflict do nothing;
      end case;
    end loop;
    if (g ->> 'public')::boolean then
      update directory_state set version = version + 1;
    end if;
    if (g ->> 'withholds')::boolean then
      return query select coalesce(json_agg(w), '[]') from withhold(g ->> 'log') w;
    else
      return next '[]'::json;
    end if;
  end loop;
end $$;

alter function some_taken(text[], uuid[], text[], bigint[]) owner to lientuyen_system;
revoke execute on function some_taken(text[], uuid[], text[], bigint[]) from public;
grant execute on function some_taken(text[], uuid[], text[], bigint[]) to lientuyen_app, lientuyen_system;
