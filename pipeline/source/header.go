package source

import (
	"slices"
	"strings"

	"citykpi/pipeline/source/contract"
	"citykpi/pipeline/source/fold"
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

// findHeader takes the row in which most columns of the contract are named;
// the first of equals. Where the contract has headers of several levels, the
// rows below count as part of the header if that names more columns.
func findHeader(c *contract.Contract, p *preview) headerFit {
	best := headerFit{levels: 1, at: make([]int, len(c.Columns)), units: make([]string, len(c.Columns))}
	for i := range best.at {
		best.at[i] = -1
	}
	for i := range p.rows {
		if i >= c.Search {
			break
		}
		for levels := 1; levels <= c.Levels && i+levels <= len(p.rows); levels++ {
			if h := fitHeader(c, headerCells(p.rows[i:i+levels])); h.matched > best.matched {
				best, best.index, best.levels = h, i, levels
			}
		}
	}
	return best
}

// headerCells joins the levels of a header. Of cells merged side by side only
// the first has the words: in all rows but the last a blank takes those to its
// left, if something stands below it.
func headerCells(rows []previewRow) []fold.HeaderCell {
	width := 0
	for _, row := range rows {
		width = max(width, len(row.cells))
	}
	out := make([]fold.HeaderCell, width)
	if len(rows) == 1 {
		for j, cell := range rows[0].cells {
			out[j] = fold.HeaderCellOf(cell)
		}
		return out
	}
	left := make([]string, len(rows)) // by level: the words that reach to here
	for j := range width {
		var parts [contract.MaxLevels]string
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
		out[j] = fold.JoinLevels(parts[:deepest+1])
	}
	return out
}

// fitHeader matches a header with the columns' aliases; the alias that stands
// first in the contract wins.
func fitHeader(c *contract.Contract, cells []fold.HeaderCell) headerFit {
	h := headerFit{levels: 1, at: make([]int, len(c.Columns)), units: make([]string, len(c.Columns))}
	keys := make([]string, len(cells))
	for j, cell := range cells {
		keys[j] = cell.Key
		h.names = append(h.names, cell.Name)
	}
	for i, col := range c.Columns {
		h.at[i] = -1
		for _, want := range col.Keys {
			j := slices.Index(keys, want)
			if j < 0 {
				continue
			}
			h.at[i], h.units[i] = j, cells[j].Unit
			h.matched++
			if k := slices.Index(keys[j+1:], want); k >= 0 {
				h.twice = [2]int{j, j + 1 + k}
			}
			break
		}
	}
	return h
}
