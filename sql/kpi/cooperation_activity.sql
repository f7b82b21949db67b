-- Activities by kind; action: those of the kinds that the document names as its joint action;
-- prefecture_half: prefectures and half years with a matching event, at the first of
-- the half; funding: the money promised at matching events.
with held as (
    select
        activity_no, name, kind, region_code, held_on, funding, batch_id, row_no,
        extract(year from held_on) as year, case when extract(month from held_on) <= 6 then 1 else 2 end as half
    from lake.cooperation_activity
),
matching as (
    select
        h.activity_no, h.name, h.region_code, h.held_on, h.batch_id, h.row_no,
        row_number() over (partition by h.region_code, h.year, h.half order by h.held_on, h.activity_no) as place
    from held h
    left join core.jurisdiction j on j.region_code = h.region_code
    where h.kind = 'matching' and j.region_code is null
),
counted as (
    select kind as variant, activity_no, name, region_code, held_on, 1 as weight, batch_id, row_no from held
    union all
    select 'action', h.activity_no, h.name, h.region_code, h.held_on, 1, h.batch_id, h.row_no
    from held h
    join core.batch b on b.batch_id = h.batch_id
    join core.term t
      on t.jurisdiction_code = b.jurisdiction_code
     and t.model = 'cooperation_activity'
     and t.term = 'action'
     and t.word = h.kind
    union all
    select 'prefecture_half', activity_no, name, region_code, held_on, 1, batch_id, row_no
    from matching
    where place = 1
    union all
    select 'funding', activity_no, name, region_code, held_on, funding, batch_id, row_no
    from held
    where kind = 'matching' and funding is not null
)
select
    variant,
    region_code,
    activity_no                    as entity_id,
    name                           as entity_name,
    cast(weight as decimal(20, 2)) as weight,
    held_on                        as event_date,
    cast(null as date)             as valid_from,
    cast(null as date)             as valid_to,
    batch_id,
    row_no
from counted
