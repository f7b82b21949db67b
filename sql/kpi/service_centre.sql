-- Streets and towns on the list, and of them those with an enterprise service centre.
-- A centre counts up to the day before it is closed.
with standing as (
    select 'street' as variant, street_code, street_name, region_code, listed_on as valid_from, cast(null as date) as closed_on, batch_id, row_no
    from lake.service_centre
    union all
    select 'covered', street_code, street_name, region_code, opened_on, closed_on, batch_id, row_no
    from lake.service_centre
    where opened_on is not null
)
select
    variant,
    region_code,
    street_code                             as entity_id,
    street_name                             as entity_name,
    cast(1 as decimal(20, 2))               as weight,
    cast(null as date)                      as event_date,
    valid_from,
    coalesce(closed_on, date '9999-12-31')  as valid_to,
    batch_id,
    row_no
from standing
where valid_from < coalesce(closed_on, date '9999-12-31')
