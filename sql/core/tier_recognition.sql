-- One row per recognition the announcements name, with the enterprise it resolves to
-- (null: unknown or ambiguous, it waits for a decision and counts nowhere).
-- A recognition holds as long as the list says, else the years of its tier.
select
    k.enterprise_id,
    coalesce(r.enterprise_code, r.enterprise_name) as named_as,
    r.enterprise_name,
    r.tier,
    r.recognised_on as valid_from,
    cast(coalesce(r.valid_to + interval '1' day, r.recognised_on + t.years * interval '1' year) as date) as valid_to,
    r.batch_id,
    r.row_no
from lake.sme_tier_recognition r
join core.tier t on t.tier = r.tier
left join core.enterprise_match k on k.batch_id = r.batch_id and k.sheet = r.sheet and k.row_no = r.row_no
