-- One row per enterprise and stretch of time registered in one region and existing.
-- Days are half open: valid_to is the first day it no longer holds.
--
-- What happens between two exports is known from the later one: an enterprise holds
-- from the export that first shows it, or from its founding if that lies after the
-- export before; it holds until the export that no longer shows it as existing here,
-- or until the day of cancellation that export gives.
--
-- Each stretch has one row that opens it and one that closes it: the nth of an
-- enterprise's openings belongs to its nth closing.
with opening as (
    select
        enterprise_id,
        region_code,
        case
            when prev_export is null then established_on
            when prev_date is null and established_on > prev_export then established_on
            else first_date
        end as holds_from,
        first_batch_id as batch_id,
        first_row_no   as row_no,
        row_number() over (partition by enterprise_id order by first_date) as nth
    from staging.enterprise_stretch
    where active
      and (prev_date is null or prev_date <> prev_export or not prev_active or prev_region <> region_code)
),
closing as (
    select
        enterprise_id,
        case
            when next_export is null then date '9999-12-31'
            when next_date = next_export and not next_active and next_status_on > last_date and next_status_on <= next_export then next_status_on
            else next_export
        end as holds_to,
        row_number() over (partition by enterprise_id order by last_date) as nth
    from staging.enterprise_stretch
    where active
      and (next_date is null or next_date <> next_export or not next_active or next_region <> region_code)
)
select
    o.enterprise_id,
    o.region_code,
    o.holds_from as valid_from,
    c.holds_to   as valid_to,
    o.batch_id,
    o.row_no
from opening o
join closing c on c.enterprise_id = o.enterprise_id and c.nth = o.nth
where o.holds_from < c.holds_to
