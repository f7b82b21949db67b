-- Cooperations in teaching, and the firms in them, each at its first since the commitment counts (once). A row without a code is the
-- firm that other rows of the ledger give one code under the same name.
with coded as (
    select enterprise_name, min(enterprise_code) as enterprise_code
    from lake.teaching_cooperation
    where enterprise_code is not null
    group by enterprise_name
    having min(enterprise_code) = max(enterprise_code)
),
started as (
    select
        t.cooperation_no, coalesce(t.enterprise_code, c.enterprise_code, t.enterprise_name) as enterprise, t.enterprise_name,
        t.region_code, t.started_on, t.batch_id, t.row_no
    from lake.teaching_cooperation t
    left join coded c on c.enterprise_name = t.enterprise_name
),
counted as (
    select 'cooperation' as variant, cooperation_no as entity, enterprise_name, region_code, started_on, 1 as weight, batch_id, row_no
    from started
    union all
    select 'enterprise', enterprise, enterprise_name, region_code, started_on, 1, batch_id, row_no
    from started
)
select
    variant,
    region_code,
    entity                         as entity_id,
    enterprise_name                as entity_name,
    cast(weight as decimal(20, 2)) as weight,
    started_on                     as event_date,
    cast(null as date)             as valid_from,
    cast(null as date)             as valid_to,
    batch_id,
    row_no
from counted
