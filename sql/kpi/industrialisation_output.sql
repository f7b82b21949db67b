-- What projects that count earned, year by year; a year counts from its last day on. Years are
-- added up: revenue is what sold, output what was made.
with year_end as (
    select
        o.project_no, p.project_name, p.region_code, o.revenue, o.output,
        cast(cast(o.year as varchar) || '-12-31' as date) as earned_on,
        p.starts_on, o.batch_id, o.row_no
    from lake.industrialisation_output o
    join core.industrialised_project p on p.project_no = o.project_no
    where p.classified
),
counted as (
    select 'revenue' as variant, project_no, project_name, region_code, revenue as weight, earned_on, starts_on, batch_id, row_no
    from year_end
    union all
    select 'output', project_no, project_name, region_code, output, earned_on, starts_on, batch_id, row_no
    from year_end
    where output is not null
)
select
    variant,
    region_code,
    project_no                     as entity_id,
    project_name                   as entity_name,
    cast(weight as decimal(20, 2)) as weight,
    earned_on                      as event_date,
    cast(null as date)             as valid_from,
    cast(null as date)             as valid_to,
    batch_id,
    row_no
from counted
where earned_on >= starts_on
