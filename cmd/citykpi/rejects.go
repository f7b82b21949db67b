package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"citykpi/pipeline"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/source"
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
	source.Reject
}

func (a *app) rejectsCmd() *cobra.Command {
	var bureau, kind string
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
			list, err := p.Rejected(bureau)
			if err != nil {
				return err
			}
			records := []rejectRecord{}
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
					records = append(records, rejectRecord{r.File, r.Bureau, r.Batch, row})
				}
			}
			l := listing{columns: []string{"file", "sheet", "row", "column", "value", "rule", "reason"}, right: map[string]bool{"row": true}}
			for _, r := range records {
				l.rows = append(l.rows, []string{r.File, r.Sheet, count(r.Row), r.Column, r.Value, r.Rule, r.Reason})
			}
			if err := a.print(l, records); err != nil {
				return err
			}
			if int64(len(records)) < total {
				fmt.Fprintf(a.err, "%d of %d rejected rows; --rows 0 shows all\n", len(records), total)
			}
			for _, r := range list {
				if r.Open() > 0 {
					days := int(now.Sub(r.LoadedAt).Hours() / 24)
					fmt.Fprintf(a.err, "%s  %d rows open for %d days  %s\n", r.File, r.Open(), days, p.Workbook(r))
				}
			}
			printCorrections(a.err, list)
			return nil
		},
	}
	cmd.Flags().StringVar(&kind, "kind", "row", "row: rows that broke their contract; match: names that fit no enterprise, or several")
	cmd.Flags().StringVar(&bureau, "bureau", "", "only this bureau: 市工信局")
	cmd.Flags().IntVar(&rows, "rows", 50, "rows to show; 0 is all")
	return cmd
}

// printCorrections says how much of what went back to each bureau has come back.
func printCorrections(w io.Writer, list []pipeline.Rejected) {
	var bureaus []string
	out, back := map[string]int64{}, map[string]int64{}
	for _, r := range list {
		if out[r.Bureau] == 0 {
			bureaus = append(bureaus, r.Bureau)
		}
		out[r.Bureau] += r.Rejected
		back[r.Bureau] += r.Rejected - r.Open()
	}
	for _, b := range bureaus {
		fmt.Fprintf(w, "%s  %d of %d rejected rows came back corrected, %.1f%%\n", b, back[b], out[b], 100*float64(back[b])/float64(out[b]))
	}
}

// returnRejects writes a return workbook for every batch just loaded with rejected rows.
func (a *app) returnRejects(p *pipeline.Project, results []pipeline.FileResult, now time.Time) error {
	list, err := p.Rejected("")
	if err != nil {
		return err
	}
	var work errgroup.Group
	work.SetLimit(runtime.NumCPU())
	for _, r := range list {
		loaded := slices.ContainsFunc(results, func(f pipeline.FileResult) bool {
			return f.Status == pipeline.StatusLoaded && f.BatchID == r.Batch
		})
		if !loaded {
			continue
		}
		work.Go(func() error {
			if err := writeWorkbook(p, r, now); err != nil {
				return fmt.Errorf("return rejects of %s: %w", r.File, err)
			}
			return nil
		})
	}
	return work.Wait()
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
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return lake.WriteFile(path, b.Bytes())
}

// rejectRow fits a rejected row to the file's header. Cells beyond it, which are
// why such a row was rejected, are kept in the last column.
func rejectRow(header []string, r source.Reject) workbook.RejectRow {
	cells := r.Cells
	if n := len(header); len(cells) > n && n > 0 {
		cells = append(slices.Clone(cells[:n-1]), strings.Join(cells[n-1:], " | "))
	}
	row := workbook.RejectRow{Sheet: r.Sheet, Row: int(r.Row), Cells: cells}
	faults := r.Errors
	if len(faults) == 0 {
		faults = []source.CellError{{Column: r.Column, Field: r.Field, Value: r.Value, Rule: r.Rule, Reason: r.Reason}}
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
