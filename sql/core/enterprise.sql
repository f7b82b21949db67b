-- One row per enterprise the registry ever named, as its newest export names it.
with newest as (
    select
        enterprise_id,
        enterprise_name,
        region_code,
        registration_no,
        status,
        established_on,
        case when status = 'cancelled' then coalesce(status_on, data_date) end as ended_on,
        industry,
        data_date,
        batch_id,
        row_no,
        row_number() over (partition by enterprise_id order by data_date desc) as place
    from staging.enterprise_row
    where next_date is null
)
select
    enterprise_id,
    enterprise_name,
    region_code,
    registration_no,
    status,
    established_on,
    ended_on,
    industry,
    data_date,
    batch_id,
    row_no
from newest
where place = 1
