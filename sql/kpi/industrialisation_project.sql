-- Achievements that became products within the period: those of a class of the
-- “4567” industries (achievement) and the others (unclassified); planned is their investment on paper.
with project as (
    select project_no, project_name, region_code, industrialised_on, planned, classified, batch_id, row_no
    from core.industrialised_project
),
counted as (
    select
        case when classified then 'achievement' else 'unclassified' end as variant,
        project_no, project_name, region_code, industrialised_on, 1 as weight, batch_id, row_no
    from project
    union all
    select 'planned', project_no, project_name, region_code, industrialised_on, planned, batch_id, row_no
    from project
    where classified and planned is not null
)
select
    variant,
    region_code,
    project_no                     as entity_id,
    project_name                   as entity_name,
    cast(weight as decimal(20, 2)) as weight,
    industrialised_on              as event_date,
    cast(null as date)             as valid_from,
    cast(null as date)             as valid_to,
    batch_id,
    row_no
from counted
