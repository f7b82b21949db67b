-- One row per name that an enterprise bears or is called by, with the key by which names are compared:
-- without brackets and case, 有限责任公司 as 有限公司. Width and blanks are gone since loading.
-- 股份有限公司 stays itself: a firm that was converted is found by its former name.
with name as (
    select enterprise_name as name from staging.enterprise_stretch
    union
    select name from staging.enterprise_naming
    union
    select buyer_name from lake.tech_contract
    union
    select named_as from lake.match_decision
)
select name, upper(replace(replace(replace(name, '（', ''), '）', ''), '有限责任公司', '有限公司')) as name_key
from name
where name is not null
