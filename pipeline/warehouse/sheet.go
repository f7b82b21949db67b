package warehouse

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"citykpi/pipeline/duck"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/source"
	"citykpi/pipeline/source/personal"
)

// Rows of two sheets of one file share numbers. The lake keeps the number a person
// sees beside the sheet's name; lake.<source> counts on from sheet to sheet in the
// workbook's order, so that a batch and a row_no name one row wherever they go.
// core.batch_sheet leads back. Batches of one sheet, nearly all, keep their numbers.

// severalSheets reports whether a batch may have been read from more than one sheet.
func severalSheets(b lake.Batch) bool {
	return b.Loaded > 0 && strings.Contains(b.Sheet, source.SheetSeparator)
}

// batchSheets are the rows of core.batch_sheet.
func (b *builder) batchSheets(ctx context.Context) ([]values, error) {
	var rows []values
	for _, batch := range b.in.Batches {
		sheets := []sheetRows{{name: batch.Sheet}}
		if severalSheets(batch) {
			var err error
			if sheets, err = b.sheetsOf(ctx, batch); err != nil {
				return nil, fmt.Errorf("read sheets of batch %s: %w", batch.Batch, err)
			}
		}
		above := int64(0)
		for i, s := range sheets {
			last := above + s.last
			if i == len(sheets)-1 {
				last = math.MaxInt64
			}
			rows = append(rows, values{"batch_id": batch.Batch, "sheet": b.in.Mask.Text(s.name), "rows_above": above, "last_row": last})
			above = last
		}
	}
	return rows, nil
}

// sheetOf is the name of the sheet of a row r of a batch, as core.batch_sheet has it.
func sheetOf(b lake.Batch) string {
	if personal.HoldsIdentity([]byte(b.Sheet)) {
		return maskText + "(r.sheet)"
	}
	return "r.sheet"
}

type sheetRows struct {
	name string
	last int64 // the last row that was loaded
}

// sheetsOf lists the sheets that gave a batch its rows, in the order of the workbook,
// which the manifest has.
func (b *builder) sheetsOf(ctx context.Context, batch lake.Batch) ([]sheetRows, error) {
	rows, err := b.db.QueryContext(ctx, "select sheet, max(row_no) from "+duck.Parquet(batch.Rows())+" group by sheet order by sheet")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var sheets []sheetRows
	for rows.Next() {
		var s sheetRows
		if err := rows.Scan(&s.name, &s.last); err != nil {
			return nil, err
		}
		sheets = append(sheets, s)
	}
	const between = source.SheetSeparator
	at := func(s sheetRows) int { return strings.Index(between+batch.Sheet+between, between+s.name+between) }
	slices.SortStableFunc(sheets, func(x, y sheetRows) int { return at(x) - at(y) })
	return sheets, rows.Err()
}
