-- Investment in industrialised achievements by the day it arrived: of projects that count
-- (invested) and of those without a class (unclassified).
with arrived as (
    select
        case when p.classified then 'invested' else 'unclassified' end as variant,
        i.investment_no, p.project_name, p.region_code, i.paid_on, i.amount as weight, i.batch_id, i.row_no
    from lake.industrialisation_investment i
    join core.industrialised_project p on p.project_no = i.project_no
    where i.paid_on >= p.starts_on
)
select
    variant,
    region_code,
    investment_no                  as entity_id,
    project_name                   as entity_name,
    cast(weight as decimal(20, 2)) as weight,
    paid_on                        as event_date,
    cast(null as date)             as valid_from,
    cast(null as date)             as valid_to,
    batch_id,
    row_no
from arrived
