-- The newest due times are asked for, and the oldest pruned, without reading what jobs said.
create index schedule_run_by_due on schedule_run (due_at);
