// Package returns reads what of the lake went back to the bureaus: the rows that broke their contract, as whoever did
// not send them may see them, which of them came back corrected, and what each bureau owes.
package returns

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
	"strings"
	"time"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/project"
	"citykpi/pipeline/source"
	"citykpi/pipeline/source/contract"
	"citykpi/pipeline/source/personal"
	"citykpi/pipeline/source/reject"
)

// Rejected is a batch with rows that were sent back.
type Rejected struct {
	lake.Manifest
	path     string
	answered map[source.Place]bool // rows that came back corrected
	mask     personal.Masker

	contract, corrected *contract.Contract // as it stands, and with what a file may correct; nil: the source has none any more
}

// Name is the file's name as people other than who sent it are told it.
func (r Rejected) Name() string { return r.mask.Text(r.File) }

// Shown is a rejected row as people other than who sent it are shown it.
func (r Rejected) Shown(row reject.Line) reject.Line {
	var columns []string
	if r.corrected != nil {
		columns = r.corrected.PersonalCells(r.Header)
	}
	if row.Rule == reject.Width && slices.ContainsFunc(columns, func(personal string) bool { return personal != "" }) {
		columns = slices.Repeat([]string{personal.ID}, len(row.Cells)) // whose cell is whose nobody knows
	}
	row.Cells = slices.Clone(row.Cells)
	for i, cell := range row.Cells {
		personal := ""
		if i < len(columns) {
			personal = columns[i]
		}
		row.Cells[i] = r.mask.Value(personal, cell)
	}
	row.Sheet = r.mask.Text(row.Sheet)
	row.Column, row.Value, row.Reason = r.fault(row.Column, row.Field, row.Value, row.Reason)
	row.Errors = slices.Clone(row.Errors)
	for i := range row.Errors {
		e := &row.Errors[i]
		e.Column, e.Value, e.Reason = r.fault(e.Column, e.Field, e.Value, e.Reason)
	}
	return row
}

// Blamed is the cell of a shown row that is to blame or, of one that is empty, what else the row says
// that tells it from others: its first cell that is no personal data.
func (r Rejected) Blamed(row reject.Line) string {
	if row.Value != "" || r.contract == nil {
		return row.Value
	}
	for at, cell := range row.Cells {
		if cell == "" || at >= len(r.Header) {
			continue
		}
		if slices.ContainsFunc(r.contract.Columns, func(c contract.Column) bool {
			return c.Personal == "" && slices.Contains(c.CN, r.Header[at])
		}) {
			return "（空）" + r.Header[at] + " " + cell
		}
	}
	return ""
}

func (r Rejected) fault(column, field, value, reason string) (string, string, string) {
	personal := ""
	if r.corrected != nil {
		if c := r.corrected.Column(field); c != nil {
			personal = c.Personal
		}
	}
	return r.mask.Text(column), r.mask.Value(personal, value), r.mask.Text(reason)
}

// Open is how many of the batch's rejected rows have not come back.
func (r Rejected) Open() int64 { return r.Rejected - int64(len(r.answered)) }

// Unit is the unit of all amounts in the file, "" if it has none or several.
func (r Rejected) Unit() string {
	unit := ""
	for _, u := range r.Units {
		if unit != "" && u != unit {
			return ""
		}
		unit = u
	}
	return unit
}

// Of lists the batches with rejected rows that chosen documents need, of one bureau or, for "", of all. With
// a *lake.DamagedError come those of the batches that are whole.
func Of(p *project.Project, bureau string) ([]Rejected, error) {
	list, err := All(p)
	return slices.DeleteFunc(list, func(r Rejected) bool { return p.Idle[r.Source] || bureau != "" && r.Bureau != bureau }), err
}

// All lists as well those that only documents need which are not chosen: whoever filed such a file gets
// its rows back.
func All(p *project.Project) ([]Rejected, error) {
	l, err := lake.Open(p.Var("lake"))
	if l == nil {
		return nil, err
	}
	return Among(p, l.Batches(time.Time{})), err
}

// Among lists those of the batches that have rejected rows, with what others of them answer.
func Among(p *project.Project, batches []lake.Batch) []Rejected {
	answered := answeredRows(batches)
	var list []Rejected
	for _, b := range batches {
		if b.Rejected == 0 {
			continue
		}
		r := Rejected{Manifest: b.Manifest, path: b.Rejects(), answered: answered[b.Batch], mask: p.Mask}
		if c := p.Contract(b.Source); c != nil {
			r.contract, r.corrected = c, c.Corrected()
		}
		list = append(list, r)
	}
	return list
}

