package demo

import (
	"fmt"
	"slices"
	"time"

	"citykpi/pipeline/kpi"
)

func (v contract) in(*city) int    { return v.listed }
func (v payout) in(*city) int      { return v.listed }
func (v basis) in(*city) int       { return v.listed }
func (v monthRate) in(c *city) int { return c.quarterOf(dayOf(v.month)) }

func (v contract) row(*city) row {
	return row{rejected: v.rejected(), values: values{"contract_no": v.no, "project": v.project, "kind": contractKinds[v.kind],
		"signed_on": v.signed, "registered_on": v.on, "seller_district": v.district, "buyer_region": v.buyerRegion, "field": v.field,
		"amount": moneyOr(v.amount, v.foreign[0]), "tech_amount": moneyOr(v.technical, v.foreign[1]),
	}.of("seller", v.seller).of("buyer", v.buyer)}
}

// moneyOr is an amount, as it is written in a foreign currency where it is.
func moneyOr(fen int64, foreign string) cell {
	if foreign != "" {
		return text(foreign)
	}
	return money(fen)
}

func (v payout) row(*city) row {
	return row{values: values{"payment_no": v.no, "paid_on": v.on, "article": v.article, "rule_id": v.rule, "project_no": v.subject,
		"district": v.district, "project": v.project, "batch": v.batch, "amount": v.amount, "share": v.share,
		"remark": nil}.of("payee", v.payee)}
}

func (v basis) row(*city) row {
	return row{rejected: v.amount < 0, values: values{"basis_no": v.no, "rule_id": v.rule, "project_no": v.project, "evidence": v.evidence,
		"grade": v.grade, "year": v.year, "on_date": v.on, "since": v.since, "amount": v.amount,
		"quantity": blank(v.quantity, v.quantity == 0)}.of("payee", v.payee)}
}

func (v monthRate) row(*city) row {
	return row{values: values{"currency": v.name, "rate_on": fmt.Sprintf("%d年%d月", v.month.Year, v.month.Month), "units": int(v.units),
		"rate": yuan(v.rate, 6), "published_by": "月平均汇率（示例）"}}
}

// rates is the office's table of the quarters' rates, month by month.
func (c *city) rates() []monthRate {
	var rates []monthRate
	for q := range c.ends {
		end := c.quarter(q).End()
		for i := range 3 {
			month := kpi.Date{Year: end.Year, Month: end.Month - time.Month(2-i), Day: 1}
			for _, m := range currencies {
				if m.base > 0 {
					rates = append(rates, monthRate{m, month, c.rate(m, month)})
				}
			}
		}
	}
	return rates
}

func (v budget) row(*city) row {
	return row{values: values{"document": "NJ88", "article": v.article, "year": fmt.Sprint(v.year), "unit": v.unit, "amount": v.amount}}
}

// budgetExports are the budgets of every year that has begun, each filed in its January.
func (c *city) budgetExports() []export {
	var files []export
	k := c.looks["award_budget"]
	for year := c.quarter(0).Year + 1; year <= c.quarter(len(c.ends)-1).Year; year++ {
		filed := kpi.Date{Year: year, Month: 1, Day: 31}
		files = append(files, sheet(c, k, k.Path+"_"+compact.write(dayOf(filed)), filed, k.form(c, 0, year), c.budgets(year)))
	}
	return files
}

// moneyExports are technology contracts, award payouts, what those are reckoned from, and currencies.
func (c *city) moneyExports() []export {
	return slices.Concat(filed(c, "tech_contract", c.contracts), filed(c, "award_payout", c.payouts), filed(c, "award_basis", c.bases),
		filed(c, "exchange_rate", c.rates()), c.budgetExports())
}
