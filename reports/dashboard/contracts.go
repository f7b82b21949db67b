package dashboard

import (
	"cmp"
	"context"
	"fmt"
	"html/template"
	"slices"

	"citykpi/pipeline/kpi"
	"citykpi/reports/chart"
	"citykpi/reports/digest"
	"citykpi/reports/figure"
	"citykpi/reports/workbook"
)

// contractsView is the page about technology contracts.
type contractsView struct {
	*view
	Year                   string
	Stats                  []openStat
	Kinds                  *plot
	KindTable              template.HTML
	LastTitle              string
	LastTable              template.HTML
	Sankey                 *plot
	FlowTitle, FlowFinding string
	FlowTable              template.HTML
	Ranking                template.HTML
	Fields                 template.HTML
	FieldPlot              *plot
	Places                 template.HTML
	Last                   *link // the page of the year before
	Older                  bool  // quarters lead to their files
	Firms                  *rows
	Rows                   *rows
}

func (w *site) contracts(ctx context.Context) error {
	v := &contractsView{view: &view{}, Year: fmt.Sprintf("%d年", w.d.AsOf().Year)}
	if err := v.view.contracts(w.d); err != nil {
		return err
	}
	if err := w.contractQuarters(v); err != nil {
		return err
	}
	for _, section := range []func(*contractsView) error{w.contractKinds, w.flows, w.firms, w.fields, w.contractPlaces} {
		if err := section(v); err != nil {
			return err
		}
	}
	year := w.d.AsOf().Year
	var err error
	if v.Ranking, err = w.ranking(year); err != nil {
		return err
	}
	if last, ok := w.lastContractYear(); ok {
		v.Last = &link{Href: contractPage(last), Title: fmt.Sprintf("%d年", last)}
	}
	for _, it := range w.d.All() {
		if it.Model == "tech_contract" {
			value := figOf(it.At, "value", figure.Quantity(it.At.Value, it.UnitName()).String(), it.At.Value)
			s := stat{it.Name, value, "同比 " + figure.Change(it.At.Year, it.UnitName())}
			v.Stats = append(v.Stats, openStat{stat: s, Href: w.factsIn(it, w.d.Snapshot.Region)})
		}
	}
	if v.Rows, err = w.contractRows(ctx, year); err != nil {
		return err
	}
	return w.put(page{file: "contracts.html", title: "技术合同", template: "contracts", data: v})
}

// contractKinds stacks the kinds of contracts by quarter.
func (w *site) contractKinds(v *contractsView) error {
	quarters := w.d.ContractQuarters()
	quarters = quarters[max(0, len(quarters)-moneyQuarters):]
	if len(quarters) == 0 {
		return nil
	}
	var names []string
	var series []chart.Series
	for i, q := range quarters {
		names = append(names, q.Quarter.String())
		for _, k := range w.d.ContractKinds(q.Quarter) {
			n := slices.IndexFunc(series, func(s chart.Series) bool { return s.Name == k.Kind })
			if n < 0 {
				n = len(series)
				series = append(series, chart.Series{Name: k.Kind, Values: make([]float64, len(quarters))})
			}
			series[n].Values[i] = k.Amount
		}
	}
	var err error
	if v.Kinds, err = newPlot("kinds", chart.Quarters("成交额按合同类别", names, series, true)); err != nil {
		return err
	}
	if v.KindTable, err = w.kindTable(quarters, series).HTML(); err != nil {
		return err
	}
	last := quarters[len(quarters)-1].Quarter
	t := w.d.ContractTable(last)
	for _, r := range t.Rows {
		by := []string{"登记日期", last.String()}
		if !r.Total {
			by = append(by, "合同类别", r.Cells[0].(string))
		}
		w.contractsOf(last.Year).open(r.Cells[1:], by...)
	}
	v.LastTitle = t.Title
	v.LastTable, err = t.HTML()
	return err
}

