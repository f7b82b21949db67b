-- Enterprises hatched or brought in by new-type R&D institutions that are innovative or
-- better: each once, on the day both have come true.
with entered as (
    select
        k.enterprise_id, e.enterprise_name, e.region_code, e.entered_on, e.batch_id, e.row_no,
        row_number() over (partition by k.enterprise_id order by e.entered_on, e.batch_id, e.row_no) as place
    from lake.incubated_enterprise e
    join core.enterprise_match k on k.batch_id = e.batch_id and k.sheet = e.sheet and k.row_no = e.row_no
),
recognised as (
    select
        r.enterprise_id, r.valid_from as first_on, r.batch_id, r.row_no,
        row_number() over (partition by r.enterprise_id order by r.valid_from, r.batch_id, r.row_no) as place
    from core.tier_recognition r
    join core.tier t on t.tier = r.tier
    where t.tier_rank is not null
)
select
    'enterprise'                        as variant,
    e.region_code,
    e.enterprise_id                     as entity_id,
    e.enterprise_name                   as entity_name,
    cast(1 as decimal(20, 2))           as weight,
    greatest(e.entered_on, r.first_on)  as event_date,
    cast(null as date)                  as valid_from,
    cast(null as date)                  as valid_to,
    e.batch_id,
    e.row_no,
    r.batch_id                          as beside_batch_id,
    r.row_no                            as beside_row_no
from entered e
join recognised r on r.enterprise_id = e.enterprise_id
where e.place = 1 and r.place = 1
