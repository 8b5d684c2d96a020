-- The record: logs, entries with their receipts, bodies, access, feed.
--
-- Roles (made by migrate.ts, for the whole cluster):
--   lientuyen_app       requests of a signed-in person; sees what `lientuyen.facility` may see
--   lientuyen_system    sign-in, sequencer, server-signed entries; owns the definer functions
--   lientuyen_withholder owns the one function that removes a body
-- None of them owns a table, none of them may update or delete an entry.

create function current_facility() returns text stable language sql
  as $$ select nullif(current_setting('lientuyen.facility', true), '') $$;

create table log (
  name text primary key,
  seq bigint not null default 0,
  chain text not null
);

-- Header and receipt of an entry. Texts are the exact bytes that were signed, never jsonb.
create table entry (
  hash text primary key,
  id uuid not null unique,
  log text not null references log (name),
  seq bigint not null check (seq > 0),
  kind text not null,
  key text not null,
  n bigint not null,
  person uuid,
  facility text,
  device uuid,
  header text not null,
  sig text not null,
  received_at text not null,
  marks text[] not null,
  chain text not null,
  receipt text not null,
  unique (log, seq)
);
create index entry_counter on entry (key, n);

create table body (
  entry text primary key references entry (hash),
  log text not null,
  facility text,
  body text not null,
  salt text not null
);

-- Bodies that were hidden: kept for a court, out of reach of the application.
create table sealed_body (
  entry text primary key references entry (hash),
  body text not null,
  salt text not null,
  withheld_by text not null references entry (hash)
);

-- Which facility reads which case, since which entry, by which entry. The basis of row-level security.
create table case_access (
  log text not null references log (name),
  facility text not null,
  ground text not null,
  request text,
  from_seq bigint not null,
  until_seq bigint,
  primary key (log, facility, ground)
);
create index case_access_by_facility on case_access (facility, log) where until_seq is null;

-- `*` is every facility: directories and the installation's log.
create table feed_pending (
  id bigint generated always as identity primary key,
  facility text not null,
  entry text not null references entry (hash)
);
create sequence feed_position;
create sequence server_counter;
create table feed (
  position bigint primary key,
  facility text not null,
  entry text not null references entry (hash)
);
create index feed_by_facility on feed (facility, position);

-- Entries of a key that was disowned, until its author or the administrator releases them.
create table quarantine (
  entry text primary key,
  id uuid not null,
  log text not null,
  kind text not null,
  key text not null,
  person uuid not null,
  facility text not null,
  device uuid not null,
  header text not null,
  body text,
  salt text,
  sig text not null,
  arrived_at text not null
);

-- What was refused, so that what depends on it is told so.
create table refused (
  entry text primary key,
  log text not null,
  kind text not null,
  facility text not null,
  code text not null,
  at text not null
);
create index refused_by_log on refused (log);

-- Grows with every entry of a directory or of the installation's log: tells a process that its copy is old.
create table directory_state (
  only_one boolean primary key default true check (only_one),
  version bigint not null
);
insert into directory_state (version) values (0);

-- Requests as they stand, kept with each append: for worklists without folding.
create table worklist (
  request text primary key,
  log text not null references log (name),
  number text not null,
  from_facility text not null,
  to_facility text not null,
  specialty text not null,
  urgency text not null,
  state text not null,
  received_at text not null,
  due_at text
);
create index worklist_to on worklist (to_facility, state);

create table case_number (
  number text not null,
  log text not null references log (name),
  primary key (number, log)
);

create table file (
  log text not null,
  hash text not null,
  size bigint not null,
  type text not null,
  facility text not null,
  stored_at text not null,
  primary key (log, hash)
);

create table case_view (
  id uuid primary key,
  log text not null,
  person uuid not null,
  facility text not null,
  device uuid,
  at text not null,
  received_at text not null
);
create index case_view_by_log on case_view (log);

-- Append-only, for the owner too.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'lientuyen: % is append-only', tg_table_name using errcode = 'insufficient_privilege';
end $$;
create trigger entry_stays before update or delete on entry for each row execute function refuse_change();
create trigger entry_not_emptied before truncate on entry for each statement execute function refuse_change();
create trigger body_stays before update on body for each row execute function refuse_change();
create trigger body_not_emptied before truncate on body for each statement execute function refuse_change();
create trigger view_stays before update or delete on case_view for each row execute function refuse_change();
create trigger sealed_body_stays before update or delete on sealed_body for each row execute function refuse_change();

