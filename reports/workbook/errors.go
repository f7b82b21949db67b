package workbook

import "errors"

var (
	// ErrShape is returned by WriteXLSX, HTML and Rejects for a row whose cells
	// do not match the columns.
	ErrShape = errors.New("row does not fit the columns")

	// ErrNoTable is returned by WriteXLSX when there is nothing to write: a
	// workbook has at least one sheet.
	ErrNoTable = errors.New("a workbook needs at least one table")
)
