-- One row per enterprise and stretch of neighbouring registry exports in which it reads the
-- same, cut to what the models use: of a register most rows say what the export before said.
-- prev_* and next_* are the enterprise's neighbouring stretches; prev_export and next_export
-- the exports before and behind the stretch, whether or not they hold the enterprise.
with export as (
    select
        data_date,
        row_number() over (order by data_date)    as place,
        lag(data_date) over (order by data_date)  as prev_export,
        lead(data_date) over (order by data_date) as next_export
    from core.batch
    where source = 'enterprise_registry'
    group by data_date
),
filed as (
    select
        r.enterprise_code as enterprise_id,
        r.enterprise_name, r.registration_no, r.region_code, r.status, r.established_on, r.status_on, r.industry,
        x.place, r.batch_id, r.row_no
    from lake.enterprise_registry r
    join export x on x.data_date = r.data_date
),
alike as (
    select
        enterprise_id, enterprise_name, registration_no, region_code, status, established_on, status_on, industry,
        min(place)               as first_place,
        max(place)               as last_place,
        count(*)                 as exports,
        min_by(batch_id, place)  as first_batch_id,
        min_by(row_no, place)    as first_row_no,
        max_by(batch_id, place)  as last_batch_id,
        max_by(row_no, place)    as last_row_no
    from filed
    group by enterprise_id, enterprise_name, registration_no, region_code, status, established_on, status_on, industry
),
-- who reads as before again, after reading otherwise or being in no export
torn as (
    select distinct enterprise_id
    from alike
    where exports <= last_place - first_place
),
numbered as (
    select
        enterprise_id, enterprise_name, registration_no, region_code, status, established_on, status_on, industry, place, batch_id, row_no,
        place - row_number() over (
            partition by enterprise_id, enterprise_name, registration_no, region_code, status, established_on, status_on, industry
            order by place
        ) as run
    from filed
    where enterprise_id in (select enterprise_id from torn)
),
stretch as (
    select
        enterprise_id, enterprise_name, registration_no, region_code, status, established_on, status_on, industry,
        first_place, last_place, first_batch_id, first_row_no, last_batch_id, last_row_no
    from alike
    where enterprise_id not in (select enterprise_id from torn)
    union all
    select
        enterprise_id, enterprise_name, registration_no, region_code, status, established_on, status_on, industry,
        min(place), max(place), min_by(batch_id, place), min_by(row_no, place), max_by(batch_id, place), max_by(row_no, place)
    from numbered
    group by enterprise_id, enterprise_name, registration_no, region_code, status, established_on, status_on, industry, run
)
select
    s.enterprise_id,
    s.enterprise_name,
    s.registration_no,
    s.region_code,
    s.status = 'active' as active,
    s.status,
    s.established_on,
    s.status_on,
    s.industry,
    f.data_date as first_date,
    l.data_date as last_date,
    f.prev_export,
    l.next_export,
    lag(l.data_date) over w          as prev_date,
    lag(s.status = 'active') over w  as prev_active,
    lag(s.region_code) over w        as prev_region,
    lead(f.data_date) over w         as next_date,
    lead(s.status = 'active') over w as next_active,
    lead(s.region_code) over w       as next_region,
    lead(s.status_on) over w         as next_status_on,
    s.first_batch_id,
    s.first_row_no,
    s.last_batch_id,
    s.last_row_no
from stretch s
join export f on f.place = s.first_place
join export l on l.place = s.last_place
window w as (partition by s.enterprise_id order by s.first_place)
