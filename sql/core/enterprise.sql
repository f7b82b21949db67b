-- One row per enterprise the registry ever named, as its newest export names it.
select
    enterprise_id,
    enterprise_name,
    region_code,
    registration_no,
    status,
    established_on,
    case when status = 'cancelled' then coalesce(status_on, last_date) end as ended_on,
    industry,
    last_date     as data_date,
    last_batch_id as batch_id,
    last_row_no   as row_no
from staging.enterprise_stretch
where next_date is null
