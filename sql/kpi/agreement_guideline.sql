-- Agreements that say whether they use the model clauses on intellectual property, each at its
-- first row, and of them those that do. They belong to the city as a whole.
with told as (
    select
        agreement_no, university_name, signed_on, guideline, batch_id, row_no,
        row_number() over (partition by agreement_no order by signed_on, batch_id, row_no) as place
    from lake.school_enterprise_agreement
    where guideline is not null
),
counted as (
    select 'answered' as variant, agreement_no, university_name, signed_on, batch_id, row_no
    from told
    where place = 1
    union all
    select 'adopted', agreement_no, university_name, signed_on, batch_id, row_no
    from told
    where place = 1 and guideline
)
select
    c.variant,
    b.jurisdiction_code       as region_code,
    c.agreement_no            as entity_id,
    c.university_name         as entity_name,
    cast(1 as decimal(20, 2)) as weight,
    c.signed_on               as event_date,
    cast(null as date)        as valid_from,
    cast(null as date)        as valid_to,
    c.batch_id,
    c.row_no
from counted c
join core.batch b on b.batch_id = c.batch_id
