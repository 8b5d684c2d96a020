-- Receipts that this server gave before it was put back to a backup, for entries that it has received again since.
-- Devices hand them in; each is the exact text that was signed. They count for nothing but as evidence: when an entry
-- first came in, and that its receipt is doubled because of the new epoch.
create table earlier_receipt (
  entry text not null references entry (hash),
  chain text not null,
  seq bigint not null check (seq > 0),
  receipt text not null,
  -- Whose device handed it in.
  facility text not null,
  primary key (entry, chain)
);
alter table earlier_receipt enable row level security;
alter table earlier_receipt force row level security;
create policy system_earlier_receipt on earlier_receipt to lientuyen_system using (true) with check (true);
create policy read_earlier_receipt on earlier_receipt for select to lientuyen_app
  using (exists (select 1 from entry e where e.hash = earlier_receipt.entry));
create policy add_earlier_receipt on earlier_receipt for insert to lientuyen_app
  with check (facility = current_facility() and exists (select 1 from entry e where e.hash = earlier_receipt.entry));
create trigger earlier_receipt_stays before update or delete on earlier_receipt for each row execute function refuse_change();
create trigger earlier_receipt_not_emptied before truncate on earlier_receipt for each statement execute function refuse_change();
grant select, insert on earlier_receipt to lientuyen_app;
grant select on earlier_receipt to lientuyen_system;
