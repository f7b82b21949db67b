-- Milestones: the stage a commitment has reached, from the day it was reached until the next
-- one. The weight is the stage: 0 未启动, 1 推进中, 2 完成. The variant is the commitment's id.
with stage as (
    select
        c.kpi_id,
        c.jurisdiction_code,
        p.evidence,
        case p.stage when 'not_started' then 0 when 'under_way' then 1 else 2 end as reached,
        p.reached_on,
        lead(p.reached_on) over (
            partition by p.commitment_id order by p.reached_on, p.batch_id, p.row_no
        ) as next_on,
        p.batch_id,
        p.row_no
    from lake.policy_progress p
    join core.commitment c on c.kpi_id = p.commitment_id and c.measure = ''
)
select
    kpi_id                          as variant,
    jurisdiction_code               as region_code,
    kpi_id                          as entity_id,
    evidence                        as entity_name,
    cast(reached as decimal(20, 2)) as weight,
    cast(null as date)              as event_date,
    reached_on                      as valid_from,
    coalesce(next_on, date '9999-12-31') as valid_to,
    batch_id,
    row_no
from stage
where next_on is null or reached_on < next_on
