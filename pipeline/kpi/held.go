package kpi

import "strings"

// Held is a file that waits in the inbox until somebody confirms it.
type Held struct {
	File     string   `json:"file"` // below the inbox
	Source   string   `json:"source"`
	Name     string   `json:"name"`
	Unit     string   `json:"unit"` // who filed it
	DataDate Date     `json:"data_date"`
	Rows     int64    `json:"rows"`
	Rule     HoldRule `json:"rule"`
	Reason   string   `json:"reason"`  // Chinese
	Command  string   `json:"command"` // that loads it all the same
}

// HoldRule is why a file is held.
type HoldRule string

const (
	HeldFuture    HoldRule = "future"         // its data date is to come
	HeldCovered   HoldRule = "period_covered" // another file covers its data date
	HeldFewer     HoldRule = "rows_fall"      // far fewer rows than before
	HeldUnchanged HoldRule = "unchanged"      // the rows of the batch before it
	HeldTotals    HoldRule = "totals"         // its totals are not what its rows add up to
)

// Chinese is the rule as readers see it.
func (r HoldRule) Chinese() string {
	return map[HoldRule]string{HeldFuture: "数据日期未到", HeldCovered: "重复报送", HeldFewer: "行数骤减", HeldUnchanged: "与上期相同", HeldTotals: "合计不符"}[r]
}

// FilingUnit is who filed a file: the bureau whose inbox it came in, where that is a
// bureau's, else the one its contract names.
func FilingUnit(file, bureau string, bureaus map[string]bool) string {
	if folder, _, nested := strings.Cut(file, "/"); nested && bureaus[folder] {
		return folder
	}
	return bureau
}

// Asked is a day on which a source's database had nothing but what its newest batch says
// already. It counts as filed again that day, with the same rows.
type Asked struct {
	Source string `json:"source"`
	On     Date   `json:"asked_on"`
	Batch  string `json:"batch_id"`
}
