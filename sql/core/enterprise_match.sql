-- One row per row of an export whose enterprise is known, and by what: its credit code, its
-- older number, its present or a former name, or a decision of the office. A row that is not
-- here is not guessed at.
--
-- A credit code stands for itself, whatever name is written beside it. Without one every
-- enterprise of the jurisdiction that bears the number or the name is a candidate, if the two
-- do not contradict each other and it was founded by the day the row tells of. Where several
-- bear the text, the one that existed that day in the district the row names is meant, if it
-- is the only one. A decision comes before names and numbers that fit one enterprise or none,
-- not before what the row itself tells of several.
with open as (
    select
        m.source, m.code, m.name_key, m.on_date, m.batch_id, m.sheet, m.row_no,
        case when g.reporting_code <> m.jurisdiction_code then g.reporting_code end as district
    from staging.enterprise_mention m
    left join core.region g on g.region_code = m.region_code
    where m.jurisdiction_code in (select b.jurisdiction_code from core.batch b where b.source = 'enterprise_registry')
),
single as (
    select o.source, o.batch_id, o.sheet, o.row_no, k.enterprise_id, k.how as matched_by
    from open o
    join core.enterprise_key k on k.enterprise_key = coalesce(o.code, o.name_key) and k.fits = 1
    join core.enterprise e on e.enterprise_id = k.enterprise_id
    where k.how = 'code'
       or k.how <> 'number' and e.established_on <= o.on_date
),
-- rows with an older number, and names that several bear
borne as (
    select o.source, o.code, o.on_date, o.district, o.batch_id, o.sheet, o.row_no, k.enterprise_id, k.how, k.fits
    from open o
    join core.enterprise_key k on k.enterprise_key = o.code and k.how = 'number'
    union all
    select o.source, o.code, o.on_date, o.district, o.batch_id, o.sheet, o.row_no, k.enterprise_id, k.how, k.fits
    from open o
    join core.enterprise_key k on k.enterprise_key = o.name_key and k.how in ('name', 'former_name')
    where length(o.code) < 18
       or o.code is null and k.fits > 1
),
candidate as (
    select
        source, code, on_date, district, batch_id, sheet, row_no, enterprise_id,
        max(case when how = 'number' then how end)  as by_number,
        max(case when how <> 'number' then how end) as by_name,
        min(fits)                                   as fits
    from borne
    group by source, code, on_date, district, batch_id, sheet, row_no, enterprise_id
),
weighed as (
    select
        source, code, on_date, district, batch_id, sheet, row_no, enterprise_id, by_number, by_name, fits,
        max(by_number) over (partition by batch_id, sheet, row_no) as any_number,
        max(by_name) over (partition by batch_id, sheet, row_no)   as any_name
    from candidate
),
lived as (
    select distinct r.enterprise_id, g.reporting_code as district
    from staging.enterprise_stretch r
    join core.region g on g.region_code = r.region_code
    where r.enterprise_id in (select b.enterprise_id from borne b where b.fits > 1)
),
eligible as (
    select w.source, w.batch_id, w.sheet, w.row_no, w.enterprise_id, coalesce(w.by_number, w.by_name) as matched_by, w.fits
    from weighed w
    join core.enterprise e on e.enterprise_id = w.enterprise_id
    left join lived l on l.enterprise_id = w.enterprise_id and l.district = w.district
    where case -- a number beside the name must not be another's
            when w.code is null then true
            when w.any_number is not null then w.by_number is not null and (w.by_name is not null or w.any_name is null)
            else e.registration_no is null
        end
      and case
            when w.by_number is not null and (w.by_name is not null or w.fits = 1) then true
            when w.fits = 1 then e.established_on <= w.on_date
            else e.established_on <= w.on_date
             and (e.ended_on is null or e.ended_on > w.on_date)
             and (w.district is null or l.district is not null)
        end
),
told as (
    select source, batch_id, sheet, row_no, enterprise_id, matched_by, false as several
    from single
    union all
    select source, batch_id, sheet, row_no, min(enterprise_id), min(matched_by), min(fits) > 1
    from eligible
    group by source, batch_id, sheet, row_no
    having count(*) = 1
),
decided as (
    select o.source, o.batch_id, o.sheet, o.row_no, d.enterprise_id
    from staging.match_decision d
    join open o on coalesce(o.code, o.name_key) = d.decided_key
    left join core.enterprise e on e.enterprise_id = o.code
    where e.enterprise_id is null
)
select t.source, t.batch_id, t.sheet, t.row_no, t.enterprise_id, t.matched_by
from told t
left join decided d on d.batch_id = t.batch_id and d.sheet = t.sheet and d.row_no = t.row_no
where t.several or d.batch_id is null
union all
select d.source, d.batch_id, d.sheet, d.row_no, d.enterprise_id, 'decision'
from decided d
join core.enterprise e on e.enterprise_id = d.enterprise_id
left join told t on t.batch_id = d.batch_id and t.sheet = d.sheet and t.row_no = d.row_no and t.several
where t.batch_id is null
