package personal

// Column is a column of a batch in which identity numbers were found although
// its contract does not call it personal.
type Column struct {
	Column string `json:"column"`          // canonical name
	Header string `json:"header"`          // in the bureau's words
	Cells  int64  `json:"cells"`           // of loaded rows, in which a number stands
	Whole  bool   `json:"whole,omitempty"` // it is a column of such numbers: all of its values are masked, mistyped ones too
}
