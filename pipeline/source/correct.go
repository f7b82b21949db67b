package source

import (
	"citykpi/pipeline/source/contract"
	"citykpi/pipeline/source/fold"
)

// Corrects reports whether rows of the file may say what they do to earlier ones.
func (l *Layout) Corrects() bool { return l.Contract.Corrects() }

// tablesOf are the file's tables, and the contract they are read by: the one with columns for
// corrections where a table has a header of theirs.
func (f *File) tablesOf(c *contract.Contract) ([]table, *contract.Contract, error) {
	tables, err := f.tables(c)
	wide := c.Corrected()
	if err != nil || wide == c {
		return tables, c, err
	}
	for _, t := range tables {
		for _, name := range t.fit.names {
			if key, _ := fold.HeaderKey(name); wide.AsksAction(key) {
				tables, err = f.tables(wide)
				return tables, wide, err
			}
		}
	}
	return tables, c, nil
}