create function refuse_body_removal() returns trigger language plpgsql as $$
begin
  if current_user <> 'lientuyen_withholder' then
    raise exception 'lientuyen: a body goes only through withhold_body' using errcode = 'insufficient_privilege';
  end if;
  return old;
end $$;
create trigger body_removal before delete on body for each row execute function refuse_body_removal();

-- Row-level security, for the owner too (FORCE).
do $$
declare each text;
begin
  foreach each in array array['entry','body','sealed_body','case_access','feed_pending','feed','quarantine','refused','worklist','case_number','file','case_view']
  loop
    execute format('alter table %I enable row level security', each);
    execute format('alter table %I force row level security', each);
    execute format('create policy system_%s on %I to lientuyen_system using (true) with check (true)', each, each);
  end loop;
end $$;

create policy own_access on case_access for select to lientuyen_app using (facility = current_facility());

-- What a facility reads of a log: every directory and the installation, its own patients, the cases it takes part in.
create function readable(log_name text) returns boolean stable language sql as $$
  select log_name = 'installation'
      or log_name like 'directory/%'
      or (log_name like 'patient/%' and split_part(log_name, '/', 2) = current_facility())
      or exists (select 1 from case_access a
                 where a.log = log_name and a.facility = current_facility() and a.until_seq is null)
$$;
-- Where a facility may add: what it reads, and a case whose access had ended (care that was given is never refused).
create function writable(log_name text) returns boolean stable language sql as $$
  select log_name = 'directory/' || current_facility()
      or (log_name like 'patient/%' and split_part(log_name, '/', 2) = current_facility())
      or exists (select 1 from case_access a where a.log = log_name and a.facility = current_facility())
$$;

-- One's own words stay readable after access ended.
create policy read_entry on entry for select to lientuyen_app using (readable(log) or facility = current_facility());
create policy add_entry on entry for insert to lientuyen_app with check (writable(log));
create policy read_body on body for select to lientuyen_app using (readable(log) or facility = current_facility());
create policy add_body on body for insert to lientuyen_app with check (writable(log));
create policy read_feed on feed for select to lientuyen_app using (facility in ('*', current_facility()));
create policy own_quarantine on quarantine to lientuyen_app using (facility = current_facility()) with check (facility = current_facility());
create policy own_refused on refused to lientuyen_app using (facility = current_facility()) with check (facility = current_facility());
create policy read_worklist on worklist for select to lientuyen_app using (readable(log));
create policy read_case_number on case_number for select to lientuyen_app using (readable(log));
create policy write_case_number on case_number for insert to lientuyen_app with check (writable(log));
create policy read_file on file for select to lientuyen_app using (readable(log));
create policy write_file on file for insert to lientuyen_app with check (facility = current_facility() and writable(log));
create policy read_view on case_view for select to lientuyen_app using (readable(log) or facility = current_facility());
create policy write_view on case_view for insert to lientuyen_app with check (facility = current_facility());

grant usage on schema lientuyen to lientuyen_app, lientuyen_system, lientuyen_withholder;
grant select, insert on log, entry, body to lientuyen_app, lientuyen_system;
grant update (seq, chain) on log to lientuyen_app, lientuyen_system;
grant select, update (version) on directory_state to lientuyen_app, lientuyen_system;
grant select on case_access, feed to lientuyen_app, lientuyen_system;
grant insert, update (until_seq) on case_access to lientuyen_system;
grant select, insert, delete on feed_pending to lientuyen_system;
grant insert on feed to lientuyen_system;
grant usage on sequence feed_position to lientuyen_system;
grant usage on sequence server_counter to lientuyen_app, lientuyen_system;
grant select, insert, delete on quarantine to lientuyen_app, lientuyen_system;
grant select, insert on refused to lientuyen_app, lientuyen_system;
grant select on worklist to lientuyen_app;
grant select, insert, update on worklist to lientuyen_system;
grant select, insert on case_number, file, case_view to lientuyen_app, lientuyen_system;
grant select, delete on body to lientuyen_withholder;
grant select on entry to lientuyen_withholder;
grant select, insert on sealed_body to lientuyen_withholder;
create policy withholder_entry on entry for select to lientuyen_withholder using (true);
create policy withholder_body on body to lientuyen_withholder using (true);
grant select, delete on file to lientuyen_withholder;
create policy withholder_file on file to lientuyen_withholder using (true);
create policy withholder_sealed on sealed_body to lientuyen_withholder using (true) with check (true);

