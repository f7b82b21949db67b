package kpi

// PersonalFound is a column of a file in which identity numbers of persons were found
// although its contract expects none. The numbers are masked everywhere but in the lake.
type PersonalFound struct {
	Batch  string `json:"batch_id"`
	Source string `json:"source"` // 企业登记
	Bureau string `json:"bureau"`
	File   string `json:"file"`
	Column string `json:"column"` // in the bureau's words
	Cells  int64  `json:"cells"`  // of loaded rows
}
