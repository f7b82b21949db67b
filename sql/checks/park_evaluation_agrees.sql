-- Rows: figures of the evaluation of parks that are not those of the KPIs, which read the ledgers
-- by ways of their own.
with as_of as (
    select max(period_end) as on_date from core.period
),
table_says as (
    select 'direction' as figure, sum(case when cohort = 'trial' then direction else 0 end) as value from mart.park_evaluation
    union all
    select 'platform', sum(case when cohort = 'trial' then platform else 0 end) from mart.park_evaluation
    union all
    select 'talent', sum(case when cohort = 'trial' then talent else 0 end) from mart.park_evaluation
    union all
    select 'fund', sum(case when cohort = 'trial' then fund else 0 end) from mart.park_evaluation
    union all
    select 'project', sum(case when cohort = 'trial' then project else 0 end) from mart.park_evaluation
    union all
    select 'complete', sum(case when cohort = 'trial' and five_one = 5 then 1 else 0 end) from mart.park_evaluation
    union all
    select 'joint_plan', sum(joint_plan) from mart.park_evaluation
    union all
    select 'all', sum(tasks) from mart.park_evaluation
    union all
    select 'green', sum(tasks_green) from mart.park_evaluation
    union all
    select 'yellow', sum(tasks_yellow) from mart.park_evaluation
    union all
    select 'red', sum(tasks_red) from mart.park_evaluation
    union all
    select 'done', sum(tasks_done) from mart.park_evaluation
),
fact as (
    select variant, weight, valid_from, valid_to from kpi.park_five_one
    union all
    select variant, weight, valid_from, valid_to from kpi.park_plan where variant = 'joint_plan'
    union all
    select variant, weight, valid_from, valid_to from kpi.park_task where variant <> 'city'
),
kpi_says as (
    select f.variant as figure, sum(f.weight) as value
    from fact f
    join as_of a on f.valid_from <= a.on_date and a.on_date < f.valid_to
    group by f.variant
)
select t.figure, t.value, k.value as kpi_value
from table_says t
left join kpi_says k on k.figure = t.figure
where coalesce(t.value, 0) <> coalesce(k.value, 0)
