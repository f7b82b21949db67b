-- Achievements industrialised within the plan's period, and whether they count: those put into
-- one of the classes of the “4567” industries do, the others are listed apart.
select
    p.project_no,
    p.name                                                          as project_name,
    p.region_code,
    p.industrialised_on,
    p.planned,
    coalesce(p.industry in ('four', 'five', 'six', 'seven'), false) as classified,
    o.starts_on,
    p.batch_id,
    p.row_no
from lake.industrialisation_project p
join core.counted_from o on o.model = 'industrialisation_project' and o.starts_on <= p.industrialised_on