// kindTable is what the picture of kinds is drawn from.
func (w *site) kindTable(quarters []digest.ContractQuarter, series []chart.Series) workbook.Table {
	t := workbook.New("成交额按合同类别", "", workbook.Text.Of("季度"))
	for _, s := range series {
		t.Columns = append(t.Columns, workbook.Money.Of(s.Name+"（万元）")...)
	}
	for i, q := range quarters {
		cells, of := []any{q.Quarter.String()}, w.contractsOf(q.Quarter.Year)
		for _, s := range series {
			cells = append(cells, of.amount(s.Values[i], contractAmount, "登记日期", q.Quarter.String(), "合同类别", s.Name))
		}
		t.Add(cells...)
	}
	return t
}

// sellerPlace is the district a contract was registered in.
func (w *site) sellerPlace(code string) string {
	if code == w.d.Snapshot.Region.Code {
		return "未分区"
	}
	return w.region(code)
}

// Nodes of a picture of flows: more would not be legible.
const (
	flowSellers = 6
	flowPlaces  = 10
)

// Nodes for what has none of its own.
const (
	otherSellers = "其他高校"
	otherPlaces  = "其他区"
)

// What a contract's seller or field is called where it is none of those listed.
const (
	otherSeller = "企业及其他"
	unstated    = "未写明"
)

// flows draws what universities sold this year and where it went.
func (w *site) flows(v *contractsView) error {
	t := workbook.New("流向", "本年没有技术合同登记", workbook.Text.Of("卖方", "买方所在"), workbook.Count.Of("份数"),
		workbook.Money.Of("成交额（万元）", "技术交易额（万元）"))
	var year []kpi.Flow // of universities
	sellers, places := map[string]float64{}, map[string]float64{}
	var total, local, sold float64
	of := w.contractsOf(w.d.AsOf().Year)
	for _, f := range w.detail.Flows {
		if f.Year != w.d.AsOf().Year {
			continue
		}
		f.To = w.placeName(f.To)
		seller := cmp.Or(f.School, otherSeller)
		t.Add(append([]any{seller, f.To}, of.cells(f.Contracts, f.Amount, f.Tech, "卖方高校", seller, "买方所在", f.To)...)...)
		total += f.Amount
		if f.Local {
			local += f.Amount
		}
		if f.School != "" {
			year, sold = append(year, f), sold+f.Amount
			sellers[f.School] += f.Amount
			places[f.To] += f.Amount
		}
	}
	var err error
	if v.FlowTable, err = t.SortableHTML(); err != nil || sold == 0 {
		return err
	}
	from, to := largest(sellers, flowSellers), largest(places, flowPlaces)
	v.FlowTitle = fmt.Sprintf("高校%s卖出技术合同 %s", v.Year, figure.Quantity(&sold, figure.Yuan))
	percent := local / total * 100
	v.FlowFinding = fmt.Sprintf("全部技术合同中，买方在%s的占成交额 %s", w.d.Snapshot.Region.Name, figure.Percent(&percent))
	nodes, streams := flowPicture(year, from, to)
	v.Sankey, err = newPlot("flows", chart.Sankey("技术合同流向", figure.Yuan, nodes, streams))
	return err
}

// largest are the names with the largest sums, at most so many.
func largest(of map[string]float64, most int) []string {
	var names []string
	for n := range of {
		names = append(names, n)
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(of[b], of[a]), cmp.Compare(a, b)) })
	return names[:min(most, len(names))]
}

// flowPicture merges what has no node of its own into the others.
func flowPicture(flows []kpi.Flow, from, to []string) (nodes []chart.Node, streams []chart.Stream) {
	side := func(name string, known []string, others string) string {
		if slices.Contains(known, name) {
			return name
		}
		return others
	}
	used := map[string]bool{}
	for _, f := range flows {
		s := chart.Stream{From: side(f.School, from, otherSellers), To: "→ " + side(f.To, to, otherPlaces), Value: f.Amount}
		used[s.From], used[s.To] = true, true
		i := slices.IndexFunc(streams, func(o chart.Stream) bool { return o.From == s.From && o.To == s.To })
		if i < 0 {
			streams = append(streams, s)
		} else {
			streams[i].Value += s.Value
		}
	}
	for i, n := range append(slices.Clone(from), otherSellers) {
		if n == otherSellers {
			i = chart.Grey
		}
		if used[n] {
			nodes = append(nodes, chart.Node{Name: n, Hue: i})
		}
	}
	for _, n := range append(slices.Clone(to), otherPlaces) {
		if used["→ "+n] {
			nodes = append(nodes, chart.Node{Name: "→ " + n, Hue: chart.Grey})
		}
	}
	return nodes, streams
}

