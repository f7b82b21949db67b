package main

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"citykpi/pipeline"
	"citykpi/pipeline/durable"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/show"
	"citykpi/pipeline/source/contract"
	"citykpi/pipeline/source/reject"
	"citykpi/reports/workbook"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"
)

// workbookRows is how many rejected rows one return workbook holds; a file with
// more is wrong as a whole, and its workbook says so.
const workbookRows = 5000

type rejectRecord struct {
	File   string `json:"file"`
	Bureau string `json:"bureau"`
	Batch  string `json:"batch_id"`
	reject.Line
}

func (a *app) rejectsCmd() *cobra.Command {
	var bureau, kind, by string
	var rows int
	cmd := &cobra.Command{
		Use:   "rejects",
		Short: "Rows that broke their contract, and the workbooks that take them back to the bureaus",
		Args:  usage(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			p, err := a.open()
			if err != nil {
				return err
			}
			switch kind {
			case "match":
				return a.matchQueue(c.Context(), p, rows)
			case "row":
			default:
				return fmt.Errorf("%w: --kind %s: want row or match", errUsage, kind)
			}
			now, err := a.clock()
			if err != nil {
				return err
			}
			list, damage := p.Rejected(bureau)
			if damage != nil && !errors.Is(damage, lake.ErrDamaged) {
				return damage
			}
			today := kpi.DateOf(now)
			switch by {
			case "":
			case "bureau":
				return errors.Join(a.bureauReturns(list, today), damage)
			default:
				return fmt.Errorf("%w: --by %s: want bureau", errUsage, by)
			}
			records, shown := []rejectRecord{}, []string{}
			var total int64
			for _, r := range list {
				total += r.Open()
				for row, err := range r.Rows() {
					if err != nil {
						return err
					}
					if rows > 0 && len(records) >= rows {
						break
					}
					row = r.Shown(row)
					records = append(records, rejectRecord{r.Name(), r.Bureau, r.Batch, row})
					shown = append(shown, shownValue(p, r, row))
				}
			}
			l := listing{columns: []string{"file", "sheet", "row", "column", "value", "rule", "reason"}, right: map[string]bool{"row": true}}
			for i, r := range records {
				if a.format != "table" { // a program wants the cell
					shown[i] = r.Value
				}
				l.rows = append(l.rows, []string{r.File, r.Sheet, count(r.Row), r.Column, shown[i], r.Rule, r.Reason})
			}
			if err := a.print(l, records); err != nil {
				return err
			}
			if int64(len(records)) < total {
				fmt.Fprintf(a.err, "%d of %d rejected rows; --rows 0 shows all\n", len(records), total)
			}
			for _, r := range list {
				if r.Open() > 0 {
					fmt.Fprintf(a.err, "%s  %d rows open for %d days  %s\n", show.Line(r.Name()), r.Open(), r.Age(today), show.Line(p.Mask.Text(p.Workbook(r))))
				}
			}
			for _, r := range pipeline.Returns(list, today) {
				fmt.Fprintf(a.err, "%s  %d of %d rejected rows came back corrected, %s\n", show.Line(r.Bureau), r.Corrected, r.Returned, r.RateText())
			}
			return damage // of other batches: what is listed is whole
		},
	}
	cmd.Flags().StringVar(&kind, "kind", "row", "row: rows that broke their contract; match: names that fit no enterprise, or several")
	cmd.Flags().StringVar(&bureau, "bureau", "", "only this bureau: 市工信局")
	cmd.Flags().StringVar(&by, "by", "", "bureau: no rows, but how many each bureau got back, how many are open for how long, how many came back corrected")
	cmd.Flags().IntVar(&rows, "rows", 50, "rows to show; 0 is all")
	return cmd
}

// shownValue is the cell that is to blame or, of one that is empty, what else the row says
// that tells it from others: its first cell that is no personal data.
func shownValue(p *pipeline.Project, r pipeline.Rejected, row reject.Line) string {
	i := slices.IndexFunc(p.Contracts, func(c *contract.Contract) bool { return c.Source == r.Source })
	if row.Value != "" || i < 0 {
		return row.Value
	}
	for at, cell := range row.Cells {
		if cell == "" || at >= len(r.Header) {
			continue
		}
		if slices.ContainsFunc(p.Contracts[i].Columns, func(c contract.Column) bool {
			return c.Personal == "" && slices.Contains(c.CN, r.Header[at])
		}) {
			return "（空）" + r.Header[at] + " " + cell
		}
	}
	return ""
}

// bureauReturns lists what went back to each bureau and what came of it.
func (a *app) bureauReturns(list []pipeline.Rejected, today kpi.Date) error {
	all := pipeline.Returns(list, today)
	if err := pipeline.ReadReasons(list, all); err != nil {
		return err
	}
	l := listing{columns: []string{"bureau", "returned", "corrected", "rate", "open", "oldest days", "mostly"},
		right: map[string]bool{"returned": true, "corrected": true, "rate": true, "open": true, "oldest days": true}}
	for _, r := range all {
		mostly := "—"
		if rules := r.Rules(); len(rules) > 0 {
			mostly = fmt.Sprintf("%s %s (%d)", rules[0].Rule, rules[0].Words, rules[0].Rows)
		}
		l.rows = append(l.rows, []string{r.Bureau, count(r.Returned), count(r.Corrected), r.RateText(), count(r.Open), count(int64(r.Days)), mostly})
	}
	return a.print(l, all)
}

// returnRejects writes a return workbook for every batch with rejected rows that has none yet.
func (a *app) returnRejects(p *pipeline.Project, now time.Time) error {
	list, err := p.RejectedAll()
	if err != nil {
		return err
	}
	done, err := sent(p)
	if err != nil {
		return err
	}
	before := len(done)
	var work errgroup.Group
	work.SetLimit(runtime.NumCPU())
	for _, r := range list {
		if slices.Contains(done[:before], r.Batch) {
			continue
		}
		done = append(done, r.Batch)
		work.Go(func() error {
			if err := writeWorkbook(p, r, now); err != nil {
				return fmt.Errorf("return rejects of %s: %w", r.Name(), err)
			}
			return nil
		})
	}
	if err := work.Wait(); err != nil || len(done) == before {
		return err
	}
	return recordSent(p, done)
}

func writeWorkbook(p *pipeline.Project, r pipeline.Rejected, now time.Time) error {
	path := p.Workbook(r)
	sheet := workbook.RejectSheet{
		Title:  filepath.Base(r.File) + " 未通过校验的记录",
		Note:   fmt.Sprintf("共 %d 行，读取 %d 行，已装载 %d 行。请在原列中更正后重新报送。", r.Rejected, r.Read, r.Loaded),
		Header: r.Header,
		Letter: workbook.Letter{
			Bureau: r.Bureau, File: filepath.Base(r.File), DataDate: r.DataDate, Received: r.LoadedAt.In(shanghai),
			Due: kpi.DateOf(r.LoadedAt.In(shanghai)).AddDays(p.Config.ReturnDays), Number: r.Batch,
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
	if err := durable.MakeDir(filepath.Dir(path)); err != nil {
		return err
	}
	return durable.WriteFile(path, b.Bytes())
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
