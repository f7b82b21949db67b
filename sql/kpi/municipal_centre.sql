-- Concept-verification centres that the city has recognised since the document was issued that counts them,
-- while they stand: from the first municipal recognition until they are withdrawn. What
-- rises to a higher level stays counted; what was recognised before, or by others only, is not.
with municipal as (
    select
        platform_no, valid_from as recognised_on, batch_id,
        row_number() over (partition by platform_no order by valid_from) as place
    from core.platform
    where kind = 'concept_verification'
      and level = 'municipal'
),
issued as (
    select min(d.issued_on) as issued_on
    from core.document d
    where d.document in (select c.document from core.commitment c where c.model = 'municipal_centre')
),
chosen as (
    select m.platform_no, m.recognised_on
    from municipal m
    cross join issued d
    where m.place = 1
      and m.recognised_on >= d.issued_on
)
select
    ''                        as variant,
    p.region_code,
    p.platform_no             as entity_id,
    p.platform_name           as entity_name,
    cast(1 as decimal(20, 2)) as weight,
    cast(null as date)        as event_date,
    p.valid_from,
    p.valid_to,
    p.batch_id,
    p.row_no
from core.platform p
join chosen c on c.platform_no = p.platform_no
where p.valid_from >= c.recognised_on
  and p.valid_from < p.valid_to
