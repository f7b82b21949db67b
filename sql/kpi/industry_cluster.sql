-- Innovative industry clusters as last reported: the clusters, their firms, and their revenue of
-- the year so far, in 元. A report holds until the next one.
with report as (
    select
        cluster_name, region_code, enterprises, revenue, period_end, batch_id, row_no,
        lead(period_end) over (partition by cluster_name order by period_end) as next_on
    from lake.industry_cluster
),
counted as (
    select 'cluster' as variant, cluster_name, region_code, 1 as weight, period_end, next_on, batch_id, row_no from report
    union all
    select 'enterprise', cluster_name, region_code, enterprises, period_end, next_on, batch_id, row_no from report
    union all
    select 'revenue', cluster_name, region_code, revenue, period_end, next_on, batch_id, row_no from report
)
select
    variant,
    region_code,
    cluster_name                          as entity_id,
    cluster_name                          as entity_name,
    cast(weight as decimal(20, 2))        as weight,
    cast(null as date)                    as event_date,
    period_end                            as valid_from,
    coalesce(next_on, date '9999-12-31') as valid_to,
    batch_id,
    row_no
from counted
