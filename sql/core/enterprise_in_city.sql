-- One row per enterprise and stretch of time registered in one region and existing.
-- Days are half open: valid_to is the first day it no longer holds.
--
-- What happens between two exports is known from the later one: an enterprise holds
-- from the export that first shows it, or from its founding if that lies after the
-- export before; it holds until the export that no longer shows it as existing here,
-- or until the day of cancellation that export gives.
with marked as (
    select
        enterprise_id,
        region_code,
        established_on,
        data_date,
        prev_export,
        next_export,
        prev_date,
        next_date,
        next_active,
        next_status_on,
        batch_id,
        row_no,
        case
            when prev_date is null or prev_date <> prev_export or not prev_active or prev_region <> region_code then 1
            else 0
        end as opens
    from staging.enterprise_row
    where active
),
stretched as (
    select
        enterprise_id,
        region_code,
        data_date,
        batch_id,
        row_no,
        opens,
        sum(opens) over (partition by enterprise_id order by data_date) as stretch,
        case
            when prev_export is null then established_on
            when prev_date is null and established_on > prev_export then established_on
            else data_date
        end as holds_from,
        case
            when next_export is null then date '9999-12-31'
            when next_date = next_export and not next_active and next_status_on > data_date and next_status_on <= next_export then next_status_on
            else next_export
        end as holds_to
    from marked
),
bounds as (
    select
        enterprise_id,
        stretch,
        min(data_date) as first_date,
        max(data_date) as last_date
    from stretched
    group by enterprise_id, stretch
)
select
    f.enterprise_id,
    f.region_code,
    f.holds_from as valid_from,
    l.holds_to   as valid_to,
    f.batch_id,
    f.row_no
from bounds b
join stretched f on f.enterprise_id = b.enterprise_id and f.data_date = b.first_date
join stretched l on l.enterprise_id = b.enterprise_id and l.data_date = b.last_date
where f.holds_from < l.holds_to
