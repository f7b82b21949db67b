-- Where technology contracts go: one row per year of registration, seller and buyer's place. A seller that
-- is a university of the jurisdiction by its full name is named; all others are one. The buyer's place is
-- its region code, else its entry in the registry; the jurisdiction's own code stands for a buyer in no
-- known district, and an empty code for one elsewhere or without a place.
with sold as (
    select
        extract(year from c.registered_on) as year,
        coalesce(s.school_code, '')        as school_code,
        case
            when p.region_code is not null then g.reporting_code
            when c.buyer_region is null and k.enterprise_id is not null then h.reporting_code
            else ''
        end                                as buyer_code,
        c.amount,
        c.tech_amount
    from staging.tech_contract c
    join core.batch b on b.batch_id = c.batch_id
    left join core.school s on s.name = c.seller_name and s.kind = 'university' and s.in_city
    left join core.region_path p on p.region_code = c.buyer_region and p.ancestor_code = b.jurisdiction_code
    left join core.region g on g.region_code = c.buyer_region
    left join core.enterprise_key k
      on k.enterprise_key = coalesce(c.buyer_code, upper(replace(replace(replace(c.buyer_name, '（', ''), '）', ''), '有限责任公司', '有限公司')))
     and k.fits = 1
    left join core.enterprise e on e.enterprise_id = k.enterprise_id
    left join core.region h on h.region_code = e.region_code
)
select
    year,
    school_code,
    buyer_code,
    count(*)                                  as contracts,
    cast(coalesce(sum(amount), 0) as decimal(20, 2))       as amount,
    cast(coalesce(sum(tech_amount), 0) as decimal(20, 2))  as tech_amount
from sold
group by year, school_code, buyer_code
