package source

import (
	"slices"
	"strings"
)

// headerFit is how well the best rows of a preview serve as a contract's header.
type headerFit struct {
	index   int      // of the first row in the preview
	levels  int      // rows of the header, from 1 to 3
	matched int      // columns found
	names   []string // of the cells: 金额/合同 where the header has several levels
	at      []int    // by contract column
	units   []string // by contract column: the unit its header says
	twice   [2]int   // two cells with the same header; equal if there are none
}

// levelSign joins the levels of a header: 金额 over 合同 is 金额/合同.
const levelSign = "/"

const maxLevels = 3

// headerCell is a header as it stands, and what it is matched by.
type headerCell struct{ name, key, unit string }

// findHeader takes the row in which most columns of the contract are named;
// the first of equals. Where the contract has headers of several levels, the
// rows below count as part of the header if that names more columns.
func findHeader(c *Contract, p *preview) headerFit {
	best := headerFit{levels: 1, at: make([]int, len(c.Columns)), units: make([]string, len(c.Columns))}
	for i := range best.at {
		best.at[i] = -1
	}
	for i := range p.rows {
		if i >= c.Search {
			break
		}
		for levels := 1; levels <= c.levels && i+levels <= len(p.rows); levels++ {
			if h := fitHeader(c, headerCells(p.rows[i:i+levels])); h.matched > best.matched {
				best, best.index, best.levels = h, i, levels
			}
		}
	}
	return best
}

// headerLevels is the most levels that a column of the contract asks for.
func (c *Contract) headerLevels() int {
	levels := 1
	for _, col := range c.Columns {
		for _, key := range col.keys {
			levels = max(levels, 1+strings.Count(key, levelSign))
		}
	}
	return min(levels, maxLevels)
}

// headerCells joins the levels of a header. Of cells merged side by side only
// the first has the words: in all rows but the last a blank takes those to its
// left, if something stands below it.
func headerCells(rows []previewRow) []headerCell {
	width := 0
	for _, row := range rows {
		width = max(width, len(row.cells))
	}
	out := make([]headerCell, width)
	if len(rows) == 1 {
		for j, cell := range rows[0].cells {
			out[j] = headerCellOf(cell)
		}
		return out
	}
	left := make([]string, len(rows)) // by level: the words that reach to here
	for j := range width {
		var parts [maxLevels]string
		deepest := -1
		for level, row := range rows {
			if j < len(row.cells) {
				parts[level] = strings.Join(strings.Fields(row.cells[j]), " ")
			}
			if parts[level] != "" {
				deepest = level
			}
		}
		for level := range rows {
			if parts[level] != "" {
				left[level] = parts[level]
				clear(left[level+1:]) // a new group has its own groups
			} else if level < deepest {
				parts[level] = left[level]
			}
		}
		out[j] = joinLevels(parts[:deepest+1])
	}
	return out
}

// headerCellOf is a header of one row. It may have levels all the same, as in
// JSON, each with a unit: 金额（万元）/合同.
func headerCellOf(name string) headerCell {
	out := headerCell{name: name}
	out.key, out.unit = headerKey(name)
	if out.unit == "" && strings.Contains(name, levelSign) {
		if levels := joinLevels(strings.Split(name, levelSign)); levels.unit != "" {
			out.key, out.unit = levels.key, levels.unit
		}
	}
	return out
}

func joinLevels(parts []string) headerCell {
	var names, keys []string
	unit := ""
	for _, part := range parts {
		if part == "" || len(names) > 0 && names[len(names)-1] == part {
			continue
		}
		key, u := headerKey(part)
		if u != "" {
			unit = u
		}
		names, keys = append(names, part), append(keys, key)
	}
	return headerCell{strings.Join(names, levelSign), strings.Join(keys, levelSign), unit}
}

// fitHeader matches a header with the columns' aliases; the alias that stands
// first in the contract wins.
func fitHeader(c *Contract, cells []headerCell) headerFit {
	h := headerFit{levels: 1, at: make([]int, len(c.Columns)), units: make([]string, len(c.Columns))}
	keys := make([]string, len(cells))
	for j, cell := range cells {
		keys[j] = cell.key
		h.names = append(h.names, cell.name)
	}
	for i, col := range c.Columns {
		h.at[i] = -1
		for _, want := range col.keys {
			j := slices.Index(keys, want)
			if j < 0 {
				continue
			}
			h.at[i], h.units[i] = j, cells[j].unit
			h.matched++
			if k := slices.Index(keys[j+1:], want); k >= 0 {
				h.twice = [2]int{j, j + 1 + k}
			}
			break
		}
	}
	return h
}
