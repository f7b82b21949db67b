select
    k.enterprise_key,
    k.enterprise_id,
    e.enterprise_name
from core.enterprise_key k
join core.enterprise e on e.enterprise_id = k.enterprise_id
where k.how in ('name', 'former_name')
order by k.enterprise_id, k.enterprise_key
