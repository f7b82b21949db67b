-- Quarterly statistics by the day they were handed in: by the day they were due (on_time), which
-- is fifteen days after the quarter unless the row says otherwise, or after it (late). A report is
-- owed from its due day on, handed in or not.
with due as (
    select
        unit_name, region_code, period_end, submitted_on, coalesce(due_on, period_end + interval '15' day) as due_on,
        batch_id, row_no
    from lake.statistics_report
),
counted as (
    select
        case when submitted_on <= due_on then 'on_time' else 'late' end as variant,
        unit_name, region_code, period_end, cast(submitted_on as date) as on_date, 1 as weight, batch_id, row_no
    from due
    where submitted_on is not null
    union all
    select 'owed', unit_name, region_code, period_end, cast(due_on as date), 1, batch_id, row_no
    from due
)
select
    variant,
    region_code,
    unit_name || ' ' || cast(period_end as varchar) as entity_id,
    unit_name                                       as entity_name,
    cast(weight as decimal(20, 2))                  as weight,
    on_date                                         as event_date,
    cast(null as date)                              as valid_from,
    cast(null as date)                              as valid_to,
    batch_id,
    row_no
from counted
