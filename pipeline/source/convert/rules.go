package convert

import (
	"bytes"
	"strconv"

	"citykpi/pipeline/source/contract"
	"citykpi/pipeline/source/parse"
)

// applyRules checks the contract's rules on a row whose cells are all good.
// A comparison with an absent value does not hold.
func (c *Converter) applyRules() {
	for i := range c.contract.Rules {
		r := &c.contract.Rules[i]
		if c.holds(r) {
			column, _ := c.contract.Index(r.Column)
			c.fail(column, parse.Problem{Rule: r.ID, Reason: r.CN})
		}
	}
}

// sameCurrency reports whether two columns hold amounts in one foreign currency.
func (c *Converter) sameCurrency(a, b int) bool {
	if !c.columns[a].Foreign || !c.columns[b].Foreign {
		return false
	}
	x, y := &c.beside[a][1], &c.beside[b][1]
	return !x.isNull(c.n) && !y.isNull(c.n) && x.number(c.n) == y.number(c.n)
}

func (c *Converter) holds(r *contract.Rule) bool {
	left := &c.vectors[r.Left]
	var right *vector
	if r.Right >= 0 {
		right = &c.vectors[r.Right]
		if left.isNull(c.n) && right.isNull(c.n) && c.sameCurrency(r.Left, r.Right) {
			left, right = &c.beside[r.Left][0], &c.beside[r.Right][0]
		}
	}
	if left.isNull(c.n) || right != nil && right.isNull(c.n) {
		return false
	}
	order := 0
	switch col := &c.columns[r.Left]; {
	case left.width == 0:
		text := []byte(r.Text)
		if right != nil {
			text = right.text(c.n)
		}
		order = bytes.Compare(left.text(c.n), text)
	case right == nil && (col.Type == contract.Category || col.Type == contract.Boolean):
		order = 1
		if col.Type == contract.Category && col.Values[left.number(c.n)].Canonical == r.Text ||
			col.Type == contract.Boolean && strconv.FormatBool(left.number(c.n) == 1) == r.Text {
			order = 0
		}
	default:
		a, b := left.number(c.n), r.Value
		if right != nil {
			b = right.number(c.n)
		}
		if a < b {
			order = -1
		} else if a > b {
			order = 1
		}
	}
	switch r.Op {
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	case ">=":
		return order >= 0
	case "!=":
		return order != 0
	}
	return order == 0
}
