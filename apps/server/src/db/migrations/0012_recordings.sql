-- Recordings of live sessions. Segments lie sealed beside the files until they are joined; then their key goes, and the
-- file of the case is all there is.

create table recording (
  id text primary key,
  session text not null references live_session (id),
  log text not null references log (name),
  started_by text not null,
  started_at_ms bigint not null,
  -- Turned off, or the session ended.
  ended_at_ms bigint,
  -- Base64url, of the segments; null: they are gone.
  key text,
  -- The server process that records or joins it now, and until when the others leave it alone.
  holder text,
  held_until_ms bigint not null default 0,
  -- What came of it, as JSON text; null: not joined yet.
  outcome text
);
create index recording_of_case on recording (log);
create index recording_under_way on recording (started_at_ms) where outcome is null;

alter table recording enable row level security;
alter table recording force row level security;
create policy system_recording on recording to lientuyen_system using (true) with check (true);
create policy read_recording on recording for select to lientuyen_app using (readable(log));
create policy add_recording on recording for insert to lientuyen_app with check (readable(log));
create policy change_recording on recording for update to lientuyen_app using (readable(log)) with check (readable(log));

grant select on recording to lientuyen_system;
-- Nobody's request reads a key.
grant select (id, session, log, started_by, started_at_ms, ended_at_ms, outcome) on recording to lientuyen_app;
grant insert (id, session, log, started_by, started_at_ms, key) on recording to lientuyen_app, lientuyen_system;
grant update (ended_at_ms) on recording to lientuyen_app;
grant update (ended_at_ms, key, holder, held_until_ms, outcome) on recording to lientuyen_system;

update live_session set state = jsonb_set(state::jsonb, '{recording}', 'null')::text;
