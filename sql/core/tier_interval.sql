-- One row per enterprise, tier and stretch of time in force, registered here and existing.
-- Recognitions that touch or overlap are one stretch, named by the row recognised last;
-- core.tier_held tells which of them holds on a day.
with reached as (
    select
        enterprise_id, tier, valid_from, valid_to, batch_id, row_no,
        max(valid_to) over (
            partition by enterprise_id, tier order by valid_from, valid_to, batch_id, row_no
            rows between unbounded preceding and 1 preceding
        ) as held_to
    from core.tier_counted
),
numbered as (
    select
        enterprise_id, tier, valid_from, valid_to, batch_id, row_no,
        sum(case when held_to is null or valid_from > held_to then 1 else 0 end) over (
            partition by enterprise_id, tier order by valid_from, valid_to, batch_id, row_no
            rows unbounded preceding
        ) as stretch
    from reached
),
latest as (
    select
        enterprise_id, tier, stretch, batch_id, row_no,
        min(valid_from) over (partition by enterprise_id, tier, stretch) as valid_from,
        max(valid_to) over (partition by enterprise_id, tier, stretch)   as valid_to,
        row_number() over (
            partition by enterprise_id, tier, stretch order by valid_from desc, valid_to desc, batch_id desc, row_no desc
        ) as place
    from numbered
)
select
    l.tier,
    l.enterprise_id,
    c.region_code,
    greatest(l.valid_from, c.valid_from) as valid_from,
    least(l.valid_to, c.valid_to)        as valid_to,
    l.batch_id,
    l.row_no
from latest l
join core.enterprise_in_city c
  on c.enterprise_id = l.enterprise_id
 and c.valid_from < l.valid_to
 and l.valid_from < c.valid_to
where l.place = 1
