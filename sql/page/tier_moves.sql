select
    m.as_of,
    coalesce(m.from_tier, '') as from_tier,
    coalesce(m.to_tier, '') as to_tier,
    count(*) as enterprises,
    bool_or(m.crosses_rule) as crosses_rule
from mart.tier_movement m
where m.as_of <= $1
group by 1, 2, 3
order by 1, 2, 3
