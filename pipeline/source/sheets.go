package source

import (
	"slices"
	"strings"

	"citykpi/pipeline/source/refusal"
)

// all is the layout of every sheet that is read.
func (l *Layout) all() []*Layout { return append([]*Layout{l}, l.more...) }

// SheetSeparator stands between the names of sheets.
const SheetSeparator = "、"

// Sheets are the names of all sheets that are read: 江宁区、栖霞区.
func (l *Layout) Sheets() string {
	var names []string
	for _, table := range l.all() {
		names = append(names, table.Sheet)
	}
	return strings.Join(names, SheetSeparator)
}

// unite makes one header of those of all sheets, in which their rejected rows go back
// together: a column stands where the first sheet that has it puts it. An amount goes
// back as it stands, so that a unit must mean the same on all of them.
func (l *Layout) unite() error {
	l.Columns = l.Header
	at, seen := slices.Clone(l.At), map[string]bool{l.Sheet: true}
	for _, table := range l.more {
		if seen[table.Sheet] {
			return l.file.refuse(refusal.ErrWorkbook, "two sheets are called "+table.Sheet, "give each sheet a name of its own")
		}
		seen[table.Sheet] = true
		for _, col := range l.Contract.Columns {
			unit, its := l.Units[col.Name], table.Units[col.Name]
			if unit != "" && its != "" && unit != its {
				return &refusal.Error{File: l.file.Name, Sheet: table.Sheet, Row: table.HeaderRow, Column: col.CN[0],
					Err:    refusal.ErrUnitConflict,
					Detail: unit + " on an earlier sheet, " + its + " on this", Try: "send the sheets in one file per unit"}
			}
			if its != "" {
				l.Units[col.Name] = its
			}
		}
		for _, word := range table.Unknown {
			if !slices.Contains(l.Unknown, word) {
				l.Unknown = append(l.Unknown, word)
			}
		}
		l.place(table, at)
	}
	for _, table := range l.more {
		table.Columns = l.Columns
	}
	return nil
}

// place finds for each column of another sheet where it goes back. at is where the
// contract's columns go, by contract column, -1 for what no sheet before had.
func (l *Layout) place(table *Layout, at []int) {
	taken := map[int]bool{}
	for _, j := range at {
		taken[j] = true
	}
	table.Places = make([]int, len(table.Header))
	for j, word := range table.Header {
		i := slices.Index(table.At, j)
		var to int
		if i >= 0 {
			to = at[i]
		} else {
			to = slices.IndexFunc(l.Columns, func(c string) bool { return c == word })
			for to >= 0 && taken[to] {
				next := slices.Index(l.Columns[to+1:], word)
				if to += 1 + next; next < 0 {
					to = -1
				}
			}
		}
		if to < 0 {
			to = len(l.Columns)
			l.Columns = append(slices.Clip(l.Columns), word)
		}
		if i >= 0 {
			at[i] = to
		}
		taken[to], table.Places[j] = true, to
	}
}
