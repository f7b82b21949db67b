-- Rows that must name an enterprise and do not by its credit code: what told it, or that
-- the row waits. pending names several enterprises or contradicts itself, the words of
-- strange are no known enterprise's, left_out is by decision none of the jurisdiction's.
with suggested as (
    select distinct named_as from mart.match_candidate
)
select
    m.source,
    m.name,
    m.named_as,
    case
        when k.matched_by is not null then k.matched_by
        when u.named_as is null then 'left_out'
        when s.named_as is not null then 'pending'
        else 'strange'
    end as how,
    e.enterprise_id,
    e.enterprise_name,
    m.batch_id,
    m.sheet,
    m.row_no
from staging.enterprise_mention m
left join core.enterprise_match k on k.batch_id = m.batch_id and k.sheet = m.sheet and k.row_no = m.row_no
left join core.enterprise e on e.enterprise_id = k.enterprise_id
left join mart.unmatched u on u.batch_id = m.batch_id and u.sheet = m.sheet and u.row_no = m.row_no
left join suggested s on s.named_as = u.named_as
where m.waits
  and coalesce(k.matched_by, '') <> 'code'
