-- Rows: replacements that would give a row a key under which another one stands. Nothing is done: which
-- of both is right only the bureau can say. To join two rows into one, withdraw one of them.
select source, words, key_text, new_key_text, replaced_file, replaced_sheet, replaced_row, file, sheet, file_row
from mart.correction
where found = 'taken'
