-- A year's evaluation of a consortium: base, bonus, the raw score, the score up to the cap, the
-- grade, the subsidy and what follows. A consortium that stood all year and was not evaluated
-- while others were has a row too, without a score.
with round as (
    select jurisdiction_code, year, max(evaluated_on) as closed_on
    from core.scorecard_point
    group by jurisdiction_code, year
),
summed as (
    select
        jurisdiction_code, region_code, consortium_no, year, evaluated_on, batch_id, row_no,
        sum(case when bonus then cast(0 as decimal(20, 2)) else points end) as base,
        sum(case when bonus then points else cast(0 as decimal(20, 2)) end) as bonus
    from core.scorecard_point
    group by jurisdiction_code, region_code, consortium_no, year, evaluated_on, batch_id, row_no
),
scored as (
    select
        s.jurisdiction_code, s.region_code, s.consortium_no, s.year, s.evaluated_on, s.batch_id, s.row_no, s.base, s.bonus,
        s.base + s.bonus as raw,
        cast(case when s.base + s.bonus > k.cap then k.cap else s.base + s.bonus end as decimal(20, 2)) as score,
        cast(k.cap as decimal(20, 2)) as cap, cast(k.subsidy as decimal(20, 2)) as subsidy, k.failed_years, k.consequence, k.review
    from summed s
    join core.scorecard k on k.jurisdiction_code = s.jurisdiction_code
),
fitting as (
    select
        s.jurisdiction_code, s.region_code, s.consortium_no, s.year, s.evaluated_on, s.batch_id, s.row_no,
        s.base, s.bonus, s.raw, s.score, s.cap, s.failed_years, s.consequence, s.review,
        g.grade, g.place, g.failing,
        case g.pays
            when 'full' then s.subsidy
            -- In hundreds; what is divided is a multiple of what it is divided by: see mart.value.
            when 'by_score'
                then cast(
                    round((s.subsidy * s.score * 2 + s.cap * 100 - mod(s.subsidy * s.score * 2 + s.cap * 100, s.cap * 200)) / (s.cap * 200)) * 100
                    as decimal(20, 2)
                )
            else cast(0 as decimal(20, 2))
        end as subsidy,
        row_number() over (partition by s.consortium_no, s.year order by g.at_least desc) as fit
    from scored s
    join core.scorecard_grade g
      on g.jurisdiction_code = s.jurisdiction_code
     and g.at_least <= s.score
),
graded as (
    select
        jurisdiction_code, region_code, consortium_no, year, evaluated_on, batch_id, row_no,
        base, bonus, raw, score, cap, failed_years, consequence, review, grade, place, failing, subsidy,
        year - row_number() over (partition by consortium_no, failing order by year) as stretch,
        lag(year) over (partition by consortium_no order by year)    as year_before,
        lag(failing) over (partition by consortium_no order by year) as failed_before
    from fitting
    where fit = 1
),
followed as (
    select
        jurisdiction_code, region_code, consortium_no, year, evaluated_on, batch_id, row_no,
        base, bonus, raw, score, cap, consequence, review, grade, place, failing, subsidy, year_before, failed_before,
        failing and row_number() over (partition by consortium_no, failing, stretch order by year) >= failed_years as struck
    from graded
),
missing as (
    select c.jurisdiction_code, c.region_code, c.consortium_no, r.year, r.closed_on, k.review, c.batch_id, c.row_no
    from core.consortium c
    join round r
      on r.jurisdiction_code = c.jurisdiction_code
     and c.recognised_on < cast(cast(r.year as varchar) || '-01-01' as date)
     and c.stood_to > cast(cast(r.year as varchar) || '-12-31' as date)
    join core.scorecard k on k.jurisdiction_code = c.jurisdiction_code
    left join summed s on s.consortium_no = c.consortium_no and s.year = r.year
    where s.consortium_no is null
)
select
    jurisdiction_code, region_code, consortium_no, year, evaluated_on, base, bonus, raw, score, grade, place, failing,
    raw > cap                       as capped,
    cast(subsidy as decimal(20, 2)) as subsidy,
    case
        when struck then consequence
        when failing and failed_before and year_before < year - 1 then review
        else ''
    end                             as consequence,
    struck,
    failing and not struck and coalesce(failed_before and year_before < year - 1, false) as in_doubt,
    batch_id,
    row_no
from followed
union all
select
    jurisdiction_code, region_code, consortium_no, year, closed_on, null, null, null, null, '未评价', null, false,
    false, 0, review, false, true, batch_id, row_no
from missing
