-- Enterprises in force: a stock counts the rows whose interval covers the date.
-- An interval is as long as one recognition holds, which is its row: what is renewed goes on as another.
-- Variant <tier> is nested; <tier>_only counts an enterprise at its highest tier alone.
with nested as (
    select h.tier, t.tier_rank, h.enterprise_id, h.region_code, h.valid_from, h.valid_to, h.batch_id, h.row_no
    from core.tier_held h
    join core.tier t on t.tier = h.tier
),
bound as (
    select enterprise_id, valid_from as on_date from nested where tier_rank is not null
    union
    select enterprise_id, valid_to from nested where tier_rank is not null
),
segment as (
    select
        enterprise_id,
        on_date                                                         as valid_from,
        lead(on_date) over (partition by enterprise_id order by on_date) as valid_to
    from bound
),
ranked as (
    select
        n.tier, s.enterprise_id, n.region_code, s.valid_from, s.valid_to, n.batch_id, n.row_no,
        row_number() over (partition by s.enterprise_id, s.valid_from order by n.tier_rank desc) as place
    from segment s
    join nested n
      on n.enterprise_id = s.enterprise_id
     and n.valid_from <= s.valid_from
     and s.valid_to <= n.valid_to
    where n.tier_rank is not null
),
counted as (
    select tier as variant, enterprise_id, region_code, valid_from, valid_to, batch_id, row_no from nested
    union all
    select tier || '_only', enterprise_id, region_code, valid_from, valid_to, batch_id, row_no from ranked where place = 1
)
select
    c.variant,
    c.region_code,
    c.enterprise_id             as entity_id,
    e.enterprise_name           as entity_name,
    cast(1 as decimal(20, 2))   as weight,
    cast(null as date)          as event_date,
    c.valid_from,
    c.valid_to,
    c.batch_id,
    c.row_no
from counted c
join core.enterprise e on e.enterprise_id = c.enterprise_id
