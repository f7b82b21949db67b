-- Rows: contracts in a foreign currency for which the office has filed no rate in force on the day of
-- registration. Their amounts count nowhere until it does.
select contract_no, registered_on, currency, amount_foreign, tech_amount_foreign, batch_id, row_no
from staging.tech_contract
where amount is null
   or tech_amount is null
