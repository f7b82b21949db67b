package demo

import (
	"cmp"
	"slices"
)

// budget is what an article of 宁政发〔2022〕88号 may spend in a year.
type budget struct {
	article string // 第4条
	year    int
	unit    string
	amount  int64 // fen
}

// Budget is what an article may spend in the year of the last export, and what was
// paid under its rules by then.
type Budget struct {
	Document string  `json:"document"`
	Article  string  `json:"article"` // 4
	Amount   float64 `json:"budget"`  // 元
	Paid     float64 `json:"paid"`
}

// paidIn is what was paid under an article in a year, in fen.
func (c *city) paidIn(article string, year int) int64 {
	var sum int64
	for _, p := range c.payouts {
		if p.article == article && p.on.date().Year == year {
			sum += p.amount
		}
	}
	return sum
}

// budgets of a year, in whole 万元, with what the year has to go planned like what it brought.
func (c *city) budgets(year int) []budget {
	last := c.quarter(len(c.ends) - 1)
	var list []budget
	for _, b := range stories().Budgeted {
		paid := c.paidIn(b.Article, year)
		if year == last.Year {
			paid = paid * 4 / int64(last.N)
		}
		list = append(list, budget{b.Article, year, b.Unit, paid / 100 * b.Percent / 1_000_000 * 1_000_000})
	}
	return list
}

// budgetsUsed is the truth about the budgets of the last export's year.
func (c *city) budgetsUsed() []Budget {
	list := []Budget{}
	year := c.quarter(len(c.ends) - 1).Year
	if year == c.quarter(0).Year {
		return list
	}
	for _, b := range c.budgets(year) {
		article := b.article[len("第") : len(b.article)-len("条")]
		list = append(list, Budget{"NJ88", article, float64(b.amount) / 100, float64(c.paidIn(b.article, year)) / 100})
	}
	slices.SortFunc(list, func(a, b Budget) int {
		return cmp.Or(cmp.Compare(len(a.Article), len(b.Article)), cmp.Compare(a.Article, b.Article))
	})
	return list
}
