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
	Facts      string
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
		if v.Districts, err = w.linked(w.crossTable("各区梯度企业", held)).HTML(); err != nil {
			return err
		}
	}
	return w.put(page{file: "tiers.html", title: "梯度培育", template: "tiers", data: v})
}

func newStep(it digest.Item, widest float64) step {
	s := step{Name: it.Name, Href: commitmentPage(it.ID), Facts: where(commitmentPage(it.ID), "facts"),
		Light: badgeOf(it), Change: figure.Change(it.At.Quarter, it.UnitName()),
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
	t := workbook.New(name, "各区暂无数据", workbook.Text.Of("区"))
	for _, it := range items {
		_, unit := figure.Tabular(nil, it.UnitName())
		t.Columns = append(t.Columns, workbook.Count.Of(it.Name+"（"+unit+"）")...)
	}
	row := func(r kpi.Region) []any {
		cells := []any{r.Name}
		for _, it := range items {
			v, _ := figure.Tabular(w.d.At(it.ID, r.Code).Value, it.UnitName())
			cells = append(cells, w.opened(workbook.Value(v), it, r))
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
	now := workbook.New("本季升降", "本季没有升降", workbook.Text.Of("上季末", "本季末"), workbook.Count.Of("企业（家）"))
	for _, m := range w.detail.TierMoves {
		if m.AsOf != w.d.AsOf() {
			continue
		}
		v.Crosses = v.Crosses || m.CrossesRule
		from, to := kpi.TierName(m.From), kpi.TierName(m.To)
		streams = append(streams, chart.Stream{From: "上季末 " + from, To: "本季末 " + to, Value: float64(m.Enterprises)})
		before[m.From], after[m.To] = true, true
		now.Add(from, to, counted(m.Enterprises,
			where("tiers.html", "t-moved", "季度", periodName(m.AsOf), "原层级", from, "现层级", to)))
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
	v.Moved = w.rows("t-moved", asText.of("季度", "变动"), asWords.of("企业"), asText.of("统一社会信用代码", "区", "原层级", "现层级"), placed)
	v.Moved.Empty = "没有升降"
	v.Moved.Chunk = movedChunk
	for _, m := range w.detail.TierMoved {
		v.Moved.add(periodName(m.AsOf), movedWord(m.From, m.To), m.Name, m.EntityID, w.region(m.Region),
			kpi.TierName(m.From), kpi.TierName(m.To), m.Place)
	}
	return v.Moved.end()
}

// movedChunk is how many rows of moves a file holds: enterprises come back, and are
// written once in a file.
const movedChunk = 10000

// moveHistory is, by quarter, how many came in, rose, fell and went.
func (w *site) moveHistory() workbook.Table {
	t := workbook.New("历季升降", "没有升降记录", workbook.Text.Of("季度"), workbook.Count.Of("新进（家）", "升级（家）", "降级（家）", "退出（家）"),
		workbook.Text.Of("备注"))
	type sum struct {
		n       map[string]int
		crosses bool
	}
	sums := map[kpi.Date]*sum{}
	var dates []kpi.Date
	for _, m := range w.detail.TierMoves {
		s := sums[m.AsOf]
		if s == nil {
			s = &sum{n: map[string]int{}}
			sums[m.AsOf], dates = s, append(dates, m.AsOf)
		}
		s.crosses = s.crosses || m.CrossesRule
		s.n[movedWord(m.From, m.To)] += m.Enterprises
	}
	for _, on := range slices.Backward(dates) {
		s, note := sums[on], ""
		if s.crosses {
			note = "认定办法更替，前后不完全可比"
		}
		cells := []any{periodName(on)}
		for _, word := range movedWords {
			if on.Before(w.movedSince()) {
				cells = append(cells, s.n[word])
			} else {
				cells = append(cells, counted(s.n[word], where("tiers.html", "t-moved", "季度", periodName(on), "变动", word)))
			}
		}
		t.Add(append(cells, note)...)
	}
	return t
}

// movedWords are the ways an enterprise moves between tiers.
var movedWords = []string{"新进", "升级", "降级", "退出"}

func movedWord(from, to string) string {
	rank := map[string]int{"": 0, "innovative": 1, "specialised": 2, "little_giant": 3}
	switch {
	case from == "":
		return "新进"
	case to == "":
		return "退出"
	case rank[to] > rank[from]:
		return "升级"
	}
	return "降级"
}

// movedSince is the first quarter end whose moves are listed by name.
func (w *site) movedSince() kpi.Date {
	return kpi.QuarterOf(w.d.AsOf()).Add(1 - kpi.MovedQuarters).End()
}

// expiring is the calendar of recognitions that end within four quarters.
func (w *site) expiring(v *tiersView) error {
	t := workbook.New("到期日历", "未来四个季度没有到期的认定", workbook.Text.Of("层级"))
	var quarters []kpi.Quarter
	for i := range 5 {
		q := kpi.QuarterOf(w.d.AsOf()).Add(i)
		if i == 0 && q.End() == w.d.AsOf() {
			continue
		}
		quarters = append(quarters, q)
		t.Columns = append(t.Columns, workbook.Count.Of(q.String())...)
	}
	t.Columns = append(t.Columns, workbook.Count.Of("合计（家）")...)
	v.Expiring = w.rows("t-expiring", asDay.of("到期日"), asText.of("层级"), asWords.of("企业"), asText.of("统一社会信用代码", "区"), placed)
	v.Expiring.Empty = t.Empty
	n := map[string]map[kpi.Quarter]int{}
	for _, x := range w.detail.Expiring {
		if n[x.Tier] == nil {
			n[x.Tier] = map[kpi.Quarter]int{}
		}
		n[x.Tier][kpi.QuarterOf(x.Last)]++
		v.Expiring.add(x.Last, kpi.TierName(x.Tier), x.Name, x.EntityID, w.region(x.Region), x.Place)
	}
	for _, tier := range slices.Backward(kpi.Tiers) {
		if n[tier] == nil {
			continue
		}
		cells, total := []any{kpi.TierName(tier)}, 0
		for _, q := range quarters {
			cells = append(cells, counted(n[tier][q], where("tiers.html", "t-expiring", "层级", kpi.TierName(tier), "到期日", q.String())))
			total += n[tier][q]
		}
		t.Add(append(cells, counted(total, where("tiers.html", "t-expiring", "层级", kpi.TierName(tier))))...)
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
		name := cmp.Or(c.Industry, unstated)
		if n[name] == nil {
			n[name] = map[string]int{}
			names = append(names, name)
		}
		n[name][c.Tier] += c.Enterprises
	}
	slices.SortStableFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(n[b]["innovative"], n[a]["innovative"]), cmp.Compare(a, b))
	})
	t := workbook.New("按行业", "没有行业数据", workbook.Text.Of("行业门类"))
	for _, tier := range kpi.Tiers {
		t.Columns = append(t.Columns, workbook.Count.Of(kpi.TierName(tier)+"（家）")...)
	}
	var bars []chart.Bar
	for i, name := range names {
		cells := []any{name}
		for _, tier := range kpi.Tiers {
			var cell any = n[name][tier]
			if it, ok := w.lister("enterprise_tier", tier); ok {
				cell = counted(n[name][tier], where(commitmentPage(it.ID), "facts", "行业门类", name))
			}
			cells = append(cells, cell)
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
