package convert

import (
	"strings"

	"citykpi/pipeline/source/personal"
)

// sightings are the identity numbers a stream met in columns that are not personal, by column.
type sightings struct {
	cells  []int64    // of loaded rows, in which one stands
	wholly []int64    // that are nothing else
	filled []int64    // of loaded rows, that have a value
	inRow  []sighting // of the row at hand, which may yet be rejected
}

type sighting struct {
	column int
	wholly bool
}

func newSightings(columns int) sightings {
	return sightings{cells: make([]int64, columns), wholly: make([]int64, columns), filled: make([]int64, columns)}
}

// mayShow is a quick look at a text of the column: an identity number may stand in it, though nobody is said to.
func (p *planColumn) mayShow(text []byte) bool {
	return p.open && len(text) >= personal.ShortestIdentity && personal.MayHoldIdentity(text)
}

// look looks at a text on its way into column i.
func (s *sightings) look(i int, text []byte) {
	if found, wholly := personal.FindIdentity(text); found {
		s.inRow = append(s.inRow, sighting{i, wholly})
	}
}

// keep counts those of a row that is loaded.
func (s *sightings) keep() {
	for _, seen := range s.inRow {
		s.cells[seen.column]++
		if seen.wholly {
			s.wholly[seen.column]++
		}
	}
}

// Sighted lists the columns in which identity numbers were found although the contract
// does not call them personal, in the contract's order; empty, not nil, if there are none.
func Sighted(of []*Converter) []personal.Column {
	out := []personal.Column{}
	for i, col := range of[0].contract.Columns {
		var cells, wholly, filled int64
		header := col.CN[0]
		for _, c := range of {
			seen := &c.sightings
			cells, wholly, filled = cells+seen.cells[i], wholly+seen.wholly[i], filled+seen.filled[i]
			if h := c.columns[i].header; h != "" {
				header = h
			}
		}
		if cells > 0 {
			whole := 2*wholly > filled || strings.Contains(header, "身份证")
			out = append(out, personal.Column{Column: col.Name, Header: header, Cells: cells, Whole: whole})
		}
	}
	return out
}