// placeName is where a contract's buyer stands.
func (w *site) placeName(code string) string {
	switch code {
	case "":
		return "市外或未写明"
	case w.d.Snapshot.Region.Code:
		return w.d.Snapshot.Region.Name + "（未分区）"
	}
	return w.region(code)
}

// fields sums this year's contracts by technical field.
func (w *site) fields(v *contractsView) error {
	sums := map[string]*kpi.FieldCell{}
	amounts := map[string]float64{}
	var total float64
	for _, f := range w.detail.Fields {
		if f.Quarter.Year != w.d.AsOf().Year {
			continue
		}
		name := cmp.Or(f.Field, unstated)
		if sums[name] == nil {
			sums[name] = &kpi.FieldCell{}
		}
		s := sums[name]
		s.Contracts, s.Amount, s.Tech = s.Contracts+f.Contracts, s.Amount+f.Amount, s.Tech+f.Tech
		amounts[name] = s.Amount
		total += f.Amount
	}
	t := workbook.New("按领域", "本年没有技术合同登记", workbook.Text.Of("技术领域"), workbook.Count.Of("份数"),
		workbook.Money.Of("成交额（万元）", "技术交易额（万元）"), workbook.Percent.Of("占比（%）"))
	var bars []chart.Bar
	of := w.contractsOf(w.d.AsOf().Year)
	for _, n := range largest(amounts, len(amounts)) {
		s := sums[n]
		t.Add(append(append([]any{n}, of.cells(s.Contracts, s.Amount, s.Tech, "技术领域", n)...), s.Amount/total*100)...)
		bars = append(bars, chart.Bar{Name: n, Value: s.Amount})
	}
	var err error
	if v.Fields, err = t.HTML(); err != nil || len(bars) == 0 {
		return err
	}
	v.FieldPlot, err = newPlot("fields", chart.Ranking("成交额", figure.Yuan, bars))
	return err
}

// contractPlaces sums this year's contracts by the seller's district.
func (w *site) contractPlaces(v *contractsView) error {
	type sum struct {
		n            int
		amount, tech float64
	}
	add := func(s sum, c kpi.ContractCell) sum {
		return sum{s.n + c.Contracts, s.amount + c.Amount, s.tech + c.TechAmount}
	}
	sums := map[string]sum{}
	var total sum
	for _, c := range w.d.Snapshot.Contracts {
		if c.Quarter.Year == w.d.AsOf().Year {
			sums[c.Region], total = add(sums[c.Region], c), add(total, c)
		}
	}
	t := workbook.New("按区", "本年没有技术合同登记", workbook.Text.Of("卖方登记地"), workbook.Count.Of("份数"), workbook.Money.Of("成交额（万元）", "技术交易额（万元）"))
	row := func(name string, s sum, place ...string) []any {
		return append([]any{name}, w.contractsOf(w.d.AsOf().Year).cells(s.n, s.amount, s.tech, place...)...)
	}
	for _, r := range append(slices.Clone(w.d.Districts()), w.d.Snapshot.Region) {
		if s, ok := sums[r.Code]; ok {
			name := w.sellerPlace(r.Code)
			t.Add(row(name, s, "卖方登记地", name)...)
		}
	}
	if total.n > 0 {
		t.AddTotal(row("合计", total)...)
	}
	var err error
	v.Places, err = w.linked(t).SortableHTML()
	return err
}
