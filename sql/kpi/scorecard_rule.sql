-- Consortia by what their latest evaluation says of them, from that day until the next year's
-- round opens or they are struck off; a consequence stands until they are.
with scored as (
    select
        s.consortium_no, c.consortium_name, s.region_code, s.year, s.evaluated_on, s.place, s.failing, s.capped, s.struck, s.in_doubt,
        case when c.stood_to < r.next_opened_on then c.stood_to else r.next_opened_on end as holds_to,
        c.stood_to, s.batch_id, s.row_no,
        row_number() over (partition by s.consortium_no, s.struck order by s.year) as turn
    from core.scorecard_score s
    join core.consortium c on c.consortium_no = s.consortium_no
    join core.scorecard_round r on r.jurisdiction_code = s.jurisdiction_code and r.year = s.year
),
counted as (
    select 'scored' as variant, consortium_no, consortium_name, region_code, evaluated_on, holds_to, batch_id, row_no
    from scored where place is not null
    union all
    select 'passed', consortium_no, consortium_name, region_code, evaluated_on, holds_to, batch_id, row_no
    from scored where place is not null and not failing
    union all
    select 'best', consortium_no, consortium_name, region_code, evaluated_on, holds_to, batch_id, row_no
    from scored where place = 1
    union all
    select 'failed', consortium_no, consortium_name, region_code, evaluated_on, holds_to, batch_id, row_no
    from scored where failing
    union all
    select 'capped', consortium_no, consortium_name, region_code, evaluated_on, holds_to, batch_id, row_no
    from scored where capped
    union all
    select 'review', consortium_no, consortium_name, region_code, evaluated_on, holds_to, batch_id, row_no
    from scored where in_doubt
    union all
    select 'consequence', consortium_no, consortium_name, region_code, evaluated_on, stood_to, batch_id, row_no
    from scored where struck and turn = 1
)
select
    variant,
    region_code,
    consortium_no             as entity_id,
    consortium_name           as entity_name,
    cast(1 as decimal(20, 2)) as weight,
    cast(null as date)        as event_date,
    evaluated_on              as valid_from,
    holds_to                  as valid_to,
    batch_id,
    row_no
from counted
where evaluated_on < holds_to
