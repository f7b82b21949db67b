-- One row per enterprise and period in which its highest tier changed:
-- entered (none before), promoted, lowered, lapsed (none now, though it stands here),
-- left (none now, and it no longer stands here).
-- crosses_rule marks a comparison between two sets of recognition rules.
with span as (
    select period_end, lag(period_end) over (order by period_end) as prev_end
    from core.period
),
ranked as (
    select
        p.period_end,
        i.enterprise_id as entity_id,
        e.enterprise_name as entity_name,
        i.region_code,
        i.batch_id,
        i.row_no,
        t.tier_rank,
        row_number() over (partition by p.period_end, i.enterprise_id order by t.tier_rank desc) as place
    from core.period p
    join core.tier_interval i
      on i.valid_from <= p.period_end
     and p.period_end < i.valid_to
    join core.tier t on t.tier = i.tier and t.tier_rank is not null
    join core.enterprise e on e.enterprise_id = i.enterprise_id
),
held as (
    select period_end, entity_id, entity_name, region_code, batch_id, row_no, tier_rank
    from ranked
    where place = 1
),
risen as (
    select
        s.period_end, n.entity_id, n.entity_name, n.region_code, b.tier_rank as from_rank, n.tier_rank as to_rank, n.batch_id, n.row_no
    from span s
    join held n on n.period_end = s.period_end
    left join held b on b.period_end = s.prev_end and b.entity_id = n.entity_id
    where s.prev_end is not null
      and (b.tier_rank is null or b.tier_rank <> n.tier_rank)
),
gone as (
    select
        s.period_end, b.entity_id, b.entity_name, b.region_code, b.tier_rank as from_rank, cast(null as integer) as to_rank, b.batch_id, b.row_no
    from span s
    join held b on b.period_end = s.prev_end
    left join held n on n.period_end = s.period_end and n.entity_id = b.entity_id
    where n.entity_id is null
),
moved as (
    select period_end, entity_id, entity_name, region_code, from_rank, to_rank, batch_id, row_no from risen
    union all
    select period_end, entity_id, entity_name, region_code, from_rank, to_rank, batch_id, row_no from gone
)
select
    m.period_end as as_of,
    m.entity_id  as enterprise_id,
    m.entity_name as enterprise_name,
    m.region_code,
    f.tier       as from_tier,
    t.tier       as to_tier,
    case
        when m.from_rank is null then 'entered'
        when m.to_rank > m.from_rank then 'promoted'
        when m.to_rank < m.from_rank then 'lowered'
        when c.enterprise_id is null then 'left'
        else 'lapsed'
    end          as movement,
    now_rule.rule,
    now_rule.rule <> before_rule.rule as crosses_rule,
    m.batch_id,
    m.row_no
from moved m
join span s on s.period_end = m.period_end
join core.recognition_rule now_rule on now_rule.valid_from <= m.period_end and m.period_end < now_rule.valid_to
join core.recognition_rule before_rule on before_rule.valid_from <= s.prev_end and s.prev_end < before_rule.valid_to
left join core.tier f on f.tier_rank = m.from_rank
left join core.tier t on t.tier_rank = m.to_rank
left join core.enterprise_in_city c
  on c.enterprise_id = m.entity_id
 and c.valid_from <= m.period_end
 and m.period_end < c.valid_to
