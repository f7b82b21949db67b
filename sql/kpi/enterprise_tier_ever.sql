-- Enterprises ever recognised at a tier by name, whatever became of them since:
-- the second figure beside the stock in force.
with first_row as (
    select
        tier, enterprise_id, valid_from as recognised_on, batch_id, row_no,
        row_number() over (partition by tier, enterprise_id order by valid_from, batch_id, row_no) as place
    from core.tier_recognition
    where enterprise_id is not null
)
select
    f.tier                              as variant,
    coalesce(c.region_code, e.region_code) as region_code,
    f.enterprise_id                     as entity_id,
    e.enterprise_name                   as entity_name,
    cast(1 as decimal(20, 2))           as weight,
    f.recognised_on                     as event_date,
    cast(null as date)                  as valid_from,
    cast(null as date)                  as valid_to,
    f.batch_id,
    f.row_no
from first_row f
join core.enterprise e on e.enterprise_id = f.enterprise_id
left join core.enterprise_in_city c
  on c.enterprise_id = f.enterprise_id
 and c.valid_from <= f.recognised_on
 and f.recognised_on < c.valid_to
where f.place = 1
