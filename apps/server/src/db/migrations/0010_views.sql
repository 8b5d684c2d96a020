-- On a shared PC the view of one who worked without a line is told by whoever has the next one: both are kept.
alter table case_view add column told_by uuid;
