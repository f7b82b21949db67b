select
    source,
    count(*) as rows
from mart.unmatched
group by source
