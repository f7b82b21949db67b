-- Rows: withdrawals and replacements that name a row which nobody has filed yet, or which was gone
-- already. A replacement counts as a new row; a withdrawal changes nothing, but holds against the
-- row it names when that comes in a file no newer than its own.
select source, words, key_text, remark, file, sheet, file_row
from mart.correction
where found in ('nothing', 'withdrawn') and step <> 'again'
