-- Quarterly statistics by the day they were handed in: by the day they were due (on_time), or after it
-- (late). A report is owed (owed) from its due day on, handed in or not, and by units that a quarter's
-- list leaves out as well: as many as mart.duty has subjects and periods.
with counted as (
    select
        case when submitted_on <= due_on then 'on_time' else 'late' end as variant,
        unit_name, region_code, period_from, period_end, submitted_on as on_date, 1 as weight, batch_id, row_no
    from core.statistics_duty
    where submitted_on is not null
    union all
    select 'owed', unit_name, region_code, period_from, period_end, due_on, 1, batch_id, row_no
    from core.statistics_duty
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
    row_no,
    period_from
from counted
