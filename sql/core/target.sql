-- What commitments ask for that a model's variant is counted under, itself or as a second figure beside: of several of a
-- jurisdiction the strictest. A model that counts what falls short of a target takes it from here.
select
    l.model,
    l.variant,
    c.jurisdiction_code,
    cast(max(c.at_least) as decimal(20, 2)) as at_least,
    cast(min(c.at_most) as decimal(20, 2))  as at_most
from core.commitment l
join core.commitment c on c.kpi_id = l.kpi_id and c.measure = ''
where l.model <> ''
  and (c.at_least is not null or c.at_most is not null)
group by l.model, l.variant, c.jurisdiction_code
