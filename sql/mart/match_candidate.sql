-- Enterprises that a waiting text may mean: those that bear the very name or number,
-- and those whose name differs only in brackets, the city's name or the form of company.
with city as (
    select distinct r.name, r.short
    from core.batch b
    join core.region r on r.region_code = b.jurisdiction_code
    where b.source = 'enterprise_registry'
),
waiting as (
    select distinct named_as, name from mart.unmatched
),
known as (
    select distinct enterprise_id, registration_no, enterprise_name from staging.enterprise_row
),
written as (
    select name from waiting
    union
    select enterprise_name from known
),
shortened as (
    select
        w.name,
        replace(replace(replace(replace(replace(replace(replace(replace(
            w.name, '（', ''), '）', ''), c.name, ''), c.short, ''),
            '有限责任公司', ''), '股份有限公司', ''), '有限公司', ''), '集团', '') as short
    from written w
    cross join city c
),
found as (
    select w.named_as, k.enterprise_id, 1 as same_words
    from waiting w
    join known k on k.enterprise_name = w.name or k.registration_no = w.named_as
    union all
    select w.named_as, k.enterprise_id, 0
    from waiting w
    join shortened s on s.name = w.name
    join shortened t on t.short = s.short
    join known k on k.enterprise_name = t.name
    where length(s.short) >= 3
)
select
    named_as,
    enterprise_id,
    max(same_words) = 1 as same_words
from found
group by named_as, enterprise_id
