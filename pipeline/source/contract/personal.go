package contract

import (
	"slices"

	"citykpi/pipeline/source/fold"
)

// PersonalCells says of each column of a file by its header what of a person it holds:
// what the contract's `personal:` says, "" of all others.
func (c *Contract) PersonalCells(header []string) []string {
	out := make([]string, len(header))
	for i, h := range header {
		key, _ := fold.HeaderKey(h)
		for _, col := range c.Columns {
			if col.Personal != "" && slices.Contains(col.Keys, key) {
				out[i] = col.Personal
			}
		}
	}
	return out
}
