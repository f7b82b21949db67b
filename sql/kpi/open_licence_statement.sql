-- Statements that open a patent to licence, by the day they were published; withdrawn ones stay
-- counted, for they were made. university: each university at its first since the commitment counts (once).
with counted as (
    select 'statement' as variant, statement_no as entity, university_name, region_code, published_on, 1 as weight, batch_id, row_no
    from lake.open_licence_statement
    union all
    select 'university', university_name, university_name, region_code, published_on, 1, batch_id, row_no
    from lake.open_licence_statement
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
