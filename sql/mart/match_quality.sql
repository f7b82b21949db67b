-- How each source's rows found their enterprises: one row per source, counts of rows.
with mention as (
    select m.source, count(*) as rows, sum(case when k.matched_by = 'code' then 1 else 0 end) as by_code
    from staging.enterprise_mention m
    left join core.enterprise_match k on k.batch_id = m.batch_id and k.sheet = m.sheet and k.row_no = m.row_no
    where m.waits
    group by m.source
),
other as (
    select
        source,
        sum(case when how = 'number' then 1 else 0 end)      as by_number,
        sum(case when how = 'former_name' then 1 else 0 end) as by_former_name,
        sum(case when how = 'name' then 1 else 0 end)        as by_name,
        sum(case when how = 'decision' then 1 else 0 end)    as by_decision,
        sum(case when how = 'pending' then 1 else 0 end)     as pending,
        sum(case when how = 'strange' then 1 else 0 end)     as strange,
        sum(case when how = 'left_out' then 1 else 0 end)    as left_out
    from mart.match_row
    group by source
)
select
    m.source,
    m.rows,
    m.by_code,
    coalesce(o.by_number, 0)      as by_number,
    coalesce(o.by_former_name, 0) as by_former_name,
    coalesce(o.by_name, 0)        as by_name,
    coalesce(o.by_decision, 0)    as by_decision,
    coalesce(o.pending, 0)        as pending,
    coalesce(o.strange, 0)        as strange,
    coalesce(o.left_out, 0)       as left_out
from mention m
left join other o on o.source = m.source
