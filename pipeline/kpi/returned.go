package kpi

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
