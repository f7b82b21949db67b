-- The days on which what a commitment's facts add up to came to its target (reached), or fell below
-- it: of levels, of what only grows, and of shares whose two sides are such, in the jurisdiction as a
-- whole. mart.value tells the dates that are computed; this tells the day.
with line as (
    select
        c.kpi_id, c.jurisdiction_code, c.at_least, l.measure,
        count(*) over (partition by c.kpi_id) as sides, c.kind = 'ratio' as share
    from core.commitment c
    join core.commitment l
      on l.kpi_id = c.kpi_id
     and l.kind in ('stock', 'cumulative', 'milestone')
     and (l.measure = '' or c.kind = 'ratio' and l.measure in ('of', 'to'))
    where c.measure = ''
      and c.kind in ('stock', 'cumulative', 'milestone', 'ratio')
      and c.at_least is not null
),
counted as (
    select l.kpi_id, l.at_least, l.share, l.measure = 'to' as below, coalesce(f.event_date, f.valid_from) as begins, f.valid_to, f.weight
    from line l
    join mart.fact f on f.kpi_id = l.kpi_id and f.measure = l.measure
    join core.region_path p on p.region_code = f.region_code and p.ancestor_code = l.jurisdiction_code
    where l.sides = case when l.share then 2 else 1 end
),
step as (
    select kpi_id, at_least, share, below, begins as on_date, weight
    from counted
    union all
    select kpi_id, at_least, share, below, valid_to, -weight
    from counted
    where valid_to is not null
),
daily as (
    select
        kpi_id, at_least, share, on_date,
        sum(case when below then 0 else weight end) as change,
        sum(case when below then weight else 0 end) as change_below
    from step
    group by kpi_id, at_least, share, on_date
),
level as (
    select
        kpi_id, at_least, share, on_date,
        sum(change) over (partition by kpi_id order by on_date rows unbounded preceding)       as value,
        sum(change_below) over (partition by kpi_id order by on_date rows unbounded preceding) as value_below
    from daily
),
judged as (
    select
        kpi_id, on_date,
        case when share then value_below > 0 and value * 100 >= at_least * value_below else value >= at_least end as reached
    from level
),
turn as (
    select kpi_id, on_date, reached, lag(reached) over (partition by kpi_id order by on_date) as before
    from judged
)
select kpi_id, on_date, reached
from turn
where reached <> coalesce(before, false)
