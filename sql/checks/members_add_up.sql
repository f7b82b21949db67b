-- Rows: a ratio of named subjects of which one of the two sides is not as many as are named.
with named as (
    select kpi_id, on_date, count(*) as had, sum(case when counted then 1 else 0 end) as did
    from mart.member
    group by kpi_id, on_date
),
side as (
    select o.kpi_id, o.as_of, o.value as did, t.value as had
    from mart.value o
    join core.commitment c on c.kpi_id = o.kpi_id and c.kind = 'ratio' and c.measure = '' and c.each_subject
    join mart.value t
      on t.kpi_id = o.kpi_id
     and t.region_code = o.region_code
     and t.as_of = o.as_of
     and t.measure = 'to'
    where o.measure = 'of'
      and o.region_code = c.jurisdiction_code
)
select s.kpi_id, s.as_of, s.did, s.had, n.did as named_did, n.had as named_had
from side s
left join named n on n.kpi_id = s.kpi_id and n.on_date = s.as_of
where s.had <> coalesce(n.had, 0)
   or s.did <> coalesce(n.did, 0)
