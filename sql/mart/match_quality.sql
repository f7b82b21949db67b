-- How each source's rows found their enterprises: one row per source, counts of rows.
-- Of the rows that wait, pending name several enterprises or contradict themselves; the
-- words of strange are no known enterprise's.
with mention as (
    select m.source, k.matched_by, d.decided_key, u.named_as
    from staging.enterprise_mention m
    left join core.enterprise_match k on k.batch_id = m.batch_id and k.sheet = m.sheet and k.row_no = m.row_no
    left join mart.unmatched u on u.batch_id = m.batch_id and u.sheet = m.sheet and u.row_no = m.row_no
    left join staging.match_decision d on d.decided_key = coalesce(m.code, m.name_key)
    where m.waits
),
suggested as (
    select distinct named_as from mart.match_candidate
)
select
    m.source,
    count(*)                                                                                   as rows,
    sum(case when m.matched_by = 'code' then 1 else 0 end)                                     as by_code,
    sum(case when m.matched_by = 'number' then 1 else 0 end)                                   as by_number,
    sum(case when m.matched_by = 'former_name' then 1 else 0 end)                              as by_former_name,
    sum(case when m.matched_by = 'name' then 1 else 0 end)                                     as by_name,
    sum(case when m.matched_by = 'decision' then 1 else 0 end)                                 as by_decision,
    sum(case when m.named_as is not null and s.named_as is not null then 1 else 0 end)         as pending,
    sum(case when m.named_as is not null and s.named_as is null then 1 else 0 end)             as strange,
    sum(case when m.matched_by is null and m.named_as is null then 1 else 0 end)               as left_out
from mention m
left join suggested s on s.named_as = m.named_as
group by m.source
