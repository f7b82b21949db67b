-- How many each subject has that a bound speaks of, on every date that values are computed for, and
-- whether that keeps the bound: of commitments that bind every one of several at any time.
--   consortium_size: every consortium that stands, every team of one. Who has none has 0, but nothing is known
--                    of a consortium that was recognised after its part was filed last.
with told as (
    select 'members' as part, 'consortium_member' as source
    union all select 'teams', 'consortium_team'
    union all select 'experts', 'consortium_team'
    union all select 'committee', 'consortium_committee'
    union all select 'companies', 'consortium'
),
sized as (
    select
        k.kpi_id, k.at_least, k.at_most, h.holder_no, h.holder_name, p.period_end,
        count(m.entity_id) as number
    from core.commitment k
    join core.consortium_holder h
      on k.model = 'consortium_size'
     and k.measure = ''
     and k.each_subject
     and h.part = k.variant
     and h.jurisdiction_code = k.jurisdiction_code
    join told t on t.part = h.part
    join core.filing g
      on g.source = t.source
     and g.filed_for = h.jurisdiction_code
     and h.valid_from <= g.data_date
    join core.period p
      on h.valid_from <= p.period_end
     and p.period_end < h.valid_to
    left join core.consortium_part m
      on m.part = h.part
     and m.holder_no = h.holder_no
     and m.valid_from <= p.period_end
     and p.period_end < m.valid_to
    group by k.kpi_id, k.at_least, k.at_most, h.holder_no, h.holder_name, p.period_end
)
select
    kpi_id,
    holder_no   as subject_id,
    holder_name as subject_name,
    period_end  as on_date,
    number,
    (at_least is null or at_least <= number) and (at_most is null or number <= at_most) as kept
from sized