// Age is for how many days the batch's rows have been with the bureau.
func (r Rejected) Age(today kpi.Date) int { return today.Since(kpi.DateOf(r.LoadedAt)) }

// Tally is what went back to each bureau and what came of it, the bureau with most
// open rows first: rejects and the site print the same. ReadReasons adds why.
func Tally(list []Rejected, today kpi.Date) []kpi.Returns {
	at := map[string]int{}
	all := []kpi.Returns{}
	for _, r := range list {
		i, seen := at[r.Bureau]
		if !seen {
			i = len(all)
			at[r.Bureau], all = i, append(all, kpi.Returns{Bureau: r.Bureau, Files: []kpi.ReturnedFile{}})
		}
		to := &all[i]
		to.Returned += r.Rejected
		to.Corrected += r.Rejected - r.Open()
		to.Open += r.Open()
		if r.Open() > 0 {
			to.Files = append(to.Files, kpi.ReturnedFile{File: r.Name(), Batch: r.Batch, DataDate: r.DataDate, On: kpi.DateOf(r.LoadedAt),
				Days: r.Age(today), Returned: r.Rejected, Open: r.Open()})
			to.Days = max(to.Days, r.Age(today))
		}
	}
	for i := range all {
		slices.SortStableFunc(all[i].Files, func(a, b kpi.ReturnedFile) int { return b.Days - a.Days })
	}
	slices.SortStableFunc(all, func(a, b kpi.Returns) int {
		return cmp.Or(cmp.Compare(b.Open, a.Open), cmp.Compare(b.Returned, a.Returned), cmp.Compare(a.Bureau, b.Bureau))
	})
	return all
}

// ReadReasons reads the open rows of the list and tells each bureau's returns why they are.
func ReadReasons(list []Rejected, all []kpi.Returns) (err error) {
	for i := range all {
		if all[i].Reasons, err = reasons(list, all[i].Bureau); err != nil {
			return err
		}
	}
	return nil
}

// reasons add up a bureau's open rows by source, column and rule, the most frequent first.
func reasons(list []Rejected, bureau string) ([]kpi.ReturnedRows, error) {
	type kind struct{ source, field, rule string }
	at := map[kind]int{}
	all := []kpi.ReturnedRows{}
	for _, r := range list {
		if r.Bureau != bureau {
			continue
		}
		for row, err := range r.Rows() {
			if err != nil {
				return nil, err
			}
			k := kind{r.Source, row.Field, row.Rule}
			i, seen := at[k]
			if !seen {
				words, _, _ := strings.Cut(row.Reason, "：") // what follows is of the one row
				i = len(all)
				at[k] = i
				all = append(all, kpi.ReturnedRows{Source: r.Source, Column: r.mask.Text(row.Column), Rule: row.Rule,
					Words: r.mask.Text(words)})
			}
			all[i].Rows++
		}
	}
	slices.SortStableFunc(all, func(a, b kpi.ReturnedRows) int {
		return cmp.Or(cmp.Compare(b.Rows, a.Rows), cmp.Compare(a.Source, b.Source))
	})
	return all, nil
}

// answeredRows are the rejected rows of each batch that a corrected workbook brought back.
func answeredRows(batches []lake.Batch) map[string]map[source.Place]bool {
	answered := map[string]map[source.Place]bool{}
	for _, b := range batches {
		if b.Answers == nil {
			continue
		}
		if answered[b.Answers.Batch] == nil {
			answered[b.Answers.Batch] = map[source.Place]bool{}
		}
		for _, row := range b.Answers.Rows {
			answered[b.Answers.Batch][row] = true
		}
	}
	return answered
}

// Rows reads the batch's open rejected rows one by one.
func (r Rejected) Rows() iter.Seq2[reject.Line, error] {
	return func(yield func(reject.Line, error) bool) {
		f, err := os.Open(r.path)
		if err != nil {
			yield(reject.Line{}, fmt.Errorf("read rejects of %s: %w", r.Name(), err))
			return
		}
		defer f.Close()
		dec := json.NewDecoder(bufio.NewReaderSize(f, 1<<16))
		for {
			var row reject.Line
			err := dec.Decode(&row)
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				err = fmt.Errorf("read rejects of %s: %w", r.Name(), err)
			}
			if r.answered[source.Place{Sheet: row.Sheet, Row: row.Row}] {
				continue
			}
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}
