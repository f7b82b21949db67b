package dashboard

import (
	"cmp"
	"html/template"
	"slices"

	"citykpi/pipeline/kpi"
	"citykpi/reports/chart"
	"citykpi/reports/digest"
	"citykpi/reports/figure"
	"citykpi/reports/workbook"
)

// tiersView is the page about the tiers of enterprises.
type tiersView struct {
	Steps      []step
	Sankey     *plot
	Quarter    string
	Crosses    bool
	Moves      template.HTML
	History    template.HTML
	Moved      *rows
	Calendar   template.HTML
	Expiring   *rows
	Industries template.HTML
	Industry   *plot
	Districts  template.HTML
}

// step is one tier of the funnel.
type step struct {
	Name, Href string
	Light      badge
	Value      fig
	Target     string
	Rate       string
	Exclusive  string
	Change     string
	Funnel     template.HTML // as wide as the tier is large
}

func (w *site) tiers() error {
	v := &tiersView{Quarter: kpi.QuarterOf(w.d.AsOf()).Chinese()}
	held := w.tierItems()
	widest := 0.0
	for _, it := range held {
		if it.At.Value != nil {
			widest = max(widest, *it.At.Value)
		}
	}
	for _, it := range held {
		v.Steps = append(v.Steps, newStep(it, widest))
	}
	for _, section := range []func(*tiersView) error{w.tierMoves, w.expiring, w.industries} {
		if err := section(v); err != nil {
			return err
		}
	}
	if len(held) > 0 {
		var err error
		if v.Districts, err = w.crossTable("各区梯度企业", held).HTML(); err != nil {
			return err
		}
		v.Districts = w.linked(v.Districts)
	}
	return w.put(page{file: "tiers.html", title: "梯度培育", template: "tiers", data: v})
}

func newStep(it digest.Item, widest float64) step {
	s := step{Name: it.Name, Href: commitmentPage(it.ID), Light: newBadge(it.Light()), Change: figure.Change(it.At.Quarter, it.UnitName()),
		Value: figOf(it.At, "value", figure.Quantity(it.At.Value, it.UnitName()).String(), it.At.Value)}
	if it.Target != nil {
		s.Target, s.Rate = digest.TargetText(it), figure.Percent(it.At.Rate)
	}
	if x := it.At.Also["exclusive"]; x != nil {
		s.Exclusive = figure.Quantity(x, it.UnitName()).String()
	}
	if it.At.Value != nil && widest > 0 {
		s.Funnel = chart.Funnel(*it.At.Value/widest, it.Name)
	}
	return s
}

// tierItems are the commitments that count a tier, the lowest first.
func (w *site) tierItems() []digest.Item {
	var held []digest.Item
	for _, tier := range kpi.Tiers {
		for _, it := range w.d.All() {
			if it.Model == "enterprise_tier" && it.Variant == tier {
				held = append(held, it)
				break
			}
		}
	}
	return held
}

// crossTable is one row per district and one column per commitment.
func (w *site) crossTable(name string, items []digest.Item) workbook.Table {
	t := workbook.Table{Name: name, Columns: []workbook.Column{{Title: "区"}}, Empty: "各区暂无数据"}
	for _, it := range items {
		_, unit := figure.Tabular(nil, it.UnitName())
		t.Columns = append(t.Columns, workbook.Column{Title: it.Name + "（" + unit + "）", Kind: workbook.Count})
	}
	row := func(r kpi.Region) []any {
		cells := []any{r.Name}
		for _, it := range items {
			v, _ := figure.Tabular(w.d.At(it.ID, r.Code).Value, it.UnitName())
			cells = append(cells, workbook.Value(v))
		}
		return cells
	}
	for _, r := range w.d.Districts() {
		t.Add(row(r)...)
	}
	if len(t.Rows) > 0 {
		t.AddTotal(row(w.d.Snapshot.Region)...)
	}
	return t
}

// tierMoves draws who moved between the tiers in the quarter, and lists how many
// did in each quarter before.
func (w *site) tierMoves(v *tiersView) error {
	var streams []chart.Stream
	before, after := map[string]bool{}, map[string]bool{}
	now := workbook.Table{Name: "本季升降", Columns: []workbook.Column{{Title: "上季末"}, {Title: "本季末"}, {Title: "企业（家）", Kind: workbook.Count}}, Empty: "本季没有升降"}
	for _, m := range w.detail.TierMoves {
		if m.AsOf != w.d.AsOf() {
			continue
		}
		v.Crosses = v.Crosses || m.CrossesRule
		streams = append(streams, chart.Stream{From: "上季末 " + kpi.TierName(m.From), To: "本季末 " + kpi.TierName(m.To), Value: float64(m.Enterprises)})
		before[m.From], after[m.To] = true, true
		now.Add(kpi.TierName(m.From), kpi.TierName(m.To), m.Enterprises)
	}
	order := []string{"little_giant", "specialised", "innovative", ""}
	var nodes []chart.Node
	for _, side := range []struct {
		name string
		has  map[string]bool
	}{{"上季末 ", before}, {"本季末 ", after}} {
		for hue, tier := range order {
			if tier == "" {
				hue = chart.Grey
			}
			if side.has[tier] {
				nodes = append(nodes, chart.Node{Name: side.name + kpi.TierName(tier), Hue: hue})
			}
		}
	}
	var err error
	if len(streams) > 0 {
		if v.Sankey, err = newPlot("tiers", chart.Sankey("梯度升降", "家", nodes, streams)); err != nil {
			return err
		}
	}
	if v.Moves, err = now.HTML(); err != nil {
		return err
	}
	if v.History, err = w.moveHistory().HTML(); err != nil {
		return err
	}
	v.Moved = w.rows("t-moved", column{"企业", asWords}, column{"统一社会信用代码", asText}, column{"区", asText}, column{"原层级", asText}, column{"现层级", asText},
		column{"文件", asWords}, column{"工作表", asText}, column{"行", asNumber})
	v.Moved.Empty = "本季没有升降"
	for _, m := range w.detail.TierMoved {
		v.Moved.add(m.Name, m.EntityID, w.region(m.Region), kpi.TierName(m.From), kpi.TierName(m.To), m.File, m.Sheet, m.Row)
	}
	return v.Moved.end()
}

