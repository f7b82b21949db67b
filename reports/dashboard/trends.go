package dashboard

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"citykpi/pipeline/kpi"
	"citykpi/reports/chart"
	"citykpi/reports/digest"
	"citykpi/reports/figure"
	"citykpi/reports/workbook"
)

// trend is one small multiple.
type trend struct {
	ID, Name, Finding, Note string
	Assumed                 string // the 推定 behind the figure
	Light                   badge
	Chart                   *plot
	Table                   template.HTML
}

// trendsShown is how many trends the overview draws, what lags first.
const trendsShown = 15

func (v *view) trend(d *digest.Digest) error {
	charted := d.Charted()
	items := slices.DeleteFunc(slices.Clone(charted), func(it digest.Item) bool { return len(d.Series(it.ID, it.At.Region)) < 2 })
	v.TrendsNone = "尚无有目标且有数据的事项，暂无趋势可示。"
	if len(charted) > 0 {
		v.TrendsNone = "只有一个季度的数据，从下一季度起画出走势；完成值见重点指标与全部事项。"
	}
	slices.SortStableFunc(items, func(a, b digest.Item) int { // what lags stands first
		return cmp.Compare(newBadge(a.Light()).Order, newBadge(b.Light()).Order)
	})
	if more := len(items) - trendsShown; more > 0 {
		v.TrendsMore = fmt.Sprintf("另有 %d 项的走势见各事项页。", more)
		items = items[:trendsShown]
	}
	for _, it := range items {
		t, err := newTrend(d, it)
		if err != nil {
			return err
		}
		v.Trends = append(v.Trends, t)
	}
	var names []string
	for _, it := range d.Unanswered() {
		names = append(names, it.Name+"（"+it.At.Source.Chinese()+"）")
	}
	if n := len(names); n > 0 {
		v.Unanswered = fmt.Sprintf("有目标而无数据 %d 项：%s", n, strings.Join(names[:min(n, unansweredNamed)], "、"))
		if n > unansweredNamed {
			v.Unanswered += "等"
		}
		v.Unanswered += "。"
	}
	return nil
}

// unansweredNamed is how many commitments without data a line names.
const unansweredNamed = 12

func newTrend(d *digest.Digest, it digest.Item) (trend, error) {
	data := trendData(d, it)
	p, err := newPlot("trend-"+it.ID, chart.Trend(data))
	if err != nil {
		return trend{}, err
	}
	table, err := trendTable(it, data).HTML()
	if err != nil {
		return trend{}, err
	}
	t := trend{ID: it.ID, Name: it.Name, Light: badgeOf(it), Chart: p, Table: table, Finding: finding(it),
		Assumed: strings.Join(it.Doubts(), "；")}
	if len(data.Forecast) > 0 {
		t.Note = fmt.Sprintf("预测 %s 达 %s（%s）", it.Deadline().Chinese(), figure.Quantity(it.At.Forecast, it.UnitName()), it.At.Method)
	}
	return t, nil
}

// finding is the message of a trend in one line.
func finding(it digest.Item) string {
	parts := []string{figure.Quantity(it.At.Value, it.UnitName()).String()}
	if it.At.Rate != nil && !it.Ceiling() {
		parts = append(parts, "完成率 "+figure.Percent(it.At.Rate))
	}
	if p := digest.Pace(it); p != "" {
		parts = append(parts, p)
	}
	return strings.Join(parts, " · ")
}

// trendData lays a commitment's line out over the quarters from its first value
// to the as-of date and, where there is a forecast, on to the deadline.
func trendData(d *digest.Digest, it digest.Item) chart.TrendData {
	line := d.Series(it.ID, it.At.Region)
	dates := trendDates(line, it.Doc.Issued, d.AsOf())
	known := len(dates)
	if it.At.Forecast != nil && it.Deadline().After(d.AsOf()) {
		for q := kpi.QuarterOf(d.AsOf()); ; q = q.Add(1) {
			if q.End().After(d.AsOf()) {
				dates = append(dates, q.End())
			}
			if !q.End().Before(it.Deadline()) {
				break
			}
		}
	}
	t := chart.TrendData{
		Label: it.Name, Unit: it.UnitName(), Columns: it.Kind == kpi.AnnualFlow,
		Values: make([]*float64, len(dates)),
	}
	if it.Target != nil && it.Target.Value() != 0 {
		target := it.Target.Value()
		t.Target, t.Goal = &target, "目标 "+digest.TargetText(it)
	}
	for i, on := range dates {
		t.Names = append(t.Names, periodName(on))
		if on.Year < d.AsOf().Year {
			t.Current = i + 1
		}
		if value, ok := line[on]; ok && i < known {
			t.Values[i] = &value
		}
	}
	t.Pace = pace(it, dates)
	if len(dates) > known {
		t.Forecast = make([]*float64, len(dates))
		t.Forecast[known-1], t.Forecast[len(dates)-1] = it.At.Value, it.At.Forecast
		between(t.Forecast, known-1, len(dates)-1)
	}
	return t
}

