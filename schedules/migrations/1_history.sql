-- Times are UTC text of fixed width (2026-10-15T22:00:00.000Z): they sort as
-- text and can be read with any SQLite client.

-- One row per due time that was acted upon, and per run by hand.
create table schedule_run (
    id         integer primary key,
    job        text not null,
    due_at     text not null,
    trigger    text not null check (trigger in ('schedule', 'catch_up', 'manual')),
    status     text not null check (status in
                   ('running', 'done', 'failed', 'timed_out', 'interrupted', 'skipped', 'missed')),
    started_at text,
    ended_at   text,
    exit_code  integer,
    output     text not null default '', -- last lines of standard error
    note       text not null default '', -- what citykpi itself has to say
    owner      integer references schedule_owner (id)
) strict;

-- A due time runs at most once; a person may press the button as often as they like.
create unique index schedule_run_due on schedule_run (job, due_at) where trigger <> 'manual';
create index schedule_run_running on schedule_run (job) where status = 'running';

-- Since when a job has had its present timetable: nothing before is missed.
create table schedule_job (
    job       text primary key,
    timetable text not null,
    since     text not null
) strict;

-- Every process that ran jobs. It holds a lock for as long as it lives (owner.go).
create table schedule_owner (
    id         integer primary key autoincrement,
    process    text not null,
    started_at text not null
) strict;
