with waiting as (
    select
        named_as,
        min(name) as name,
        count(*) as rows,
        string_agg(distinct source, ', ' order by source) as sources
    from mart.unmatched
    group by named_as
)
select
    w.named_as,
    w.name,
    w.rows,
    w.sources,
    coalesce(c.enterprise_id, '') as enterprise_id,
    coalesce(e.enterprise_name, '') as enterprise_name
from waiting w
left join mart.match_candidate c on c.named_as = w.named_as
left join core.enterprise e on e.enterprise_id = c.enterprise_id
order by w.rows desc, w.named_as, c.enterprise_id
