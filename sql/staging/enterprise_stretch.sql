-- One row per enterprise and stretch of neighbouring registry exports in which it reads the
-- same, cut to what the models use: of a register most rows say what the export before said.
-- prev_* and next_* are the enterprise's neighbouring stretches; prev_export and next_export
-- the exports before and behind the stretch, whether or not they hold the enterprise.
-- An enterprise has one row in an export: what stands behind the export's place in a number
-- (batch, row) is that of the first or last row, once the place is taken off again.
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
        x.place,
        x.place * 10000000000 + b.seq   as batch_at,
        x.place * 10000000000 + r.row_no as row_at
    from lake.enterprise_registry r
    join core.batch b on b.batch_id = r.batch_id
    join export x on x.data_date = r.data_date
),
alike as (
    select
        enterprise_id, enterprise_name, registration_no, region_code, status, established_on, status_on, industry,
        min(place) as first_place, min(batch_at) as first_batch_at, min(row_at) as first_row_at,
        max(place) as last_place, max(batch_at) as last_batch_at, max(row_at) as last_row_at,
        count(*)   as exports
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
        enterprise_id, enterprise_name, registration_no, region_code, status, established_on, status_on, industry, place, batch_at, row_at,
        place - row_number() over (
            partition by enterprise_id, enterprise_name, registration_no, region_code, status, established_on, status_on, industry
            order by place
        ) as run
    from filed
    where enterprise_id in (select t.enterprise_id from torn t)
),
stretch as (
    select
        enterprise_id, enterprise_name, registration_no, region_code, status, established_on, status_on, industry,
        first_place, first_batch_at, first_row_at, last_place, last_batch_at, last_row_at
    from alike
    where enterprise_id not in (select t.enterprise_id from torn t)
    union all
    select
        enterprise_id, enterprise_name, registration_no, region_code, status, established_on, status_on, industry,
        min(place), min(batch_at), min(row_at), max(place), max(batch_at), max(row_at)
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
    fb.batch_id                             as first_batch_id,
    s.first_row_at - f.place * 10000000000   as first_row_no,
    lb.batch_id                             as last_batch_id,
    s.last_row_at - l.place * 10000000000    as last_row_no
from stretch s
join export f on f.place = s.first_place
join export l on l.place = s.last_place
join core.batch fb on fb.source = 'enterprise_registry' and fb.seq = s.first_batch_at - f.place * 10000000000
join core.batch lb on lb.source = 'enterprise_registry' and lb.seq = s.last_batch_at - l.place * 10000000000
window w as (partition by s.enterprise_id order by s.first_place)
