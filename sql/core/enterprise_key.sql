-- One row per text that names exactly one enterprise: its credit code, its older
-- registration number, its present and former names. A text that fits several
-- enterprises is left out: whoever used it waits for a decision, and a decision
-- comes before everything else.
with named as (
    select distinct enterprise_id, registration_no, enterprise_name
    from staging.enterprise_row
),
keyed as (
    select enterprise_id as enterprise_key, enterprise_id from named
    union all
    select registration_no, enterprise_id from named where registration_no is not null
    union all
    select enterprise_name, enterprise_id from named
)
select
    k.enterprise_key,
    min(k.enterprise_id) as enterprise_id
from keyed k
left join staging.match_decision d on d.named_as = k.enterprise_key
where d.named_as is null
group by k.enterprise_key
having min(k.enterprise_id) = max(k.enterprise_id)
union all
select d.named_as, d.enterprise_id
from staging.match_decision d
where d.enterprise_id in (select enterprise_id from named)
