package kpi

// Match is a text that rows use for an enterprise and that names none, or several:
// these rows count nowhere until the office decides.
type Match struct {
	NamedAs    string      `json:"named_as"` // the code, or the name where there is none
	Name       string      `json:"name"`
	Rows       int64       `json:"rows"`
	Sources    string      `json:"sources"`
	Candidates []Candidate `json:"candidates"`
}

// Candidate is an enterprise that may be meant.
type Candidate struct {
	ID        string `json:"enterprise_id"`
	Name      string `json:"enterprise_name"`
	SameWords bool   `json:"same_words"` // it bears the very name or number; else only one like it
}
