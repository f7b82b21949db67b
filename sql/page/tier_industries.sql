select
    i.tier,
    coalesce(e.industry, '') as industry,
    count(distinct i.enterprise_id) as enterprises
from core.tier_interval i
join core.enterprise e on e.enterprise_id = i.enterprise_id
where i.valid_from <= $1 and i.valid_to > $1
group by 1, 2
order by 1, 2
