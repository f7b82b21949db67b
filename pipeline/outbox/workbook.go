package outbox

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"citykpi/pipeline/durable"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/project"
	"citykpi/pipeline/returns"
	"citykpi/pipeline/show"
	"citykpi/pipeline/source/reject"
	"citykpi/reports/workbook"
)

// workbookRows is how many rejected rows one return workbook holds; a file with
// more is wrong as a whole, and its workbook says so.
const workbookRows = 5000

// Path is where the batch's rejected rows go back to the bureau.
func Path(p *project.Project, r returns.Rejected) string {
	base := strings.TrimSuffix(filepath.Base(r.File), filepath.Ext(r.File))
	return p.Var("outbox", show.FileName(r.Bureau), durable.FileName(show.FileName(base), "_退回_"+r.SHA256[:6]+".xlsx"))
}

// writeWorkbook writes the return workbook of one batch.
func writeWorkbook(p *project.Project, r returns.Rejected, now time.Time) error {
	path, received := Path(p, r), r.LoadedAt.In(now.Location())
	sheet := workbook.RejectSheet{
		Title:  filepath.Base(r.File) + " 未通过校验的记录",
		Note:   fmt.Sprintf("共 %d 行，读取 %d 行，已装载 %d 行。请在原列中更正后重新报送。", r.Rejected, r.Read, r.Loaded),
		Header: r.Header,
		Letter: workbook.Letter{
			Bureau: r.Bureau, File: filepath.Base(r.File), DataDate: r.DataDate, Received: received,
			Due: kpi.DateOf(received).AddDays(p.Config.ReturnDays), Number: r.Batch,
			Read: r.Read, Loaded: r.Loaded, Rejected: r.Rejected, Dropped: r.Dropped,
		},
	}
	if r.Rejected > workbookRows {
		sheet.Note += fmt.Sprintf("本表只列前 %d 行，请先核对整份文件。", workbookRows)
	}
	if unit := r.Unit(); unit != "" { // the bureau's title said so, or its header does
		sheet.Note += "单位：" + unit
	}
	for row, err := range r.Rows() {
		if err != nil {
			return err
		}
		if len(sheet.Rows) == workbookRows {
			break
		}
		sheet.Rows = append(sheet.Rows, rejectRow(r.Header, row))
	}
	var b bytes.Buffer
	if err := workbook.Rejects(&b, workbook.Properties{Title: sheet.Title, Created: now}, sheet); err != nil {
		return err
	}
	return put(path, b.Bytes())
}

// rejectRow fits a rejected row to the file's header. Cells beyond it, which are
// why such a row was rejected, are kept in the last column.
func rejectRow(header []string, r reject.Line) workbook.RejectRow {
	cells := r.Cells
	if n := len(header); len(cells) > n && n > 0 {
		cells = append(slices.Clone(cells[:n-1]), strings.Join(cells[n-1:], " | "))
	}
	row := workbook.RejectRow{Sheet: r.Sheet, Row: int(r.Row), Cells: cells}
	faults := r.Errors
	if len(faults) == 0 {
		faults = []reject.Cell{{Column: r.Column, Field: r.Field, Value: r.Value, Rule: r.Rule, Reason: r.Reason}}
	}
	for _, f := range faults {
		at := -1
		if f.Column != "" {
			at = slices.Index(header, f.Column)
		}
		row.Faults = append(row.Faults, workbook.Fault{Column: at, Rule: f.Rule, Reason: f.Reason})
	}
	return row
}
