-- Live sessions: the app's own object, which outlives rooms, servers and browsers. The state is packages/session's, as JSON
-- text; what counts is kept beside it and only grows.

create table live_session (
  id text primary key,
  -- The case that it was opened from.
  log text not null references log (name),
  state text not null,
  ended boolean not null default false,
  changed_at_ms bigint not null
);
-- A case has one open session: who opens a second one comes into the first.
create unique index live_session_of_case on live_session (log) where not ended;

create table live_happening (
  n bigint generated always as identity primary key,
  session text not null references live_session (id),
  at_ms bigint not null,
  what text not null
);
create index live_happening_of_session on live_happening (session, n);

do $$
declare each text;
begin
  foreach each in array array['live_session','live_happening']
  loop
    execute format('alter table %I enable row level security', each);
    execute format('alter table %I force row level security', each);
    execute format('create policy system_%s on %I to lientuyen_system using (true) with check (true)', each, each);
  end loop;
end $$;

create policy read_live_session on live_session for select to lientuyen_app using (readable(log));
create policy add_live_session on live_session for insert to lientuyen_app with check (readable(log));
create policy change_live_session on live_session for update to lientuyen_app using (readable(log)) with check (readable(log));
create policy read_live_happening on live_happening for select to lientuyen_app
  using (exists (select 1 from live_session s where s.id = live_happening.session));
create policy add_live_happening on live_happening for insert to lientuyen_app
  with check (exists (select 1 from live_session s where s.id = live_happening.session));

grant select, insert, update (state, ended, changed_at_ms) on live_session to lientuyen_app, lientuyen_system;
grant select, insert on live_happening to lientuyen_app, lientuyen_system;
create trigger live_happening_stays before update or delete on live_happening for each row execute function refuse_change();
create trigger live_happening_not_emptied before truncate on live_happening for each statement execute function refuse_change();
