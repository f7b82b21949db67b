-- Whom a row of a ledger names as responsible for what it reports: who held an activity, who
-- answers for a task or a milestone. It need not be who filed the ledger.
select batch_id, row_no, host as unit from lake.policy_activity where host is not null
union all
select batch_id, row_no, unit from lake.policy_progress where unit is not null
union all
select batch_id, row_no, host from lake.cooperation_activity where host is not null
union all
select batch_id, row_no, unit_name from lake.cooperation_task
