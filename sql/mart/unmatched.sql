-- Rows that name an enterprise the registry does not know, or knows several times:
-- they are kept, counted nowhere, and wait for a decision.
with naming as (
    select 'sme_tier_recognition' as source, coalesce(enterprise_code, enterprise_name) as named_as, enterprise_name as name, batch_id, row_no
    from lake.sme_tier_recognition
    union all
    select 'skilled_worker_placement', coalesce(employer_code, employer_name), employer_name, batch_id, row_no
    from lake.skilled_worker_placement
    union all
    select 'technical_deputy', coalesce(enterprise_code, enterprise_name), enterprise_name, batch_id, row_no
    from lake.technical_deputy
    union all
    select 'doctoral_service', coalesce(enterprise_code, enterprise_name), enterprise_name, batch_id, row_no
    from lake.doctoral_service
    union all
    select 'industry_professor', coalesce(enterprise_code, enterprise_name), enterprise_name, batch_id, row_no
    from lake.industry_professor
    union all
    select 'school_enterprise_agreement', coalesce(enterprise_code, enterprise_name), enterprise_name, batch_id, row_no
    from lake.school_enterprise_agreement
    union all
    select 'rd_institution', coalesce(enterprise_code, enterprise_name), enterprise_name, batch_id, row_no
    from lake.rd_institution
    union all
    select 'incubated_enterprise', coalesce(enterprise_code, enterprise_name), enterprise_name, batch_id, row_no
    from lake.incubated_enterprise
)
select n.source, n.named_as, n.name, n.batch_id, n.row_no
from naming n
left join core.enterprise_key k on k.enterprise_key = n.named_as
left join staging.match_decision d on d.named_as = n.named_as
where k.enterprise_id is null
  and d.named_as is null
