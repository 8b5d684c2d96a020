-- Checkpoints that went out by e-mail: nobody can be asked how far those in a mailbox go, so it is kept here, for each
-- group of those who are written to.
create table deposit_mail (
  recipients text primary key,
  epoch bigint not null,
  size bigint not null,
  sent_at_ms bigint not null
);
alter table deposit_mail enable row level security;
alter table deposit_mail force row level security;
create policy system_deposit_mail on deposit_mail to lientuyen_system using (true) with check (true);
grant select, insert, update on deposit_mail to lientuyen_system;
