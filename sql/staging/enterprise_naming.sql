-- One row per row of an export that names an enterprise. Who must be an enterprise of the jurisdiction
-- waits for a decision where it is not found; a payee may be anybody.
select
    'sme_tier_recognition' as source, enterprise_code as code, enterprise_name as name, recognised_on as on_date, region_code, true as waits,
    batch_id, sheet, row_no
from lake.sme_tier_recognition
union all
select 'skilled_worker_placement', employer_code, employer_name, insured_on, null, true, batch_id, sheet, row_no
from lake.skilled_worker_placement
union all
select 'technical_deputy', enterprise_code, enterprise_name, signed_on, null, true, batch_id, sheet, row_no
from lake.technical_deputy
union all
select 'doctoral_service', enterprise_code, enterprise_name, started_on, null, true, batch_id, sheet, row_no
from lake.doctoral_service
union all
select 'industry_professor', enterprise_code, enterprise_name, appointed_on, null, true, batch_id, sheet, row_no
from lake.industry_professor
union all
select 'school_enterprise_agreement', enterprise_code, enterprise_name, signed_on, null, true, batch_id, sheet, row_no
from lake.school_enterprise_agreement
union all
select 'rd_institution', enterprise_code, enterprise_name, filed_on, null, true, batch_id, sheet, row_no
from lake.rd_institution
union all
select 'incubated_enterprise', enterprise_code, enterprise_name, entered_on, region_code, true, batch_id, sheet, row_no
from lake.incubated_enterprise
union all
select 'award_payout', payee_code, payee_name, paid_on, region_code, false, batch_id, sheet, row_no
from lake.award_payout
union all
select 'award_basis', payee_code, payee_name, on_date, null, false, batch_id, sheet, row_no
from lake.award_basis
