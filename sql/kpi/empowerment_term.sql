-- The shortest term of long-term use agreed so far, in years: the weight of the agreement that
-- set it, from the day it was signed until a shorter one is.
with term as (
    select
        b.jurisdiction_code, e.agreement_no, e.achievement, e.years, e.signed_on, e.batch_id, e.row_no,
        min(e.years) over (
            partition by b.jurisdiction_code order by e.signed_on, e.years, e.agreement_no
            rows between unbounded preceding and 1 preceding
        ) as shortest_before
    from lake.empowerment e
    join core.batch b on b.batch_id = e.batch_id
    where e.mode = 'use' and e.years is not null
),
record as (
    select
        jurisdiction_code, agreement_no, achievement, years, signed_on, batch_id, row_no,
        row_number() over (partition by jurisdiction_code, signed_on order by years, agreement_no) as place
    from term
    where shortest_before is null or years < shortest_before
),
dated as (
    select
        jurisdiction_code, agreement_no, achievement, years, signed_on, batch_id, row_no,
        lead(signed_on) over (partition by jurisdiction_code order by signed_on) as next_on
    from record
    where place = 1
)
select
    'shortest'                           as variant,
    jurisdiction_code                    as region_code,
    agreement_no                         as entity_id,
    achievement                          as entity_name,
    cast(years as decimal(20, 2))        as weight,
    cast(null as date)                   as event_date,
    signed_on                            as valid_from,
    coalesce(next_on, date '9999-12-31') as valid_to,
    batch_id,
    row_no
from dated
