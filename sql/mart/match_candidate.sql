-- Enterprises that a waiting text may mean: those that bear the very name or number.
-- Names that are only like it are looked for when somebody asks for the queue.
with waiting as (
    select distinct named_as, name_key
    from mart.unmatched
),
borne as (
    select w.named_as, k.enterprise_id, k.how
    from waiting w
    join core.enterprise_key k on k.enterprise_key = w.name_key
    union all
    select w.named_as, k.enterprise_id, k.how
    from waiting w
    join core.enterprise_key k on k.enterprise_key = w.named_as
)
select
    named_as,
    enterprise_id,
    min(how) as how
from borne
group by named_as, enterprise_id
