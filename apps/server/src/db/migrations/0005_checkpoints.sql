-- The tree of all receipts' chain values (RFC 9162), its full subtrees kept so that a proof takes a few look-ups,
-- and the signed checkpoints of it. Entries of before are taken in when the server starts.

create table tree_leaf (
  index bigint primary key check (index >= 0),
  entry text not null unique references entry (hash)
);
-- Level 0: leaf hashes; level n: the head of the 2^n leaves from index * 2^n.
create table tree_node (
  level smallint not null,
  index bigint not null,
  hash text not null,
  primary key (level, index)
);
-- Text, key and signature are the exact ones that were given out.
create table checkpoint (
  id bigint generated always as identity primary key,
  size bigint not null,
  at text not null,
  text text not null,
  key text not null,
  sig text not null
);

do $$
declare each text;
begin
  foreach each in array array['tree_leaf','tree_node','checkpoint']
  loop
    execute format('alter table %I enable row level security', each);
    execute format('alter table %I force row level security', each);
    execute format('create policy system_%s on %I to lientuyen_system using (true) with check (true)', each, each);
    execute format('create trigger %s_stays before update or delete on %I for each row execute function refuse_change()', each, each);
    execute format('create trigger %s_not_emptied before truncate on %I for each statement execute function refuse_change()', each, each);
    execute format('grant select on %I to lientuyen_app', each);
    execute format('grant select, insert on %I to lientuyen_system', each);
  end loop;
end $$;

-- Where an entry stands is for who reads the entry; hashes of hashes and what was signed are for everybody.
create policy read_tree_leaf on tree_leaf for select to lientuyen_app
  using (exists (select 1 from entry e where e.hash = tree_leaf.entry));
create policy read_tree_node on tree_node for select to lientuyen_app using (true);
create policy read_checkpoint on checkpoint for select to lientuyen_app using (true);
