-- One row per enterprise and registry export, cut to what the models use.
-- prev_* and next_* are the enterprise's neighbouring rows; prev_export and
-- next_export the neighbouring exports, whether or not they hold the enterprise.
with export as (
    select
        data_date,
        lag(data_date) over (order by data_date)  as prev_export,
        lead(data_date) over (order by data_date) as next_export
    from core.batch
    where source = 'enterprise_registry'
    group by data_date
)
select
    r.enterprise_code as enterprise_id,
    r.enterprise_name,
    r.registration_no,
    r.region_code,
    r.status = 'active' as active,
    r.status,
    r.established_on,
    r.status_on,
    r.industry,
    r.data_date,
    x.prev_export,
    x.next_export,
    lag(r.data_date) over w              as prev_date,
    lag(r.status = 'active') over w      as prev_active,
    lag(r.region_code) over w            as prev_region,
    lead(r.data_date) over w             as next_date,
    lead(r.status = 'active') over w     as next_active,
    lead(r.region_code) over w           as next_region,
    lead(r.status_on) over w             as next_status_on,
    r.batch_id,
    r.row_no
from lake.enterprise_registry r
join export x on x.data_date = r.data_date
window w as (partition by r.enterprise_code order by r.data_date)
