-- What every unit that owes a quarter's statistics had to hand in, by when, and when it did. A unit owes
-- from the quarter in which it is first listed to the one after it is last: a list that leaves out a unit
-- of the one before, or of those around it, frees nobody. Where it is left out, the row is the one that
-- listed it last, and it is due when the others are. A report is due so many days after its quarter as
-- the commitment gives, unless it says itself by when.
with report as (
    select
        r.unit_name, r.region_code, r.period_end, cast(r.submitted_on as date) as submitted_on,
        cast(coalesce(r.due_on, r.period_end + cast(t.number as integer) * interval '1' day) as date) as due_on, r.batch_id, r.row_no
    from lake.statistics_report r
    join core.batch b on b.batch_id = r.batch_id
    join core.term t on t.jurisdiction_code = b.jurisdiction_code and t.model = 'statistics_report' and t.term = 'days'
),
reported as (
    select period_end, min(due_on) as due_on, row_number() over (order by period_end) as place
    from report
    group by period_end
),
reporter as (
    select r.unit_name, min(q.place) as first_place, max(q.place) + 1 as last_place
    from report r
    join reported q on q.period_end = r.period_end
    group by r.unit_name
),
owed as (
    select u.unit_name, q.period_end, q.due_on, max(r.period_end) as listed_in
    from reporter u
    join reported q on u.first_place <= q.place and q.place <= u.last_place
    join report r on r.unit_name = u.unit_name and r.period_end <= q.period_end
    group by u.unit_name, q.period_end, q.due_on
)
select
    o.unit_name,
    r.region_code,
    cast(date_trunc('quarter', o.period_end) as date)                     as period_from,
    o.period_end,
    case when o.listed_in = o.period_end then r.due_on else o.due_on end  as due_on,
    case when o.listed_in = o.period_end then r.submitted_on end          as submitted_on,
    o.listed_in = o.period_end                                            as listed,
    r.batch_id,
    r.row_no
from owed o
join report r on r.unit_name = o.unit_name and r.period_end = o.listed_in
