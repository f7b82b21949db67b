package digest

import (
	"fmt"
	"math"

	"citykpi/pipeline/kpi"
	"citykpi/reports/figure"
)

// Group is commitments that stand alike, under one heading of the report.
type Group struct {
	Title string
	Items []Item
}

// Groups sorts the commitments by how they stand: behind first, then done and on
// pace, then watched only. Groups without commitments are left out, and so are
// commitments without data: see Silent.
func (d *Digest) Groups() []Group {
	pick := func(lights ...kpi.Light) []Item {
		var items []Item
		for _, it := range d.Commitments {
			for _, l := range lights {
				if it.Light() == l {
					items = append(items, it)
				}
			}
		}
		return items
	}
	var groups []Group
	for _, g := range []Group{
		{"滞后事项", d.Attention()}, {"已完成事项", pick(kpi.Met, kpi.Late)},
		{"达到序时进度事项", pick(kpi.Green)}, {"仅监测事项", pick(kpi.NoLight)},
	} {
		if len(g.Items) > 0 {
			groups = append(groups, g)
		}
	}
	return groups
}

// Recovered are the items that were reached, fell below their target since, and are back.
func (d *Digest) Recovered() []Item {
	var items []Item
	for _, it := range d.Commitments {
		if v := it.At.Verdict; v != nil && it.Light() == kpi.Met && !v.Back.IsZero() {
			items = append(items, it)
		}
	}
	return items
}

// Partly are those of several of which some did not, apart from what is behind and told of there.
func (d *Digest) Partly() []Item {
	behind := map[string]bool{}
	for _, it := range d.Attention() {
		behind[it.ID] = true
	}
	var items []Item
	for _, it := range d.Commitments {
		if p := it.At.Named(); p != nil && len(p.Not) > 0 && !behind[it.ID] {
			items = append(items, it)
		}
	}
	return items
}

// Silent are the commitments without data.
func (d *Digest) Silent() []Item {
	var items []Item
	for _, it := range d.Commitments {
		if it.Light() == kpi.NoData {
			items = append(items, it)
		}
	}
	return items
}

// ContractSentence is a quarter's technology contracts in words, "" when there
// were none.
func (d *Digest) ContractSentence(q kpi.Quarter) string {
	var now, then ContractSum
	for _, c := range d.ContractQuarters() {
		switch c.Quarter {
		case q:
			now = c.ContractSum
		case q.Add(-4):
			then = c.ContractSum
		}
	}
	if now.Contracts == 0 {
		return ""
	}
	return fmt.Sprintf("%s登记技术合同 %s 份，成交额 %s%s；其中技术交易额 %s%s。", q.Chinese(), figure.Count(float64(now.Contracts)),
		quantity(&now.Amount, figure.Yuan), growth(now.Amount, then.Amount),
		quantity(&now.TechAmount, figure.Yuan), growth(now.TechAmount, then.TechAmount))
}

// PayoutSentence is a quarter's award money in words, "" when none was paid.
func (d *Digest) PayoutSentence(q kpi.Quarter) string {
	t := d.Payouts()
	now, then := t.Quarter(q), t.Quarter(q.Add(-4))
	if now.Payouts == 0 {
		return ""
	}
	articles := 0
	for _, a := range t.Articles {
		if t.Cell(q, a).Payouts > 0 {
			articles++
		}
	}
	return fmt.Sprintf("%s兑付奖补资金 %s 笔，共 %s%s，涉及政策条款 %d 条。", q.Chinese(), figure.Count(float64(now.Payouts)),
		quantity(&now.Amount, figure.Yuan), growth(now.Amount, then.Amount), articles)
}

// growth is 同比 in words, "" without a base.
func growth(now, then float64) string {
	if then == 0 {
		return ""
	}
	percent := (now - then) / then * 100
	text := figure.Number(math.Abs(percent), 1)
	switch {
	case text == "0.0":
		return "，同比持平"
	case percent > 0:
		return "，同比增长 " + text + "%"
	}
	return "，同比下降 " + text + "%"
}

// LeadersSentence names the first three and the last three districts of an item.
func (d *Digest) LeadersSentence(it Item) string {
	var ranked []Place
	for _, p := range d.Places(it.ID) {
		if p.At.Value != nil {
			ranked = append(ranked, p)
		}
	}
	if len(ranked) < 6 {
		return ""
	}
	scale := figure.ScaleFor(it.UnitName(), ranked[0].At.Value)
	name := func(p Place) string { return p.Region.Name + "（" + scale.Amount(*p.At.Value).String() + "）" }
	n := len(ranked)
	return fmt.Sprintf("%s：前三位为%s、%s、%s；后三位为%s、%s、%s。", it.Name, name(ranked[0]), name(ranked[1]), name(ranked[2]),
		name(ranked[n-3]), name(ranked[n-2]), name(ranked[n-1]))
}