-- ---------------------------------------------------------------- functions that see across facilities

-- Gives `receiver` the case. Only a participant gives, or whoever begins the case with its first entry.
create function grant_access(log_name text, receiver text, by_entry text, for_request text, at_seq bigint)
  returns void language plpgsql security definer set search_path = lientuyen, pg_temp as $$
declare had boolean;
begin
  if current_facility() is null then raise exception 'lientuyen: no facility' using errcode = 'insufficient_privilege'; end if;
  if not exists (select 1 from case_access a where a.log = log_name and a.facility = current_facility() and a.until_seq is null)
     and not (receiver = current_facility() and not exists (select 1 from entry e where e.log = log_name)) then
    raise exception 'lientuyen: not a participant' using errcode = 'insufficient_privilege';
  end if;
  had := exists (select 1 from case_access a where a.log = log_name and a.facility = receiver and a.until_seq is null);
  insert into case_access (log, facility, ground, request, from_seq)
    values (log_name, receiver, by_entry, for_request, at_seq) on conflict do nothing;
  if not had then
    insert into feed_pending (facility, entry)
      select receiver, e.hash from entry e where e.log = log_name and e.seq < at_seq order by e.seq;
  end if;
end $$;

-- Ends the caller's own part in one request.
create function end_access(log_name text, of_request text, at_seq bigint)
  returns void language sql security definer set search_path = lientuyen, pg_temp as $$
  update case_access set until_seq = at_seq
    where log = log_name and facility = current_facility() and request = of_request and until_seq is null
$$;

-- Puts entries into the feeds of everyone whom they concern.
create function fan_out(log_name text, hashes text[])
  returns void language plpgsql security definer set search_path = lientuyen, pg_temp as $$
begin
  if log_name = 'installation' or log_name like 'directory/%' then
    insert into feed_pending (facility, entry)
      select '*', e.hash from entry e where e.hash = any (hashes) and e.log = log_name order by e.seq;
  elsif log_name like 'patient/%' then
    insert into feed_pending (facility, entry)
      select split_part(log_name, '/', 2), e.hash from entry e where e.hash = any (hashes) and e.log = log_name order by e.seq;
  else
    insert into feed_pending (facility, entry)
      select a.facility, e.hash
        from entry e, (select distinct facility from case_access where log = log_name and until_seq is null) a
        where e.hash = any (hashes) and e.log = log_name order by e.seq;
  end if;
end $$;

-- The whole case for the append's own judgement, for a facility that takes or took part.
create function case_for_judgement(log_name text)
  returns table (hash text, seq bigint, person uuid, facility text, device uuid, header text, sig text, received_at text, marks text[], body text, salt text)
  stable language sql security definer set search_path = lientuyen, pg_temp as $$
  select e.hash, e.seq, e.person, e.facility, e.device, e.header, e.sig, e.received_at, e.marks, b.body, b.salt
    from entry e left join body b on b.entry = e.hash
    where e.log = log_name
      and exists (select 1 from case_access a where a.log = log_name and a.facility = current_facility())
    order by e.seq
$$;

-- Requests of a case as they stand now, by a facility that takes or took part: what it may no longer read included.
create function keep_worklist(log_name text, requests jsonb)
  returns void language plpgsql security definer set search_path = lientuyen, pg_temp as $$
