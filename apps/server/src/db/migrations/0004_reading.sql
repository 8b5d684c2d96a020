-- Places in the feed of readers who are shown directories alone: how far the device has everything, and how far
-- directories. A device is shared, and whoever takes it over must not have been carried past the cases.
create table feed_bookmark (
  id bigint generated always as identity primary key,
  facility text not null,
  whole bigint not null,
  directories bigint not null,
  unique (facility, whole, directories)
);
alter table feed_bookmark enable row level security;
alter table feed_bookmark force row level security;
create policy own_feed_bookmark on feed_bookmark to lientuyen_app
  using (facility = current_facility()) with check (facility = current_facility());
grant select, insert on feed_bookmark to lientuyen_app;

-- Views are told of cases that the facility takes or took part in: a stranger has no place in a case's log of views.
drop policy write_view on case_view;
create policy write_view on case_view for insert to lientuyen_app
  with check (facility = current_facility() and writable(log));
