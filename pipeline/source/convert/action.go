package convert

import (
	"fmt"
	"slices"

	"citykpi/pipeline/source/contract"
	"citykpi/pipeline/source/fold"
	"citykpi/pipeline/source/parse"
)

// voidInFull refuses a row of a full export that is said to be void: such an export leaves it out.
func (c *Converter) voidInFull() {
	if c.voided < 0 || c.voided >= len(c.cells) {
		return
	}
	word := fold.Word(string(fold.Trim(c.cells[c.voided])))
	for _, v := range contract.ActionWords {
		if v.Canonical == contract.Withdraw && slices.Contains(v.Words, word) {
			c.fail(-1, parse.Problem{Rule: contract.ActionColumn, Reason: fmt.Sprintf("“%s”为“%s”：本表每次报送全量，作废的行请从全量导出中删去后重报，不要单独报送",
				c.header[c.voided], word)})
		}
	}
}

// withdraws reports whether the row being read takes another away and says nothing else.
func (c *Converter) withdraws() bool {
	i := c.action
	if i < 0 {
		return false
	}
	word, known := c.columns[i].words[fold.Word(string(fold.Trim(c.raw(i))))]
	return known && c.columns[i].canonical[word] == contract.Withdraw
}

// applyAction holds what a row does against what it says of the row it speaks of.
func (c *Converter) applyAction() {
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
			c.fail(at, parse.Problem{Rule: "row_action", Reason: fmt.Sprintf("填写了“%s”，但“%s”没有写明更正或作废，请补填",
				c.columns[at].CN[0], c.columns[i].CN[0])})
		}
	}
}
