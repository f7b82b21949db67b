select
    batch_id,
    source,
    bureau,
    file,
    data_date,
    cast(loaded_at as varchar) as loaded_at,
    cast(loaded_at as date) as loaded_on,
    same_as,
    answers,
    read,
    loaded,
    rejected,
    dropped
from core.batch
order by seq
