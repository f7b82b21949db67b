select
    ancestor_code,
    region_code
from core.region_path
