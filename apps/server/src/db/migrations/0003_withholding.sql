-- What is withheld goes with all that follows from it: corrections, and a picture's full original (packages/record SPEC I17).

-- A body to look into. JSON may hold a NUL and jsonb may not: it is left out, so that no one entry's words
-- stop a question about another.
create function legible(body_text text) returns jsonb immutable language sql
  as $$ select case when strpos(body_text, '\u0000') = 0 then body_text::jsonb
                    else regexp_replace(body_text, '(?<!\\)((?:\\\\)*)\\u0000', '\1', 'g')::jsonb end $$;
create or replace function file_of(body_text text) returns text immutable language sql
  as $$ select coalesce(legible(body_text) #>> '{file,hash}', legible(body_text) #>> '{body,file,hash}') $$;

-- Names of files that were destroyed, so that their bytes do not stay when they arrive late or a crash came between.
create table destroyed_file (
  log text not null,
  hash text not null,
  erased boolean not null default false,
  primary key (log, hash)
);
alter table destroyed_file enable row level security;
alter table destroyed_file force row level security;
create policy system_destroyed_file on destroyed_file to lientuyen_system using (true) with check (true);
create policy withholder_destroyed_file on destroyed_file to lientuyen_withholder using (true) with check (true);
create policy read_destroyed_file on destroyed_file for select to lientuyen_app using (writable(log));
grant select, update (erased) on destroyed_file to lientuyen_system;
grant select on destroyed_file to lientuyen_app;
grant select, insert, update (erased) on destroyed_file to lientuyen_withholder;

-- What was hidden may be destroyed later: a person's right, the end of retention.
create or replace function refuse_body_removal() returns trigger language plpgsql as $$
begin
  if current_user <> 'lientuyen_withholder' then
    raise exception 'lientuyen: a body goes only because a withheld entry names it' using errcode = 'insufficient_privilege';
  end if;
  return old;
end $$;
drop trigger sealed_body_stays on sealed_body;
create trigger sealed_body_stays before update on sealed_body for each row execute function refuse_change();
create trigger sealed_body_removal before delete on sealed_body for each row execute function refuse_body_removal();
create trigger sealed_body_not_emptied before truncate on sealed_body for each statement execute function refuse_change();
grant delete on sealed_body to lientuyen_withholder;

set local role lientuyen_withholder;
drop function withhold_body(text, text);
reset role;

-- Takes away every body of the log that its `withheld` entries reach. The caller names no entry: what is to go
-- follows from what is stored. `hide` keeps bodies for a court, `destroy` answers the hashes of the files that go
-- with them, unless something else of the case names them too. Again is fine.
create function withhold(log_name text)
  returns setof text language plpgsql security definer set search_path = lientuyen, pg_temp as $$
declare
  hidden text[];
  hidden_by text[];
  destroyed text[];
  named text[];
begin
  with recursive told as (
    select e.hash, e.seq, e.kind, e.facility, legible(coalesce(b.body, s.body)) as body
      from entry e left join body b on b.entry = e.hash left join sealed_body s on s.entry = e.hash
      where e.log = log_name and e.kind in ('withheld', 'correction', 'fileAdded')
  ), aimed as (
    select t.hash, w.hash as by_hash, w.seq as by_seq, w.body ->> 'effect' as effect
      from told w join entry t on t.hash = w.body ->> 'target' and t.log = log_name
      where w.kind = 'withheld' and t.kind <> 'withheld' and t.facility is not distinct from w.facility
    union
    -- What is destroyed no longer says what it followed: it goes on reaching what follows it.
    select e.hash, e.hash, e.seq, 'destroy'
      from entry e where e.log = log_name
        and not exists (select 1 from body b where b.entry = e.hash)
        and not exists (select 1 from sealed_body s where s.entry = e.hash)
  ), reached as (
    select a.hash, a.by_hash, a.by_seq, a.effect from aimed a
    union
    select f.hash, r.by_hash, r.by_seq, r.effect
      from reached r join told f on (f.kind = 'correction' and f.body ->> 'target' = r.hash)
                                 or (f.kind = 'fileAdded' and f.body ->> 'originalOf' = r.hash)
  ), strongest as (
    -- 'destroy' comes before 'hide'.
    select distinct on (hash) hash, by_hash, effect from reached order by hash, effect, by_seq
  )
  select array_agg(hash) filter (where effect = 'hide'), array_agg(by_hash) filter (where effect = 'hide'),
         array_agg(hash) filter (where effect = 'destroy')
    into hidden, hidden_by, destroyed from strongest;
  insert into sealed_body (entry, body, salt, withheld_by)
    select b.entry, b.body, b.salt, x.by_hash
      from unnest(hidden, hidden_by) as x (entry, by_hash) join body b on b.entry = x.entry
    on conflict do nothing;
  named := array(select distinct file_of(coalesce(b.body, s.body))
                   from unnest(destroyed) as d (entry)
                   left join body b on b.entry = d.entry left join sealed_body s on s.entry = d.entry);
  delete from body where entry = any (hidden || destroyed);
  delete from sealed_body where entry = any (destroyed);
  return query
    with kept as (
      select file_of(coalesce(b.body, s.body)) as hash
        from entry e left join body b on b.entry = e.hash left join sealed_body s on s.entry = e.hash
        where e.log = log_name and e.kind in ('fileAdded', 'correction')
    ), gone as (
      select n.hash from unnest(named) as n (hash)
        where n.hash is not null and not exists (select 1 from kept k where k.hash = n.hash)
    ), noted as (
      insert into destroyed_file as d (log, hash) select log_name, g.hash from gone g
        on conflict (log, hash) do update set erased = false
    ), forgotten as (
      delete from file f using gone g where f.log = log_name and f.hash = g.hash
    )
    select g.hash from gone g;
end $$;

alter function withhold(text) owner to lientuyen_withholder;
revoke execute on function withhold(text) from public;
grant execute on function withhold(text) to lientuyen_app, lientuyen_system;
