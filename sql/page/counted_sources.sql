-- Of a ratio those of what is counted: the whole it is a share of is a register that stands until its next filing.
select distinct
    f.kpi_id,
    b.source
from mart.fact f
join core.batch b on b.batch_id = f.batch_id
where f.measure in ('', 'of')
order by f.kpi_id, b.source
