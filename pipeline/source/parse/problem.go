package parse

// Problem is why a cell is rejected.
type Problem struct {
	Rule   string // the rule, as in date.form
	Reason string // in Chinese, for the bureau
}
