select distinct
    c.document,
    b.source,
    cast(date_trunc('quarter', coalesce(f.event_date, f.valid_from)) + interval '3' month - interval '1' day as date) as quarter_end
from mart.fact f
join core.commitment c on c.kpi_id = f.kpi_id and c.measure = f.measure
join core.batch b on b.batch_id = f.batch_id
order by c.document, b.source, quarter_end
