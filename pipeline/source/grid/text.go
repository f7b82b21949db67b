package grid

import (
	"bytes"
	"slices"

	"citykpi/pipeline/source/fold"
)

// FormulaText is the text of a cell ="00123", by which programs keep Excel from making a number of it.
func FormulaText(cell []byte) []byte {
	inner := bytes.TrimRight(cell, " \t\r")
	if !bytes.HasPrefix(inner, []byte(`="`)) || len(inner) < 3 || inner[len(inner)-1] != '"' {
		return cell
	}
	if bare, ok := bytes.CutSuffix(inner[2:], []byte(`""`)); ok && bytes.LastIndexByte(bare, '"') == 0 {
		return bare[1:] // =""00123"", of a program that doubled the quotes and set none around the cell
	}
	inner = inner[2 : len(inner)-1]
	text := bytes.ReplaceAll(inner, []byte(`""`), []byte(`"`))
	if 2*bytes.Count(text, []byte(`"`)) != bytes.Count(inner, []byte(`"`)) {
		return cell // a formula of several texts
	}
	return text
}

// Empty reports a row in which nothing stands.
func Empty(cells [][]byte) bool {
	return !slices.ContainsFunc(cells, func(c []byte) bool { return len(fold.Trim(c)) > 0 })
}
