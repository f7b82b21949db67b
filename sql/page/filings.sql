select
    d.source,
    d.filed_for,
    d.data_date,
    f.batches,
    f.pulled
from core.filed d
join core.filing f on f.source = d.source and f.filed_for = d.filed_for
