-- Accounts, sessions, transports, camera links. Tokens are stored as hashes only.

create table account (
  person uuid primary key,
  facility text not null,
  account text not null,
  password_hash text not null,
  changed_at text not null
);
create unique index account_name on account (lower(account));

create table session (
  token_hash text primary key,
  person uuid not null references account (person),
  facility text not null,
  device uuid,
  begun_at_ms bigint not null,
  used_at_ms bigint not null
);
create index session_by_person on session (person);

-- Uploads of a screen that is locked.
create table transport (
  token_hash text primary key,
  person uuid not null,
  facility text not null,
  device uuid not null,
  key text not null,
  begun_at_ms bigint not null
);
create index transport_by_device on transport (device);

create table sign_in_attempt (
  bucket text not null,
  minute bigint not null,
  count integer not null,
  primary key (bucket, minute)
);

create table sign_in_challenge (
  challenge_hash text primary key,
  expires_at_ms bigint not null
);

create table first_link (
  token_hash text primary key,
  expires_at_ms bigint not null
);

create table camera_link (
  token_hash text primary key,
  log text not null,
  person uuid not null,
  facility text not null,
  expires_at_ms bigint not null
);
create table camera_photo (
  link text not null references camera_link (token_hash) on delete cascade,
  hash text not null,
  size bigint not null,
  type text not null,
  facility text not null,
  added_at_ms bigint not null,
  primary key (link, hash)
);

do $$
declare each text;
begin
  foreach each in array array['account','session','transport','sign_in_attempt','sign_in_challenge','first_link','camera_link','camera_photo']
  loop
    execute format('alter table %I enable row level security', each);
    execute format('alter table %I force row level security', each);
    execute format('create policy system_%s on %I to lientuyen_system using (true) with check (true)', each, each);
    execute format('grant select, insert, update, delete on %I to lientuyen_system', each);
  end loop;
end $$;

create policy own_account on account to lientuyen_app using (facility = current_facility()) with check (facility = current_facility());
create policy own_camera_link on camera_link to lientuyen_app using (facility = current_facility()) with check (facility = current_facility());
create policy own_camera_photo on camera_photo to lientuyen_app using (facility = current_facility()) with check (facility = current_facility());
grant select, insert, update on account to lientuyen_app;
grant select, insert on camera_link to lientuyen_app;
grant select on camera_photo to lientuyen_app;
