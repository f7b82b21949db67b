-- Carriers of cooperation while they stand, by what the document takes their kind for: transfer of
-- results (transfer), what universities and firms found together (consortium), practice and pilots (base).
with grouped as (
    select
        t.term as variant, c.carrier_no, c.name, c.region_code, c.founded_on,
        coalesce(c.closed_on, date '9999-12-31') as closed_on, c.batch_id, c.row_no
    from lake.cooperation_carrier c
    join core.batch b on b.batch_id = c.batch_id
    join core.term t on t.jurisdiction_code = b.jurisdiction_code and t.model = 'cooperation_carrier' and t.word = c.kind
)
select
    variant,
    region_code,
    carrier_no                as entity_id,
    name                      as entity_name,
    cast(1 as decimal(20, 2)) as weight,
    cast(null as date)        as event_date,
    founded_on                as valid_from,
    closed_on                 as valid_to,
    batch_id,
    row_no
from grouped
where founded_on < closed_on
