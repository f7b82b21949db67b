-- One row per step by which a row of a file withdrew or replaced an earlier one, or brought back
-- one that had been rejected: the row that says so, and the one it speaks of, each with its file,
-- sheet and the number a person counts. found is false where no such row stood.
select
    c.source,
    s.name                              as source_name,
    c.step,
    w.words,
    c.key_text,
    c.batch_id,
    c.row_no,
    cast(b.loaded_at as date)           as known_on,
    b.file,
    h.sheet,
    c.row_no - h.rows_above             as file_row,
    c.replaced_batch_id is not null     as found,
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
