-- Who of those a share is of is counted in it, on every date that values are computed for: of ratios
-- whose commitment says what they are (each). The two sides of such a ratio name the same subjects.
with side as (
    select
        f.kpi_id, f.measure, f.entity_id, f.entity_name,
        coalesce(f.event_date, f.valid_from) as begins, f.valid_to
    from mart.fact f
    join core.commitment c
      on c.kpi_id = f.kpi_id
     and c.kind = 'ratio'
     and c.measure = ''
     and c.each_subject
    where f.measure in ('of', 'to')
)
select
    t.kpi_id,
    t.entity_id                                as subject_id,
    max(coalesce(t.entity_name, t.entity_id))  as subject_name,
    p.period_end                               as on_date,
    count(o.entity_id) > 0                     as counted
from side t
join core.period p
  on t.begins <= p.period_end
 and (t.valid_to is null or p.period_end < t.valid_to)
left join side o
  on o.measure = 'of'
 and o.kpi_id = t.kpi_id
 and o.entity_id = t.entity_id
 and o.begins <= p.period_end
 and (o.valid_to is null or p.period_end < o.valid_to)
where t.measure = 'to'
group by t.kpi_id, t.entity_id, p.period_end
