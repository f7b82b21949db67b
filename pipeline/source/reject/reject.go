// Package reject is the shape in which rows that broke their contract are kept and go back to their bureau.
package reject

// Line is one row that broke its contract, as it stands in the NDJSON that
// Read writes: one object a line, in row order, one per row. Column, Field,
// Value, Rule and Reason are those of the first bad cell; Errors lists all of
// them where there are several.
type Line struct {
	Row    int64    `json:"row_no"`
	Sheet  string   `json:"sheet"`
	Column string   `json:"column"` // the header in the file; "" if the row as a whole is to blame
	Field  string   `json:"field"`  // canonical name
	Value  string   `json:"value"`  // as it stands in the file
	Rule   string   `json:"rule"`   // credit_code.check
	Reason string   `json:"reason"` // Chinese
	Cells  []string `json:"cells"`  // the whole row as it stands, in the file's own columns
	Errors []Cell   `json:"errors,omitempty"`
}

// Width is the rule of a row that has more or fewer cells than its header, or of whose cells nobody knows which is which.
const Width = "row.width"

// Cell is one bad cell of a rejected row.
type Cell struct {
	Column string `json:"column"`
	Field  string `json:"field"`
	Value  string `json:"value"`
	Rule   string `json:"rule"`
	Reason string `json:"reason"`
}
