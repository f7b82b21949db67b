-- Rows: rows that were withdrawn or replaced and came again without a word. They do not count; to
-- file one anew its 处理方式 says 补报.
select source, words, key_text, replaced_file, replaced_sheet, replaced_row, file, sheet, file_row
from mart.correction
where found = 'resent'
