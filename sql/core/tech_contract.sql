-- Technology contracts with where they come from and where they go. A seller that is a university of
-- the jurisdiction by its full name is named. The buyer's place is its region code, else its entry in
-- the registry; the jurisdiction's own code stands for a buyer in no known district, and an empty code
-- for one elsewhere or without a place.
select
    c.contract_no,
    c.seller_name,
    c.kind,
    c.signed_on,
    c.registered_on,
    coalesce(c.field, '')              as field,
    coalesce(s.school_code, '')        as school_code,
    case
        when p.region_code is not null then g.reporting_code
        when c.buyer_region is null and k.enterprise_id is not null then h.reporting_code
        else ''
    end                                as buyer_code,
    k.enterprise_id                    as buyer_id,
    y.reporting_code                   as region_code,
    c.amount,
    c.tech_amount,
    c.batch_id,
    c.row_no
from staging.tech_contract c
join core.region y on y.region_code = c.region_code
join core.batch b on b.batch_id = c.batch_id
left join core.school s on s.name = c.seller_name and s.kind = 'university' and s.in_city
left join core.region_path p on p.region_code = c.buyer_region and p.ancestor_code = b.jurisdiction_code
left join core.region g on g.region_code = c.buyer_region
left join staging.name_key n on n.name = c.buyer_name
left join core.enterprise_key k on k.enterprise_key = coalesce(c.buyer_code, n.name_key) and k.fits = 1
left join core.enterprise e on e.enterprise_id = k.enterprise_id
left join core.region h on h.region_code = e.region_code
