package convert

import (
	"bytes"
	"slices"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/source/fold"
	"citykpi/pipeline/source/parse"
)

var keptMark = []byte(kpi.KeptMark)

// mayKeep reports whether a table can hold marks of kpi.KeptCell: it is a workbook's, or
// was saved from one.
func mayKeep(t *Table) bool {
	return !t.IsCSV || slices.Contains(t.Header, kpi.ReturnRow)
}

// restore puts the texts that a return workbook could not hold where their marks came
// back. A mark that stands for no text of this return is never loaded as one.
func (c *Converter) restore(cells [][]byte) (restored [][]byte, lost int) {
	lost = -1
	for j, cell := range cells {
		if !bytes.HasPrefix(fold.Trim(cell), keptMark) {
			continue
		}
		text, ok := c.kept[string(fold.Trim(cell))]
		if !ok {
			lost = j
			continue
		}
		if restored == nil {
			restored = slices.Clone(cells)
		}
		restored[j] = []byte(text)
	}
	if restored == nil {
		restored = cells
	}
	return restored, lost
}

// failLost blames a mark that stands for nothing.
func (c *Converter) failLost(cell int) {
	at := slices.IndexFunc(c.columns, func(col planColumn) bool { return col.cell == cell })
	c.fail(at, parse.Problem{Rule: "text.kept", Reason: "“" + kpi.KeptMark + "…〕”只在原退回工作簿中有效，请填写原文"})
}
