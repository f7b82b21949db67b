-- Which columns the lists of facts have.
select
    f.kpi_id,
    bool_or(f.event_date is null) as interval,
    bool_or(f.weight <> 1) as weighed,
    bool_or(m.matched_by is not null) as matched,
    bool_or(g.kind = 'park') as parts
from mart.fact f
join core.region g on g.region_code = f.region_code
left join core.enterprise_match m on m.batch_id = f.batch_id and m.row_no = f.row_no
group by f.kpi_id
