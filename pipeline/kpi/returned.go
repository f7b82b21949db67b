package kpi

import (
	"slices"
	"strconv"
)

// A return is the workbook in which rejected rows go back to their bureau: a letter
// with the batch's number, and the rows in the bureau's own columns. Corrected, it
// comes to the inbox again and is recognised by these words.
const (
	ReturnLetter = "退回通知" // first sheet
	ReturnNumber = "退回编号" // in the letter, left of the batch's number
	ReturnRows   = "退回记录" // second sheet
	ReturnSheet  = "原表"   // column: the sheet a row came from
	ReturnRow    = "原行号"  // column: its row there
)

// Returns is what went back to a bureau and what came of it. Returned = Corrected + Open.
type Returns struct {
	Bureau    string         `json:"bureau"`
	Returned  int64          `json:"returned"`  // rows
	Corrected int64          `json:"corrected"` // rows that came back
	Open      int64          `json:"open"`
	Days      int            `json:"oldest_days"` // since the oldest open row went back
	Files     []ReturnedFile `json:"files"`       // those with open rows, the oldest first
	Reasons   []ReturnedRows `json:"reasons"`     // of open rows, the most frequent first
}

// ReturnedFile is a file with rows that have not come back.
type ReturnedFile struct {
	File     string `json:"file"`
	Batch    string `json:"batch_id"`
	DataDate Date   `json:"data_date"`
	On       Date   `json:"returned_on"`
	Days     int    `json:"days"`
	Returned int64  `json:"returned"`
	Open     int64  `json:"open"`
}

// Rate is the share of the rows that went back that came back, in percent.
func (r Returns) Rate() float64 { return 100 * float64(r.Corrected) / float64(r.Returned) }

// RateText is Rate as it is printed everywhere: 66.7%.
func (r Returns) RateText() string { return strconv.FormatFloat(r.Rate(), 'f', 1, 64) + "%" }

// RuleRows is open rows by the rule they broke.
type RuleRows struct {
	Rule, Words string
	Rows        int
}

// Rules add up the reasons by rule, the most frequent first.
func (r Returns) Rules() []RuleRows {
	var list []RuleRows
	at := map[string]int{}
	for _, reason := range r.Reasons {
		i, seen := at[reason.Rule]
		if !seen {
			i = len(list)
			at[reason.Rule], list = i, append(list, RuleRows{Rule: reason.Rule, Words: reason.Words})
		}
		list[i].Rows += reason.Rows
	}
	slices.SortStableFunc(list, func(a, b RuleRows) int { return b.Rows - a.Rows })
	return list
}
