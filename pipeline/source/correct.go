package source

import (
	"fmt"
	"slices"

	"citykpi/pipeline/source/contract"
	"citykpi/pipeline/source/fold"
	"citykpi/pipeline/source/parse"
)

// voidInFull refuses a row of a full export that is said to be void: such an export leaves it out.
func (c *converter) voidInFull() {
	if c.voided < 0 || c.voided >= len(c.cells) {
		return
	}
	word := fold.Word(string(fold.Trim(c.cells[c.voided])))
	for _, v := range contract.ActionWords {
		if v.Canonical == contract.Withdraw && slices.Contains(v.Words, word) {
			c.fail(-1, parse.Problem{Rule: contract.ActionColumn, Reason: fmt.Sprintf("“%s”为“%s”：本表每次报送全量，作废的行请从全量导出中删去后重报，不要单独报送", c.header[c.voided], word)})
		}
	}
}

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

// withdraws reports whether the row being read takes another away and says nothing else.
func (c *converter) withdraws() bool {
	i := c.action
	if i < 0 {
		return false
	}
	word, known := c.columns[i].words[fold.Word(string(fold.Trim(c.raw(i))))]
	return known && c.columns[i].canonical[word] == contract.Withdraw
}

// applyAction holds what a row does against what it says of the row it speaks of.
func (c *converter) applyAction() {
	i := c.action
	if i < 0 {
		return
	}
	action := contract.Add
	if v := &c.vectors[i]; !v.isNull(c.n) {
		action = contract.ActionWords[v.number(c.n)].Canonical
	}
	if action == contract.Replace || action == contract.Withdraw {
		return
	}
	for _, k := range c.contract.Key {
		if at, ok := c.contract.Index(contract.ReplacesPrefix + k); ok && !c.vectors[at].isNull(c.n) {
			c.fail(at, parse.Problem{Rule: "row_action", Reason: fmt.Sprintf("填写了“%s”，但“%s”没有写明更正或作废，请补填", c.columns[at].CN[0], c.columns[i].CN[0])})
		}
	}
}
