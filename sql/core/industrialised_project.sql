-- Achievements industrialised within the plan's period, and whether they count: those put into
-- one of the classes that the plan names do, the others are listed apart.
select
    p.project_no,
    p.name              as project_name,
    p.region_code,
    p.industrialised_on,
    p.planned,
    t.word is not null  as classified,
    o.starts_on,
    p.batch_id,
    p.row_no
from lake.industrialisation_project p
join core.counted_from o on o.model = 'industrialisation_project' and o.starts_on <= p.industrialised_on
join core.batch b on b.batch_id = p.batch_id
left join core.term t
  on t.jurisdiction_code = b.jurisdiction_code
 and t.model = 'industrialisation_project'
 and t.term = 'classes'
 and t.word = p.industry
