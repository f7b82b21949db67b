select
    kpi_id,
    subject_name,
    period_end,
    due_on,
    done_on,
    listed,
    cast(null as double) as number,
    subject_id
from mart.duty
union all
select
    kpi_id,
    subject_name,
    on_date,
    on_date,
    case when kept then on_date end,
    true,
    cast(number as double),
    subject_id
from mart.bound
union all
select
    kpi_id,
    subject_name,
    on_date,
    on_date,
    case when counted then on_date end,
    false,
    null,
    subject_id
from mart.member
order by kpi_id, period_end, subject_name, subject_id