// marks says what is drawn in a trend besides its values.
func marks(t chart.TrendData, method string) string {
	var parts []string
	say := func(drawn bool, words string) {
		if drawn {
			parts = append(parts, words)
		}
	}
	say(t.Target != nil, "红线为目标")
	say(len(t.Pace) > 0 && t.Columns, "短横为序时进度")
	say(len(t.Pace) > 0 && !t.Columns, "点线为序时进度")
	say(len(t.Forecast) > 0, "虚线为预测（"+method+"）")
	say(t.Columns && t.Current > 0, "深色为本年")
	return strings.Join(parts, "，")
}

// between fills the points from i to j along a straight line.
func between(points []*float64, i, j int) {
	for k := i + 1; k < j; k++ {
		at := *points[i] + (*points[j]-*points[i])*float64(k-i)/float64(j-i)
		points[k] = &at
	}
}

// trendDates are the quarter ends from the document's issue, or the first value after
// it, to the as-of date, the as-of date itself last. Of a document that has no two of
// them yet, all that are known.
func trendDates(line map[kpi.Date]float64, issued, asOf kpi.Date) []kpi.Date {
	first := asOf
	for on := range line {
		if on.Before(first) {
			first = on
		}
	}
	dates := kpi.QuarterEnds(first, asOf)
	if len(dates) == 0 || dates[len(dates)-1] != asOf {
		dates = append(dates, asOf)
	}
	since := slices.IndexFunc(dates, func(on kpi.Date) bool { return !on.Before(issued) })
	if since < 0 || len(dates)-since < 2 {
		return dates
	}
	return dates[since:]
}

// pace is where the value should have been on each date, nil where the target
// has no time progress or is not judged yet; a ceiling has none at all.
func pace(it digest.Item, dates []kpi.Date) []*float64 {
	if it.Ceiling() || it.Target == nil {
		return nil
	}
	points, any := make([]*float64, len(dates)), false
	for i, on := range dates {
		percent, dated := kpi.TimeProgress(*it.Target, it.Starts(it.Doc), on)
		if !dated || on.Before(it.Doc.Issued) || it.Target.Per == "year" && on.Year < it.Target.FirstFullYear {
			continue
		}
		at := it.Target.Value() * percent / 100
		points[i], any = &at, true
	}
	if !any {
		return nil
	}
	return points
}

// trendTable is the same lines as numbers, without those that have none, money in the scale
// that the item's own figure has on the page.
func trendTable(it digest.Item, t chart.TrendData) workbook.Table {
	scale := figure.ScaleFor(t.Unit, it.At.Value)
	unit, kind := scale.Unit, workbook.Count
	if scale.Divisor != 0 {
		kind = workbook.Money
	}
	table := workbook.New(it.ID, "", workbook.Text.Of("期末"))
	var lines [][]*float64
	line := func(word string, points []*float64) {
		if unit != "" {
			word += "（" + unit + "）"
		}
		table.Columns, lines = append(table.Columns, workbook.Column{Title: word, Kind: kind}), append(lines, points)
	}
	line(reachedWord(it), t.Values)
	if len(t.Pace) > 0 {
		line("序时", t.Pace)
	}
	if len(t.Forecast) > 0 {
		ahead := slices.Clone(t.Forecast)
		for i, v := range t.Values {
			if v != nil { // the forecast begins at the last value, which is none
				ahead[i] = nil
			}
		}
		line("预测", ahead)
	}
	for i, name := range t.Names {
		cells := []any{name}
		for _, points := range lines {
			cells = append(cells, workbook.Value(scale.Of(points[i])))
		}
		table.Add(cells...)
	}
	return table
}
