-- One row per enterprise, tier and stretch of days on which one recognition holds: of those in force the one
-- recognised last. It is the row that a title is proved by on a day; core.tier_interval is how long the title
-- lasts, whoever renewed it.
with bound as (
    select enterprise_id, tier, valid_from as on_date from core.tier_counted
    union
    select enterprise_id, tier, valid_to from core.tier_counted
),
segment as (
    select
        enterprise_id, tier,
        on_date                                                                as valid_from,
        lead(on_date) over (partition by enterprise_id, tier order by on_date) as valid_to
    from bound
),
ranked as (
    select
        s.enterprise_id, s.tier, s.valid_from, s.valid_to, i.batch_id, i.row_no,
        row_number() over (
            partition by s.enterprise_id, s.tier, s.valid_from
            order by i.valid_from desc, i.valid_to desc, i.batch_id desc, i.row_no desc
        ) as place
    from segment s
    join core.tier_counted i
      on i.enterprise_id = s.enterprise_id
     and i.tier = s.tier
     and i.valid_from <= s.valid_from
     and s.valid_to <= i.valid_to
),
marked as (
    select
        enterprise_id, tier, valid_from, valid_to, batch_id, row_no,
        case when lag(batch_id) over w = batch_id and lag(row_no) over w = row_no and lag(valid_to) over w = valid_from then 0 else 1 end as begins
    from ranked
    where place = 1
    window w as (partition by enterprise_id, tier order by valid_from)
),
numbered as (
    select
        enterprise_id, tier, valid_from, valid_to, batch_id, row_no,
        sum(begins) over (partition by enterprise_id, tier order by valid_from rows unbounded preceding) as stretch
    from marked
),
held as (
    select enterprise_id, tier, batch_id, row_no, min(valid_from) as valid_from, max(valid_to) as valid_to
    from numbered
    group by enterprise_id, tier, stretch, batch_id, row_no
)
select
    r.tier,
    r.enterprise_id,
    c.region_code,
    greatest(r.valid_from, c.valid_from) as valid_from,
    least(r.valid_to, c.valid_to)        as valid_to,
    r.batch_id,
    r.row_no
from held r
join core.enterprise_in_city c
  on c.enterprise_id = r.enterprise_id
 and c.valid_from < r.valid_to
 and r.valid_from < c.valid_to
