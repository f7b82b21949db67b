package kpi

import "slices"

// Match is a text that rows use for an enterprise and that names none, or several:
// these rows count nowhere until the office decides.
type Match struct {
	NamedAs    string      `json:"named_as"` // the code, or the name where there is none
	Name       string      `json:"name"`
	Rows       int64       `json:"rows"`
	Sources    string      `json:"sources"`
	Candidates []Candidate `json:"candidates"`
}

// Has reports whether the enterprise is among the candidates.
func (m Match) Has(enterprise string) bool {
	return slices.ContainsFunc(m.Candidates, func(c Candidate) bool { return c.ID == enterprise })
}

// Candidate is an enterprise that may be meant.
type Candidate struct {
	ID        string `json:"enterprise_id"`
	Name      string `json:"enterprise_name"`
	SameWords bool   `json:"same_words"` // it bears the very name or number; else only one like it
}

// MatchQuality counts how the rows of one source found their enterprises.
type MatchQuality struct {
	Source     string `json:"source"`
	Name       string `json:"name"`
	Rows       int64  `json:"rows"`
	ByCode     int64  `json:"by_code"`
	ByNumber   int64  `json:"by_number"` // a registration number from before 2015
	ByFormer   int64  `json:"by_former_name"`
	ByName     int64  `json:"by_name"`
	ByDecision int64  `json:"by_decision"`
	Pending    int64  `json:"pending"`  // wait: several bear the name, or the row contradicts itself
	Strange    int64  `json:"strange"`  // wait: no enterprise bears it
	LeftOut    int64  `json:"left_out"` // by decision none of the jurisdiction's
}

// MatchedBy is the Chinese word for how a row's enterprise was found; "" for none.
func MatchedBy(how string) string {
	switch how {
	case "code":
		return "按代码匹配"
	case "number":
		return "按注册号匹配"
	case "former_name":
		return "按曾用名匹配"
	case "name":
		return "按名称匹配"
	case "decision":
		return "按认定匹配"
	}
	return ""
}
