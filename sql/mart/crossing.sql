-- The days on which what a commitment's facts add up to came to its target (reached), or fell below
-- it: of levels and of what only grows, in the jurisdiction as a whole. mart.value tells the dates
-- that are computed; this tells the day.
with counted as (
    select c.kpi_id, c.at_least, coalesce(f.event_date, f.valid_from) as begins, f.valid_to, f.weight
    from core.commitment c
    join mart.fact f on f.kpi_id = c.kpi_id and f.measure = c.measure
    join core.region_path p on p.region_code = f.region_code and p.ancestor_code = c.jurisdiction_code
    where c.measure = ''
      and c.kind in ('stock', 'cumulative', 'milestone')
      and c.at_least is not null
),
step as (
    select kpi_id, at_least, begins as on_date, weight
    from counted
    union all
    select kpi_id, at_least, valid_to, -weight
    from counted
    where valid_to is not null
),
daily as (
    select kpi_id, at_least, on_date, sum(weight) as change
    from step
    group by kpi_id, at_least, on_date
),
level as (
    select
        kpi_id, on_date,
        sum(change) over (partition by kpi_id order by on_date rows unbounded preceding) >= at_least as reached
    from daily
),
turn as (
    select kpi_id, on_date, reached, lag(reached) over (partition by kpi_id order by on_date) as before
    from level
)
select kpi_id, on_date, reached
from turn
where reached <> coalesce(before, false)