begin
  if not exists (select 1 from case_access a where a.log = log_name and a.facility = current_facility()) then
    raise exception 'lientuyen: not a participant' using errcode = 'insufficient_privilege';
  end if;
  insert into worklist (request, log, number, from_facility, to_facility, specialty, urgency, state, received_at, due_at)
    select r.request, log_name, r.number, r.from_facility, r.to_facility, r.specialty, r.urgency, r.state, r.received_at, r.due_at
      from jsonb_to_recordset(requests) as r (request text, number text, from_facility text, to_facility text,
                                              specialty text, urgency text, state text, received_at text, due_at text)
    on conflict (request) do update
      set to_facility = excluded.to_facility, specialty = excluded.specialty, urgency = excluded.urgency,
          state = excluded.state, due_at = excluded.due_at
      where worklist.log = log_name;
end $$;

-- Whether these ids or hashes are taken, wherever they are; says nothing else of them.
create function known_entries(ids uuid[], hashes text[])
  returns table (id uuid, hash text) stable language sql security definer set search_path = lientuyen, pg_temp as $$
  select e.id, e.hash from entry e where e.id = any (ids) or e.hash = any (hashes)
$$;
create function used_counters(of_keys text[], of_counters bigint[])
  returns table (key text, n bigint, hash text) stable language sql security definer set search_path = lientuyen, pg_temp as $$
  select e.key, e.n, e.hash from entry e
    join unnest(of_keys, of_counters) as c (key, n) on e.key = c.key and e.n = c.n
$$;

-- The file that a body names, if it is an entry that adds one or corrects that.
create function file_of(body_text text) returns text immutable language sql
  as $$ select coalesce(body_text::jsonb #>> '{file,hash}', body_text::jsonb #>> '{body,file,hash}') $$;

-- Removes a body because an entry of kind `withheld` in the same log names it; `hide` keeps it for a court,
-- `destroy` answers the hash of the file that goes with it, unless something else of the case names it too.
create function withhold_body(target_hash text, by_hash text)
  returns text language plpgsql security definer set search_path = lientuyen, pg_temp as $$
declare
  ground jsonb;
  of_log text;
  named text;
begin
  select b.body::jsonb, w.log into ground, of_log
    from entry w join body b on b.entry = w.hash join entry t on t.log = w.log
    where w.hash = by_hash and w.kind = 'withheld' and t.hash = target_hash;
  if ground is null or ground ->> 'target' <> target_hash then
    raise exception 'lientuyen: no withheld entry names this body' using errcode = 'insufficient_privilege';
  end if;
  if ground ->> 'effect' = 'hide' then
    insert into sealed_body (entry, body, salt, withheld_by)
      select b.entry, b.body, b.salt, by_hash from body b where b.entry = target_hash on conflict do nothing;
    delete from body where entry = target_hash;
    return null;
  end if;
  select file_of(b.body) into named from body b where b.entry = target_hash;
  delete from body where entry = target_hash;
  if named is null
     or exists (select 1 from body b where b.log = of_log and file_of(b.body) = named)
     or exists (select 1 from sealed_body s join entry e on e.hash = s.entry where e.log = of_log and file_of(s.body) = named) then
    return null;
  end if;
  delete from file where log = of_log and hash = named;
  return named;
end $$;

-- FUNCTION OWNERS (applied by migrate.ts, which makes the schema writable for them during the change)
alter function grant_access(text, text, text, text, bigint) owner to lientuyen_system;
alter function end_access(text, text, bigint) owner to lientuyen_system;
alter function fan_out(text, text[]) owner to lientuyen_system;
alter function case_for_judgement(text) owner to lientuyen_system;
alter function keep_worklist(text, jsonb) owner to lientuyen_system;
alter function known_entries(uuid[], text[]) owner to lientuyen_system;
alter function used_counters(text[], bigint[]) owner to lientuyen_system;
alter function withhold_body(text, text) owner to lientuyen_withholder;

revoke execute on function grant_access(text, text, text, text, bigint), end_access(text, text, bigint), fan_out(text, text[]),
  case_for_judgement(text), keep_worklist(text, jsonb), known_entries(uuid[], text[]), used_counters(text[], bigint[]), withhold_body(text, text) from public;
grant execute on function grant_access(text, text, text, text, bigint), end_access(text, text, bigint), fan_out(text, text[]),
  case_for_judgement(text), keep_worklist(text, jsonb), known_entries(uuid[], text[]), used_counters(text[], bigint[]), withhold_body(text, text)
  to lientuyen_app, lientuyen_system;
