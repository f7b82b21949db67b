package demo

import (
	"fmt"

	"citykpi/pipeline/kpi"
)

// currency is one that contracts are made in besides the yuan.
type currency struct {
	name  string
	share int
	units int64 // that its rate is quoted for
	base  int64 // what those are worth in millionths of a yuan; 0: nobody has filed a rate
}

var currencies = []currency{{"美元", 60, 1, 7_120_000}, {"欧元", 18, 1, 7_760_000}, {"日元", 12, 100, 4_830_000},
	{"港元", 8, 1, 913_000}, {"瑞士法郎", 4, 1, 0}}

// rate is what a currency's units are worth in a month, in millionths of a yuan.
func (c *city) rate(m currency, d kpi.Date) int64 {
	return m.base + m.base/2000*int64(stream(c.seed, fmt.Sprintf("%s %d-%d", m.name, d.Year, d.Month)).n(81)-40)
}

// inYuan converts fen of a currency, rounded to the nearest.
func (m currency) inYuan(fen, rate int64) int64 {
	of := m.units * 1_000_000
	return (fen*rate + of/2) / of
}

// sellAbroad puts a few contracts into foreign currencies: worth about what they were,
// and nothing where no rate is filed.
func (c *city) sellAbroad() {
	r := stream(c.seed, "foreign currencies")
	shares := make([]int, len(currencies))
	for i, m := range currencies {
		shares[i] = m.share
	}
	for i := range c.contracts {
		k := &c.contracts[i]
		if k.rejected() || !r.chance(7) {
			continue
		}
		m := currencies[draw(r, shares)]
		rate := c.rate(m, k.on.date())
		abroad := k.amount / 10_000 * 10_000
		if rate > 0 {
			abroad = max(k.amount*m.units*1_000_000/rate/10_000, 1) * 10_000
		}
		technical := abroad / 1000 * (k.technical * 1000 / k.amount)
		for j, fen := range []int64{abroad, technical} {
			k.foreign[j] = pick(r, []string{yuan(fen, 6) + "万" + m.name, yuan(fen, 6) + "（万" + m.name + "）", yuan(fen, 2) + m.name})
		}
		k.amount, k.technical = m.inYuan(abroad, rate), m.inYuan(technical, rate)
	}
}

// monthRate is a line of the office's table.
type monthRate struct {
	currency
	month kpi.Date
	rate  int64
}
