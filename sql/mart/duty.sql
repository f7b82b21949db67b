-- What each subject had to do in each period, and whether it did: of commitments that every
-- one of several must keep. A period counts once its day has come (due_on); one that lies before the
-- first filing of the source only where its rows list who had to (listed), or are of then.
--   statistics_report: every unit that owes a quarter's statistics, handed in by its day
--                      (core.statistics_duty).
--   consortium_event:  every consortium that stood from before the year to its end.
--   activity:          every unit that has held one under the commitment (the document names none),
--                      from the quarter in which it first did.
--   cooperation_activity: every prefecture, a matching event in each half year.
with statistics as (
    select
        c.kpi_id, d.unit_name as subject_id, d.unit_name as subject_name, d.period_end, d.due_on, d.submitted_on as done_on
    from core.statistics_duty d
    join core.commitment c on c.model = 'statistics_report' and c.measure = '' and c.each_subject
),
half as (
    select period_end, extract(year from period_end) as year, extract(month from period_end) <= 6 as first_half
    from core.period
    where extract(month from period_end) in (6, 12)
      and extract(day from period_end + interval '1' day) = 1
),
prefecture as (
    select
        c.kpi_id, r.region_code as subject_id, g.name as subject_name, h.period_end, h.period_end as due_on, min(a.held_on) as done_on
    from core.commitment c
    join core.reporting_region r
      on c.model = 'cooperation_activity'
     and c.measure = ''
     and c.each_subject
     and r.jurisdiction_code = c.jurisdiction_code
     and r.region_code <> c.jurisdiction_code
    join core.region g on g.region_code = r.region_code
    cross join half h
    left join lake.cooperation_activity a
      on a.kind = 'matching'
     and a.region_code = r.region_code
     and extract(year from a.held_on) = h.year
     and (extract(month from a.held_on) <= 6) = h.first_half
    group by c.kpi_id, r.region_code, g.name, h.period_end
),
calendar as (
    select distinct
        cast(extract(year from period_end) as integer) as year,
        cast(cast(extract(year from period_end) as varchar) || '-12-31' as date) as year_end
    from core.period
),
yearly as (
    select
        k.kpi_id, c.consortium_no as subject_id, c.consortium_name as subject_name,
        y.year_end as period_end, y.year, k.variant
    from core.consortium c
    join core.commitment k
      on k.model = 'consortium_event'
     and k.measure = ''
     and k.each_subject
    join calendar y
      on extract(year from c.recognised_on) < y.year
     and y.year_end < c.stood_to
),
happened as (
    select
        case kind when 'yearly_report' then 'report' when 'information_report' then 'report' else kind end as variant,
        consortium_no, on_date
    from core.consortium_evidence
    where kind in ('yearly_report', 'information_report', 'target_agreement')
    union all
    select 'review', consortium_no, evaluated_on
    from lake.consortium_review
    where item = '总评'
),
consortia as (
    select
        y.kpi_id, y.subject_id, y.subject_name, y.period_end, y.period_end as due_on, min(h.on_date) as done_on
    from yearly y
    left join happened h
      on h.variant = y.variant
     and h.consortium_no = y.subject_id
     and extract(year from h.on_date) = y.year
    group by y.kpi_id, y.subject_id, y.subject_name, y.period_end
),
held as (
    select c.kpi_id, a.host, a.held_on
    from lake.policy_activity a
    join core.commitment c on c.kpi_id = a.commitment_id and c.measure = '' and c.each_subject
    where a.host is not null
),
host as (
    select kpi_id, host, min(held_on) as first_on
    from held
    group by kpi_id, host
),
hosted as (
    select
        h.kpi_id, h.host as subject_id, h.host as subject_name, p.period_end, p.period_end as due_on, min(a.held_on) as done_on
    from host h
    join core.period p
      on p.period_end >= h.first_on
     and extract(month from p.period_end) in (3, 6, 9, 12)
     and extract(day from p.period_end + interval '1' day) = 1
    left join held a
      on a.kpi_id = h.kpi_id
     and a.host = h.host
     and a.held_on > p.before_quarter
     and a.held_on <= p.period_end
    group by h.kpi_id, h.host, p.period_end
)
select kpi_id, subject_id, subject_name, period_end, due_on, done_on, true as listed from statistics
union all
select kpi_id, subject_id, subject_name, period_end, due_on, done_on, false from prefecture
union all
select kpi_id, subject_id, subject_name, period_end, due_on, done_on, false from consortia
union all
select kpi_id, subject_id, subject_name, period_end, due_on, done_on, false from hosted
