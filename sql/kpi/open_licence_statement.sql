-- Statements that open a patent to licence, by the day they were published; withdrawn ones stay
-- counted, for they were made. university: each university at its first.
with published as (
    select
        statement_no, university_name, region_code, published_on, batch_id, row_no,
        row_number() over (partition by university_name order by published_on, statement_no) as place
    from lake.open_licence_statement
),
counted as (
    select 'statement' as variant, statement_no as entity, university_name, region_code, published_on, 1 as weight, batch_id, row_no
    from published
    union all
    select 'university', university_name, university_name, region_code, published_on, 1, batch_id, row_no
    from published
    where place = 1
)
select
    variant,
    region_code,
    entity                         as entity_id,
    university_name                as entity_name,
    cast(weight as decimal(20, 2)) as weight,
    published_on                   as event_date,
    cast(null as date)             as valid_from,
    cast(null as date)             as valid_to,
    batch_id,
    row_no
from counted
