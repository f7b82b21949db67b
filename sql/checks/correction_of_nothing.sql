-- Rows: withdrawals and replacements that name a row which nobody had filed, or which was gone
-- already. A replacement counts as a new row; a withdrawal changes nothing.
select source, words, key_text, file, sheet, file_row
from mart.correction
where not found
