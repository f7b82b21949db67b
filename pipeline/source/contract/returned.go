package contract

import (
	"slices"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/source/fold"
)

// Returned is the contract that a return of its files answers: their rows stand in
// a sheet of their own.
func (c *Contract) Returned() *Contract {
	back := *c
	back.Format.Sheet, back.Format.Sheets = kpi.ReturnRows, nil
	var places []Column
	for _, col := range []Column{
		{Name: ReturnedSheetColumn, CN: []string{kpi.ReturnSheet}, Type: Text},
		{Name: ReturnedRowColumn, CN: []string{kpi.ReturnRow}, Type: Text},
	} {
		key, _ := fold.HeaderKey(col.CN[0])
		if !slices.ContainsFunc(c.Columns, func(own Column) bool { return slices.Contains(own.Keys, key) }) {
			col.Keys = []string{key}
			places = append(places, col)
		}
	}
	return back.with(places)
}
