-- Rows that give the revenue of the whole city beside those of its districts, and another sum than theirs.
with report as (
    select
        r.region_code, b.jurisdiction_code, r.period_end, r.revenue, b.file, r.row_no,
        row_number() over (partition by r.region_code, r.period_end order by b.seq desc, r.row_no desc) as known_last
    from lake.software_revenue r
    join core.batch b on b.batch_id = r.batch_id
),
summed as (
    select
        region_code, jurisdiction_code, period_end, revenue, file, row_no,
        sum(case when region_code <> jurisdiction_code then revenue end) over (partition by jurisdiction_code, period_end) as of_districts
    from report
    where known_last = 1
)
select file, row_no, period_end, revenue as of_the_whole, of_districts
from summed
where region_code = jurisdiction_code
  and revenue <> of_districts
