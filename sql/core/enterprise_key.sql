-- One row per text that names exactly one enterprise: its credit code, its older
-- registration number, its present and former names. A text that fits several
-- enterprises is left out: whoever used it waits for a decision.
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
    enterprise_key,
    min(enterprise_id) as enterprise_id
from keyed
group by enterprise_key
having min(enterprise_id) = max(enterprise_id)
