-- Employees' inventions handed to their inventors, each at its agreement; short are those whose
-- long-term use ends before the years that the commitment asks for.
with counted as (
    select 'agreement' as variant, agreement_no, achievement, signed_on, batch_id, row_no
    from lake.empowerment
    union all
    select 'short', e.agreement_no, e.achievement, e.signed_on, e.batch_id, e.row_no
    from lake.empowerment e
    join core.batch b on b.batch_id = e.batch_id
    join core.target t on t.jurisdiction_code = b.jurisdiction_code and t.model = 'empowerment' and t.variant = 'short'
    where e.mode = 'use' and e.years < t.at_least
)
select
    c.variant,
    b.jurisdiction_code       as region_code,
    c.agreement_no            as entity_id,
    c.achievement             as entity_name,
    cast(1 as decimal(20, 2)) as weight,
    c.signed_on               as event_date,
    cast(null as date)        as valid_from,
    cast(null as date)        as valid_to,
    c.batch_id,
    c.row_no
from counted c
join core.batch b on b.batch_id = c.batch_id
