-- Appending in two statements: one reads all that a judgement asks for, one writes what was judged. Both run under the
-- caller's role: row-level security stands beneath them as beneath the single statements that they gather.

-- The whole case from one of its entries on, for the append's own judgement, for a facility that takes or took part.
create function case_since(log_name text, since bigint)
  returns table (hash text, seq bigint, kind text, person uuid, facility text, device uuid, header text, sig text, received_at text, marks text[], body text, salt text)
  stable language sql security definer set search_path = lientuyen, pg_temp as $$
  select e.hash, e.seq, e.kind, e.person, e.facility, e.device, e.header, e.sig, e.received_at, e.marks, b.body, b.salt
    from entry e left join body b on b.entry = e.hash
    where e.log = log_name and e.seq > since
      and exists (select 1 from case_access a where a.log = log_name and a.facility = current_facility())
    order by e.seq
$$;

-- For each group (one log, one facility): head of the log, what is taken, refused or kept aside among what it names,
-- the facility's part in the case, and the case from `since` on, or from its start where the chain there is another.
create function read_for_append(asked jsonb, locking boolean)
  returns setof json language plpgsql as $$
declare
  g jsonb;
  name text;
  hashes text[];
  named text[];
  since bigint;
begin
  for g in select value from jsonb_array_elements(asked) loop
    name := g ->> 'log';
    hashes := array(select jsonb_array_elements_text(g -> 'hashes'));
    named := array(select jsonb_array_elements_text(g -> 'named'));
    since := (g ->> 'since')::bigint;
    perform set_config('lientuyen.facility', g ->> 'facility', true);
    if locking then
      if (g ->> 'begins')::boolean then
        insert into log (name, chain) values (g ->> 'log', g ->> 'zero') on conflict do nothing;
      end if;
      perform 1 from log l where l.name = g ->> 'log' for update;
    end if;
    if since > 0 and not exists (select 1 from entry e where e.log = name and e.seq = since and e.chain = g ->> 'chain') then
      since := 0;
    end if;
    return query select json_build_object(
      'version', (select d.version from directory_state d),
      'head', (select json_build_object('seq', l.seq, 'chain', l.chain) from log l where l.name = g ->> 'log'),
      'known', (select coalesce(json_agg(k), '[]') from known_entries(array(select jsonb_array_elements_text(g -> 'ids'))::uuid[], hashes) k),
      'counters', (select coalesce(json_agg(c), '[]')
                     from used_counters(array(select jsonb_array_elements_text(g -> 'keys')),
                                        array(select jsonb_array_elements_text(g -> 'counts'))::bigint[]) c),
      'present', (select coalesce(json_agg(json_build_object('hash', e.hash, 'receipt', case when e.hash = any (hashes) then e.receipt end)), '[]')
                    from entry e where e.hash = any (named || hashes) and e.log = g ->> 'log'),
      'refused', (select coalesce(json_agg(json_build_object('entry', r.entry, 'kind', r.kind)), '[]')
                    from refused r where r.log = g ->> 'log' and (r.entry = any (named) or r.kind = 'opened')),
      'quarantined', (select coalesce(json_agg(q.entry), '[]') from quarantine q where q.entry = any (named)),
      'access', (select case when count(*) = 0 then 'none' when bool_or(a.until_seq is null) then 'active' else 'ended' end
                   from case_access a where a.log = g ->> 'log' and a.facility = g ->> 'facility'),
      'since', since,
      'fresh', case when name like 'case/%' then (select coalesce(json_agg(c order by c.seq), '[]') from case_since(name, since) c) else '[]' end);
  end loop;
end $$;

-- Writes what was judged, each group in the name of its facility and only onto the head and the directory that it
-- was judged by; answers for each the files that are destroyed with it.
create function write_appended(given jsonb)
  returns setof json language plpgsql as $$
declare
  g jsonb;
  step jsonb;
  head record;
begin
  for g in select value from jsonb_array_elements(given) loop
    perform set_config('lientuyen.facility', g ->> 'facility', true);
    insert into refused (entry, log, kind, facility, code, at)
      select r.entry, g ->> 'log', r.kind, g ->> 'facility', r.code, r.at
        from jsonb_to_recordset(g -> 'refused') as r (entry text, kind text, code text, at text)
      on conflict do nothing;
    insert into quarantine
      select q.* from jsonb_populate_recordset(null::quarantine, g -> 'quarantined') q on conflict do nothing;
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

-- Rows of the feed are made of entries by fan_out and grant_access alone, and an entry never goes: looking it up again
-- for every reader of every entry costs appending a tenth and finds nothing.
alter table feed_pending drop constraint feed_pending_entry_fkey;
alter table feed drop constraint feed_entry_fkey;

alter function case_since(text, bigint) owner to lientuyen_system;
revoke execute on function case_since(text, bigint), read_for_append(jsonb, boolean), write_appended(jsonb) from public;
grant execute on function case_since(text, bigint), read_for_append(jsonb, boolean), write_appended(jsonb)
  to lientuyen_app, lientuyen_system;
set local role lientuyen_system;
drop function case_for_judgement(text);
reset role;
