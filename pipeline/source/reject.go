package source

import (
	"slices"

	"citykpi/pipeline/source/fold"
)

// Reject is one row that broke its contract, as it stands in the NDJSON that
// Read writes: one object a line, in row order, one per row. Column, Field,
// Value, Rule and Reason are those of the first bad cell; Errors lists all of
// them where there are several.
type Reject struct {
	Row    int64       `json:"row_no"`
	Sheet  string      `json:"sheet"`
	Column string      `json:"column"` // the header in the file; "" if the row as a whole is to blame
	Field  string      `json:"field"`  // canonical name
	Value  string      `json:"value"`  // as it stands in the file
	Rule   string      `json:"rule"`   // credit_code.check
	Reason string      `json:"reason"` // Chinese
	Cells  []string    `json:"cells"`  // the whole row as it stands, in the file's own columns
	Errors []CellError `json:"errors,omitempty"`
}

// RowWidth is the rule of a row that has more or fewer cells than its header, or of whose cells nobody knows which is which.
const RowWidth = "row.width"

// PersonalCells says of each column of a file by its header what of a person it holds:
// what the contract's `personal:` says, "" of all others.
func (c *Contract) PersonalCells(header []string) []string {
	out := make([]string, len(header))
	for i, h := range header {
		key, _ := fold.HeaderKey(h)
		for _, col := range c.Columns {
			if col.Personal != "" && slices.Contains(col.keys, key) {
				out[i] = col.Personal
			}
		}
	}
	return out
}

// CellError is one bad cell of a rejected row.
type CellError struct {
	Column string `json:"column"`
	Field  string `json:"field"`
	Value  string `json:"value"`
	Rule   string `json:"rule"`
	Reason string `json:"reason"`
}
