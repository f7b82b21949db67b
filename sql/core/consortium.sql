-- Consortia as last recorded: they stand from the day they were recognised until they are struck off.
select
    c.consortium_no,
    c.consortium_name,
    c.region_code,
    b.jurisdiction_code,
    c.company_name,
    c.company_founded_on,
    coalesce(c.company_closed_on, date '9999-12-31') as company_closed_on,
    c.recognised_on,
    coalesce(c.revoked_on, date '9999-12-31')        as stood_to,
    c.batch_id,
    c.row_no
from lake.consortium c
join core.batch b on b.batch_id = c.batch_id