// moveHistory is, by quarter, how many came in, rose, fell and went.
func (w *site) moveHistory() workbook.Table {
	t := workbook.Table{Name: "历季升降", Columns: []workbook.Column{{Title: "季度"}, {Title: "新进（家）", Kind: workbook.Count}, {Title: "升级（家）", Kind: workbook.Count},
		{Title: "降级（家）", Kind: workbook.Count}, {Title: "退出（家）", Kind: workbook.Count}, {Title: "备注"}}, Empty: "没有升降记录"}
	rank := map[string]int{"": 0, "innovative": 1, "specialised": 2, "little_giant": 3}
	type sum struct {
		in, up, down, out int
		crosses           bool
	}
	sums := map[kpi.Date]*sum{}
	var dates []kpi.Date
	for _, m := range w.detail.TierMoves {
		s := sums[m.AsOf]
		if s == nil {
			s = &sum{}
			sums[m.AsOf], dates = s, append(dates, m.AsOf)
		}
		s.crosses = s.crosses || m.CrossesRule
		switch {
		case m.From == "":
			s.in += m.Enterprises
		case m.To == "":
			s.out += m.Enterprises
		case rank[m.To] > rank[m.From]:
			s.up += m.Enterprises
		default:
			s.down += m.Enterprises
		}
	}
	for _, on := range slices.Backward(dates) {
		s, note := sums[on], ""
		if s.crosses {
			note = "认定办法更替，前后不完全可比"
		}
		t.Add(periodName(on), s.in, s.up, s.down, s.out, note)
	}
	return t
}

// expiring is the calendar of recognitions that end within four quarters.
func (w *site) expiring(v *tiersView) error {
	t := workbook.Table{Name: "到期日历", Columns: []workbook.Column{{Title: "层级"}}, Empty: "未来四个季度没有到期的认定"}
	var quarters []kpi.Quarter
	for i := range 5 {
		q := kpi.QuarterOf(w.d.AsOf()).Add(i)
		if i == 0 && q.End() == w.d.AsOf() {
			continue
		}
		quarters = append(quarters, q)
		t.Columns = append(t.Columns, workbook.Column{Title: q.Chinese(), Kind: workbook.Count})
	}
	t.Columns = append(t.Columns, workbook.Column{Title: "合计（家）", Kind: workbook.Count})
	v.Expiring = w.rows("t-expiring", column{"到期日", asDay}, column{"层级", asText}, column{"企业", asWords}, column{"统一社会信用代码", asText}, column{"区", asText},
		column{"文件", asWords}, column{"工作表", asText}, column{"行", asNumber})
	v.Expiring.Empty = t.Empty
	n := map[string]map[kpi.Quarter]int{}
	for _, x := range w.detail.Expiring {
		if n[x.Tier] == nil {
			n[x.Tier] = map[kpi.Quarter]int{}
		}
		n[x.Tier][kpi.QuarterOf(x.Last)]++
		v.Expiring.add(x.Last, kpi.TierName(x.Tier), x.Name, x.EntityID, w.region(x.Region), x.File, x.Sheet, x.Row)
	}
	for _, tier := range slices.Backward(kpi.Tiers) {
		if n[tier] == nil {
			continue
		}
		cells, total := []any{kpi.TierName(tier)}, 0
		for _, q := range quarters {
			cells = append(cells, n[tier][q])
			total += n[tier][q]
		}
		t.Add(append(cells, total)...)
	}
	var err error
	if v.Calendar, err = t.HTML(); err != nil {
		return err
	}
	return v.Expiring.end()
}

// industriesShown is how many industries have a bar of their own.
const industriesShown = 12

func (w *site) industries(v *tiersView) error {
	n := map[string]map[string]int{}
	var names []string
	for _, c := range w.detail.Industries {
		name := cmp.Or(c.Industry, "未写明")
		if n[name] == nil {
			n[name] = map[string]int{}
			names = append(names, name)
		}
		n[name][c.Tier] += c.Enterprises
	}
	slices.SortStableFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(n[b]["innovative"], n[a]["innovative"]), cmp.Compare(a, b))
	})
	t := workbook.Table{Name: "按行业", Columns: []workbook.Column{{Title: "行业门类"}}, Empty: "没有行业数据"}
	for _, tier := range kpi.Tiers {
		t.Columns = append(t.Columns, workbook.Column{Title: kpi.TierName(tier) + "（家）", Kind: workbook.Count})
	}
	var bars []chart.Bar
	for i, name := range names {
		cells := []any{name}
		for _, tier := range kpi.Tiers {
			cells = append(cells, n[name][tier])
		}
		t.Add(cells...)
		if i < industriesShown && n[name]["innovative"] > 0 {
			bars = append(bars, chart.Bar{Name: name, Value: float64(n[name]["innovative"])})
		}
	}
	var err error
	if v.Industries, err = t.HTML(); err != nil || len(bars) == 0 {
		return err
	}
	v.Industry, err = newPlot("industry", chart.Ranking("创新型中小企业", "家", bars))
	return err
}
