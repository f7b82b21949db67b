-- What the evidence of an evaluated year adds up to under each condition of an item, and whether
-- the condition holds. Nothing to add up is not 0: it does not hold.
with wanted as (
    select distinct
        r.consortium_no, r.year, k.kpi_id, k.condition_no, k.name as condition_name, k.wants, k.counts,
        cast(k.at_least as decimal(20, 2)) as at_least,
        cast(k.above as decimal(20, 2))    as above,
        cast(k.at_most as decimal(20, 2))  as at_most
    from lake.consortium_review r
    join core.consortium c on c.consortium_no = r.consortium_no
    join core.scorecard_item i on i.jurisdiction_code = c.jurisdiction_code
    join core.scorecard_condition k on k.kpi_id = i.kpi_id
    where r.item = '总评'
),
counted as (
    select
        kpi_id, condition_no, consortium_no, year,
        count(*)                                 as pieces,
        count(distinct subject)                  as subjects,
        count(distinct extract(quarter from on_date)) as quarters,
        sum(quantity)                            as quantity,
        sum(amount)                              as amount
    from core.scorecard_evidence
    where counted
    group by kpi_id, condition_no, consortium_no, year
),
valued as (
    select
        w.consortium_no, w.year, w.kpi_id, w.condition_no, w.condition_name, w.wants, w.at_least, w.above, w.at_most,
        cast(case w.counts
            when 'rows' then c.pieces
            when 'subjects' then c.subjects
            when 'quarters' then c.quarters
            when 'quantity' then c.quantity
            else c.amount
        end as decimal(20, 2)) as value
    from wanted w
    left join counted c
      on c.kpi_id = w.kpi_id
     and c.condition_no = w.condition_no
     and c.consortium_no = w.consortium_no
     and c.year = w.year
)
select
    consortium_no, year, kpi_id, condition_no, condition_name, wants, value,
    value is not null
        and (at_least is null or value >= at_least)
        and (above is null or value > above)
        and (at_most is null or value <= at_most) as holds
from valued
