-- One row per step by which a row of a file withdrew or replaced an earlier one, or brought back
-- one that had been rejected, and per row that came later and was withdrawn or replaced already:
-- the row that says so, and the one it speaks of, each with its file, sheet and the number a
-- person counts. found tells what stood under the key that the row names:
--   row        the row that is replaced
--   moved      nothing any more, since the key had been replaced: the row that stood in its place
--   withdrawn  nothing, since that had been withdrawn. A row that files it again counts
--   late       the row had not been filed yet. It came later, and does not count
--   resent     as row; another that says the same came again later, and does not count
--   taken      another row, under the key that it was to get. Nothing is done
--   older      a row of a later data date, which says otherwise and counts. The row came late
--   nothing    nobody has filed such a row
select
    c.source,
    s.name                              as source_name,
    c.step,
    w.words,
    c.key_text,
    c.new_key_text,
    c.stood_key_text,
    c.found,
    case
        when c.step = 'again' and c.found = 'withdrawn' then '此前已作废，现重新报送，计入'
        when c.step = 'again' and c.found = 'moved' then '此前已更正为其他主键，现重新报送，计入'
        when c.found = 'moved' then '所指主键此前已更正' || coalesce('为 ' || c.stood_key_text, '') || '，按现行行处理'
        when c.found = 'withdrawn' and c.step = 'replace' then '所指的行此前已作废，本行计入'
        when c.found = 'withdrawn' then '所指的行此前已作废'
        when c.found = 'late' then '原行报送在后，不计入'
        when c.found = 'resent' then '原行再次报送且未注明补报，不计入'
        when c.found = 'taken' then '更正后的主键已有另一行，未作更正，原行仍计入，请核对'
        when c.found = 'older' then '本行后到但数据日期较早，且未注明更正，不计入，以较新的行为准'
        when c.found = 'nothing' then '此前未报送该行，本条未生效'
        else ''
    end                                 as remark,
    c.batch_id,
    c.row_no,
    cast(b.loaded_at as date)           as known_on,
    b.file,
    h.sheet,
    c.row_no - h.rows_above             as file_row,
    c.replaced_batch_id,
    c.replaced_row_no,
    o.file                              as replaced_file,
    coalesce(c.replaced_sheet, g.sheet) as replaced_sheet,
    coalesce(c.replaced_row, c.replaced_row_no - g.rows_above) as replaced_row
from core.correction c
join core.source s on s.source = c.source
join core.batch b on b.batch_id = c.batch_id
join core.batch_sheet h on h.batch_id = c.batch_id and c.row_no > h.rows_above and c.row_no <= h.last_row
left join core.batch o on o.batch_id = c.replaced_batch_id
left join core.batch_sheet g
  on g.batch_id = c.replaced_batch_id
 and c.replaced_row_no > g.rows_above
 and c.replaced_row_no <= g.last_row
join (
    values
        ('withdraw', '作废'),
        ('replace', '更正'),
        ('again', '重报'),
        ('return', '退回后补正')
) as w (step, words) on w.step = c.step
