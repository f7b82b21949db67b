-- Firms recognised as high-tech for the first time since the commitments count; being recognised anew does
-- not count. first: all of them. cooperating: from the day they are also in a ledger of cooperation
-- with a university, under their code or, where the ledger gives none, their name.
with certified as (
    select
        certificate_no, enterprise_code, enterprise_name, issued_on, region_code, batch_id, row_no,
        row_number() over (partition by enterprise_code order by issued_on, certificate_no) as place
    from lake.high_tech_certificate
),
newcomer as (
    select
        c.certificate_no, c.enterprise_code, c.enterprise_name, c.issued_on, c.region_code, c.batch_id, c.row_no
    from certified c
    join core.counted_from o on o.model = 'high_tech_enterprise' and o.starts_on <= c.issued_on
    where c.place = 1
),
named as (
    select certificate_no, enterprise_code as named_as from newcomer
    union all
    select certificate_no, enterprise_name from newcomer
),
cooperation as (
    select coalesce(enterprise_code, enterprise_name) as named_as, industrialised_on as on_date
    from lake.industrialisation_project
    union all
    select coalesce(enterprise_code, enterprise_name), signed_on
    from lake.technology_cooperation
),
cooperated as (
    select n.certificate_no, min(c.on_date) as first_on
    from named n
    join cooperation c on c.named_as = n.named_as
    group by n.certificate_no
),
counted as (
    select 'first' as variant, enterprise_code, enterprise_name, region_code, 1 as weight, issued_on as on_date, batch_id, row_no
    from newcomer
    union all
    select
        'cooperating', n.enterprise_code, n.enterprise_name, n.region_code, 1,
        case when c.first_on > n.issued_on then c.first_on else n.issued_on end, n.batch_id, n.row_no
    from newcomer n
    join cooperated c on c.certificate_no = n.certificate_no
)
select
    variant,
    region_code,
    enterprise_code                as entity_id,
    enterprise_name                as entity_name,
    cast(weight as decimal(20, 2)) as weight,
    on_date                        as event_date,
    cast(null as date)             as valid_from,
    cast(null as date)             as valid_to,
    batch_id,
    row_no
from counted
