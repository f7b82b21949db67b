-- Ranking of the city's universities by what they turned over: one row per university and year.
-- Contracts are those registered in the year whose seller is the university by its full name;
-- local is what went to buyers inside the city. Firms are those founded in the year on the
-- university's results. The rank is by contract amount, then technical amount, within the year.
with sold as (
    select
        extract(year from c.registered_on) as year,
        c.school_code,
        c.amount,
        c.tech_amount,
        case when c.buyer_code <> '' then c.amount else 0 end as local_amount
    from core.tech_contract c
    where c.school_code <> ''
),
turnover as (
    select year, school_code, count(*) as contracts, sum(amount) as amount, sum(tech_amount) as tech_amount, sum(local_amount) as local_amount
    from sold
    group by year, school_code
),
founded as (
    select extract(year from f.founded_on) as year, f.school_code, count(*) as firms
    from mart.university_firm f
    group by extract(year from f.founded_on), f.school_code
),
present as (
    select year, school_code from turnover
    union
    select year, school_code from founded
),
counted as (
    select
        n.year,
        n.school_code,
        coalesce(t.contracts, 0)                           as contracts,
        cast(coalesce(t.amount, 0) as decimal(20, 2))       as amount,
        cast(coalesce(t.tech_amount, 0) as decimal(20, 2))  as tech_amount,
        cast(coalesce(t.local_amount, 0) as decimal(20, 2)) as local_amount,
        coalesce(f.firms, 0)                               as firms
    from present n
    left join turnover t on t.year = n.year and t.school_code = n.school_code
    left join founded f on f.year = n.year and f.school_code = n.school_code
)
select
    c.year,
    rank() over (partition by c.year order by c.amount desc, c.tech_amount desc) as place,
    c.school_code,
    s.name                                                                      as university_name,
    c.contracts,
    c.amount,
    c.tech_amount,
    c.local_amount,
    -- What is divided is a multiple of what it is divided by: see mart.value.
    case
        when c.amount > 0
            then cast(
                round((c.local_amount * 20000 + c.amount - mod(c.local_amount * 20000 + c.amount, c.amount * 2)) / (c.amount * 2)) * 0.01
                as decimal(20, 2)
            )
    end                                                                         as local_share,
    c.firms
from counted c
join core.school s on s.school_code = c.school_code
