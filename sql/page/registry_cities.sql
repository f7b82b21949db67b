select distinct
    r.name,
    r.short
from core.batch b
join core.region r on r.region_code = b.jurisdiction_code
where b.source = 'enterprise_registry'
order by 1
