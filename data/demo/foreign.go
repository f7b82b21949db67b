package demo

import (
	"fmt"
	"time"

	"citykpi/pipeline/kpi"
)

// currency is one that contracts are made in besides the yuan.
type currency struct {
	name  string
	share int
	units int64 // that its rate is quoted for
	base  int64 // what those are worth in millionths of a yuan; 0: nobody has filed a rate
}

var currencies = []currency{{"美元", 60, 1, 7_120_000}, {"欧元", 18, 1, 7_760_000}, {"日元", 12, 100, 4_830_000}, {"港元", 8, 1, 913_000}, {"瑞士法郎", 4, 1, 0}}

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

// moneyOr is an amount, as it is written in a foreign currency where it is.
func moneyOr(fen int64, foreign string) cell {
	if foreign != "" {
		return text(foreign)
	}
	return money(fen)
}

// monthRate is a line of the office's table.
type monthRate struct {
	currency
	month kpi.Date
	rate  int64
}

// rateExport is the office's table of a quarter's rates, month by month.
func (c *city) rateExport(q int, chars *charset) export {
	end := c.quarter(q).End()
	var rates []monthRate
	for i := range 3 {
		month := kpi.Date{Year: end.Year, Month: end.Month - time.Month(2-i), Day: 1}
		for _, m := range currencies {
			if m.base > 0 {
				rates = append(rates, monthRate{m, month, c.rate(m, month)})
			}
		}
	}
	columns := []column[monthRate]{
		{cn: []string{"币种", "货币名称"}, value: func(v monthRate) cell { return text(v.name) }},
		{cn: []string{"月份"}, value: func(v monthRate) cell { return text(fmt.Sprintf("%d年%d月", v.month.Year, v.month.Month)) }},
		{cn: []string{"外币数量", "单位数量"}, value: func(v monthRate) cell { return number(int(v.units)) }},
		{cn: []string{"折合人民币", "中间价"}, value: func(v monthRate) cell { return text(yuan(v.rate, 6)) }},
		{cn: []string{"来源", "公布机构"}, value: func(monthRate) cell { return text("月平均汇率（示例）") }},
	}
	f := form{xlsx: q%2 == 0, encoding: utf8BOM, titles: []string{c.quarter(q).Chinese() + "外汇折算率"}}
	return sheet(c, "领导小组办公室/"+c.named("外汇折算率", q, false), "exchange_rate", end, f, chars, rates, columns, func(v monthRate) row {
		return row{key: v.name + v.month.String()}
	})
}
