-- Guests of live sessions: a link that opens once, and the pass that it was opened to. Both as hashes only.

create table live_guest (
  link_hash text primary key,
  session text not null references live_session (id),
  -- The guest's name in the session: guest/<id>/<name>.
  who text not null,
  -- The link is opened before this moment or not at all.
  until_ms bigint not null,
  pass_hash text unique
);
create index live_guest_of_session on live_guest (session);

alter table live_guest enable row level security;
alter table live_guest force row level security;
create policy system_live_guest on live_guest to lientuyen_system using (true) with check (true);
create policy add_live_guest on live_guest for insert to lientuyen_app
  with check (exists (select 1 from live_session s where s.id = live_guest.session));

grant insert on live_guest to lientuyen_app;
grant select, update (pass_hash) on live_guest to lientuyen_system;

-- When a planned session is to begin; null: it began when it was opened. A planned one keeps nobody from meeting now.
alter table live_session add column starts_at_ms bigint;
drop index live_session_of_case;
create unique index live_session_of_case on live_session (log) where not ended and starts_at_ms is null;
