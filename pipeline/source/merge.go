package source

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"citykpi/pipeline/source/book"
	"citykpi/pipeline/source/convert"
	"citykpi/pipeline/source/fold"
	"citykpi/pipeline/source/grid"
	"citykpi/pipeline/source/refusal"
)

// checkMerges refuses data cells merged across rows, where the contract does
// not ask for them to be filled down: only the first row of such a range has
// the value, and the others would load without it.
func (l *Load) checkMerges() error {
	for _, s := range l.streams {
		marks, ok := s.source.(book.Marks)
		if !ok {
			continue
		}
		layout := s.convert.Table
		for _, m := range marks.Merged() {
			i := slices.Index(layout.At, m.Column)
			if i < 0 || m.First <= layout.HeaderRow || m.First >= s.convert.LastRow() || l.Contract.Columns[i].FillDown {
				continue
			}
			return &refusal.Error{File: l.File.Name, Sheet: layout.Sheet, Row: m.First,
				Column: book.ColumnLetters(m.Column) + " " + layout.Header[m.Column],
				Err:    refusal.ErrMerge, Detail: m.Ref,
				Try: "unmerge the cells and fill every row, or write fill_down: true into the contract"}
		}
	}
	return nil
}

// Notes is what an operator may want to know about the file: what Inspect
// noted, and what was seen on the way. Complete once every stream is drained.
func (l *Load) Notes() []string {
	notes := slices.Clone(l.Layout.Notes)
	for _, s := range l.streams {
		marks, ok := s.source.(book.Marks)
		if !ok {
			continue
		}
		sheet := ""
		if name := s.convert.Table.Sheet; name != "" {
			sheet = " of sheet " + name
		}
		h := marks.HiddenRows()
		if h.ByDefault {
			notes = append(notes,
				fmt.Sprintf("rows%s are hidden by default (zeroHeight): those that stand in the sheet are read like all others", sheet))
		}
		if h.Count > 0 {
			var rows []string
			for _, no := range h.First {
				rows = append(rows, fmt.Sprint(no))
			}
			if h.Count > int64(len(rows)) {
				rows = append(rows, "…")
			}
			notes = append(notes, fmt.Sprintf("hidden rows%s are read like all others: %s (%d in all)", sheet,
				strings.Join(rows, ", "), h.Count))
		}
		if columns := hiddenOf(s.convert.Table, marks.HiddenColumns()); columns != nil {
			notes = append(notes, fmt.Sprintf("hidden columns%s are read like all others: %s", sheet, strings.Join(columns, ", ")))
		}
		if f, ok := s.source.(*filledSource); ok && f.filled > 0 {
			notes = append(notes, fmt.Sprintf("cells%s that are filled down from merged ones: %d", sheet, f.filled))
		}
	}
	return append(notes, convert.TotalNotes(l.converters())...)
}

// hiddenOf names the columns of the contract that stand in hidden ones: C 金额.
func hiddenOf(l *convert.Table, columns book.HiddenColumns) (names []string) {
	for j, word := range l.Header {
		if columns.Has(j) && slices.Contains(l.At, j) {
			names = append(names, book.ColumnLetters(j)+" "+word)
		}
	}
	return names
}

// fillDown is the rows of the layout's sheet, those cells filled that are
// merged with one above, in columns for which the contract asks that. Where the
// ranges stand is known at a sheet's end only: it is read for them beforehand.
func (l *Layout) fillDown(ctx context.Context, b book.Book) (grid.Source, error) {
	rows := b.Rows(l.sheet, l.HeaderRow, l.Header)
	columns := map[int]bool{}
	for i, col := range l.Contract.Columns {
		if col.FillDown && l.At[i] >= 0 {
			columns[l.At[i]] = true
		}
	}
	if _, marked := rows.(book.Marks); !marked || len(columns) == 0 {
		return rows, nil
	}
	first := b.Rows(l.sheet, l.HeaderRow, l.Header)
	defer first.Close()
	for more := true; more; {
		var err error
		if more, err = first.Next(ctx, noSink{}); err != nil {
			return nil, err
		}
	}
	out := &filledSource{Source: rows}
	for _, m := range first.(book.Marks).Merged() {
		if columns[m.Column] && m.First > l.HeaderRow {
			out.ranges = append(out.ranges, m)
		}
	}
	slices.SortFunc(out.ranges, func(a, b book.Merged) int { return int(a.First - b.First) })
	return out, nil
}

// noSink is for who wants the marks of a sheet and not its rows.
type noSink struct{}

func (noSink) Begin(int, bool)                  {}
func (noSink) Row(int64, [][]byte, []grid.Kind) {}

// filledSource puts the value of a merged range into every row it covers.
type filledSource struct {
	grid.Source
	ranges []book.Merged // that are still to come, by first row
	open   []filling
	sink   grid.Sink
	filled int64
}

type filling struct {
	book.Merged
	value []byte
	kind  grid.Kind
}

func (f *filledSource) Merged() []book.Merged       { return f.Source.(book.Marks).Merged() }
func (f *filledSource) HiddenRows() book.HiddenRows { return f.Source.(book.Marks).HiddenRows() }
func (f *filledSource) HiddenColumns() book.HiddenColumns {
	return f.Source.(book.Marks).HiddenColumns()
}

func (f *filledSource) Next(ctx context.Context, sink grid.Sink) (bool, error) {
	f.sink = sink
	return f.Source.Next(ctx, f)
}

func (f *filledSource) Begin(rows int, odd bool) { f.sink.Begin(rows, odd) }

func (f *filledSource) Row(no int64, cells [][]byte, kinds []grid.Kind) {
	f.open = slices.DeleteFunc(f.open, func(o filling) bool { return o.Last < no })
	if len(f.open) > 0 { // the source writes into its own again
		cells, kinds = slices.Clone(cells), slices.Clone(kinds)
	}
	for _, o := range f.open {
		for len(cells) <= o.Column {
			cells, kinds = append(cells, nil), append(kinds, grid.Text)
		}
		if len(fold.Trim(cells[o.Column])) == 0 {
			cells[o.Column], kinds[o.Column] = o.value, o.kind
			f.filled++
		}
	}
	for len(f.ranges) > 0 && f.ranges[0].First <= no {
		m := f.ranges[0]
		f.ranges = f.ranges[1:]
		if m.First == no && m.Column < len(cells) {
			f.open = append(f.open, filling{m, slices.Clone(cells[m.Column]), kinds[m.Column]})
		}
	}
	f.sink.Row(no, cells, kinds)
}
