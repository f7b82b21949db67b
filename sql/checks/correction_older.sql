-- Rows: rows of files of an earlier data date that came behind a later one and say otherwise of the same key
-- without a word. They do not count; to correct what is known their 处理方式 says 更正.
select source, words, key_text, replaced_file, replaced_sheet, replaced_row, file, sheet, file_row
from mart.correction
where found = 'older'
