package dashboard

import (
	"fmt"
	"html/template"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/show"
	"citykpi/reports/chart"
	"citykpi/reports/digest"
	"citykpi/reports/figure"
)

// ranking is one choice of the districts section.
type ranking struct {
	ID, Title string
	Bars, Map template.JS
	MapKind   string // map where outlines are installed, else tiles
	Places    places
}

// overviewRankings is how many rankings the overview offers; the page of the
// districts has all.
const overviewRankings = 16

// ranked are what districts are compared by, what is pinned first.
func ranked(d *digest.Digest) []digest.Item {
	items := d.Ranked()
	slices.SortStableFunc(items, func(a, b digest.Item) int { return boolOrder(a.Pinned) - boolOrder(b.Pinned) })
	return items
}

// outlines writes the map, where one is installed, as a file the script reads when
// it draws it. What has no outline is named below it.
func (w *site) outlines() error {
	var list []chart.Outline
	for _, s := range w.detail.Shapes {
		list = append(list, chart.Outline{Name: w.regions[s.Region].Short, Shape: s})
	}
	if list == nil {
		return nil
	}
	text, err := chart.Outlines(list)
	if err != nil {
		return fmt.Errorf("map: %w", err)
	}
	call := slices.Concat([]byte("citykpi.map("), show.JSON(text), []byte(")\n"))
	return os.WriteFile(filepath.Join(w.dir, "data", "map.js"), call, 0o644)
}

// mapNote says how the map is to be read.
func (w *site) mapNote() string {
	if len(w.detail.Shapes) == 0 {
		return "方格示意位置，上北下南；颜色深浅为完成值，灰色为无数据。"
	}
	note := "颜色深浅为完成值，灰色为无数据；边界由使用单位提供。"
	var without []string
	for _, r := range w.d.Districts() {
		if !slices.ContainsFunc(w.detail.Shapes, func(s kpi.Shape) bool { return s.Region == r.Code }) {
			without = append(without, r.Name)
		}
	}
	if len(without) > 0 {
		note += "图中没有" + joined(without) + "，见表。"
	}
	return note
}

func (w *site) rankings(items []digest.Item) ([]ranking, error) {
	var list []ranking
	for _, it := range items {
		r, err := w.rankingOf(it)
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, nil
}

func boolOrder(first bool) int {
	if first {
		return 0
	}
	return 1
}

func (w *site) rankingOf(it digest.Item) (ranking, error) {
	var bars []chart.Bar
	var tiles []chart.Tile
	largest := 0.0
	for _, p := range w.d.Places(it.ID) {
		if p.At.Value != nil {
			bars = append(bars, chart.Bar{Name: p.Region.Short, Value: *p.At.Value})
			largest = max(largest, *p.At.Value)
		}
		tiles = append(tiles, chart.Tile{Name: p.Region.Short, X: p.Region.Tile[0], Y: p.Region.Tile[1], Value: p.At.Value})
	}
	unit := it.UnitName()
	if unit == figure.Yuan {
		unit = figure.MoneyScale(largest).Unit
	}
	r := ranking{ID: it.ID, Title: it.Name + "（" + unit + "）", Places: w.placesOf(it)}
	var err error
	if r.Bars, err = chart.Ranking(it.Name, it.UnitName(), bars).JSON(); err != nil {
		return ranking{}, err
	}
	m := chart.Tiles(it.Name, it.UnitName(), tiles)
	if len(w.detail.Shapes) > 0 {
		m = chart.Map(it.Name, it.UnitName(), tiles)
	}
	r.MapKind = m.Kind
	r.Map, err = m.JSON()
	return r, err
}

// moneyQuarters is how many quarters the money charts show.
const moneyQuarters = 12

func (v *view) contracts(d *digest.Digest) error {
	quarters := d.ContractQuarters()
	if len(quarters) == 0 {
		return nil
	}
	quarters = quarters[max(0, len(quarters)-moneyQuarters):]
	var names []string
	amount, tech := chart.Series{Name: "成交额"}, chart.Series{Name: "技术交易额"}
	for _, q := range quarters {
		names = append(names, q.Quarter.String())
		amount.Values, tech.Values = append(amount.Values, q.Amount), append(tech.Values, q.TechAmount)
	}
	last := quarters[len(quarters)-1]
	v.ContractsTitle = fmt.Sprintf("%s登记 %s 份，成交额 %s", last.Quarter.Chinese(),
		figure.Count(float64(last.Contracts)), figure.Quantity(&last.Amount, figure.Yuan))
	v.ContractsFinding = "其中技术交易额 " + figure.Quantity(&last.TechAmount, figure.Yuan).String() + yearOnYear(quarters) + "。"
	var err error
	if v.Contracts, err = newPlot("contracts", chart.Quarters("技术合同", names, []chart.Series{amount, tech}, false)); err != nil {
		return err
	}
	v.ContractsTable, err = d.ContractQuarterTable().HTML()
	return err
}

// yearOnYear compares the last quarter with the same quarter of the year before; "" where
// nothing was registered in that.
func yearOnYear(quarters []digest.ContractQuarter) string {
	last := quarters[len(quarters)-1]
	for _, q := range quarters {
		if q.Quarter == last.Quarter.Add(-4) && q.Amount != 0 {
			percent := (last.Amount - q.Amount) / q.Amount * 100
			return "，成交额同比 " + figure.Growth(percent)
		}
	}
	return ""
}

func unitNote(values []float64) string {
	return "。图中单位：" + figure.MoneyScale(slices.Max(values)).Unit
}

func (v *view) payouts(d *digest.Digest) error {
	t := d.Payouts()
	if len(t.Quarters) == 0 {
		return nil
	}
	quarters := t.Quarters[max(0, len(t.Quarters)-moneyQuarters):]
	var names []string
	var totals []float64
	for _, q := range quarters {
		names = append(names, q.String())
		totals = append(totals, t.Quarter(q).Amount)
	}
	last := quarters[len(quarters)-1]
	sum := t.Quarter(last)
	v.PayoutsTitle = fmt.Sprintf("%s兑付 %s 笔，共 %s", last.Chinese(),
		figure.Count(float64(sum.Payouts)), figure.Quantity(&sum.Amount, figure.Yuan))
	v.PayoutsFinding = "按政策条款" + unitNote(totals)
	var err error
	if v.Payouts, err = newPlot("payouts", chart.Quarters("奖补兑付", names, payoutSeries(d, t, quarters), true)); err != nil {
		return err
	}
	v.PayoutsTable, err = d.PayoutQuarterTable().HTML()
	return err
}

// line is one row of a table of commitments.
type line struct {
	ID, Name, Article string
	Key               string // NJ88-003/320100: whose figures the row holds
	Words             string
	Assumed           string
	Light             badge
	Figures           []number
	Units, All, Data  string // Units is the lead, All every responsible unit
	Lone              bool   // on a page of the unit: it need not be named
}

type number struct{ Text, Sort string }

func numberOf(text string, v *float64) number {
	if v == nil {
		return number{Text: figure.None}
	}
	return number{text, strconv.FormatFloat(*v, 'f', -1, 64)}
}

func (v *view) list(d *digest.Digest) error {
	v.Documents = documents(d)
	for _, it := range d.Commitments {
		v.Commitments = append(v.Commitments, newLine(d, it))
	}
	return nil
}

func newLine(d *digest.Digest, it digest.Item) line {
	a, unit, owner := it.At, it.UnitName(), d.Owner(it)
	l := line{
		ID: it.ID, Name: it.Name, Article: digest.ArticleName(it.Article), Key: it.ID + "/" + a.Region, Words: it.Words,
		Assumed: strings.Join(it.Doubts(), "；"), Light: badgeOf(it), Units: owner.Short, All: owner.Full, Data: d.DataNote(it),
	}
	var target *float64
	if it.Target != nil {
		t := it.Target.Value()
		target = &t
	}
	value, goal := figure.Quantity(a.Value, unit).String(), digest.TargetText(it)
	if it.Kind == kpi.Milestone { // a stage is a word
		if target = nil; a.Value != nil {
			value = kpi.Stage(*a.Value)
		}
	}
	head, _ := a.Head(unit)
	sought := numberOf(goal, target)
	if share := digest.Share(a); share != "" {
		value = share
		if it.Target != nil { // what is asked of each; the share has no number to be sorted by
			sought = number{Text: strings.TrimPrefix(goal, "每个"+it.Commitment.Each+" ")}
		}
	}
	quarter, year := changeNumbers(it, a)
	l.Figures = []number{
		numberOf(value, head), sought,
		numberOf(rate(a.Rate), a.Rate), numberOf(rate(a.Time), a.Time), numberOf(figure.Points(a.Gap), a.Gap),
		numberOf(digest.Left(it), a.Left), quarter, year,
	}
	return l
}

func rate(p *float64) string {
	if p == nil {
		return figure.None
	}
	return figure.Rate(*p)
}

// changeNumber is 环比 or 同比 in a table: money in the scale of the figures it stands
// with, of a milestone whether it went on.
func changeNumber(c *kpi.Change, it digest.Item, with ...*float64) number {
	if c == nil {
		return number{Text: figure.None}
	}
	if it.Kind == kpi.Milestone {
		return numberOf(stepText(c.Diff), &c.Diff)
	}
	return numberOf(figure.Change(&kpi.Change{Diff: c.Diff}, it.UnitName(), with...), &c.Diff)
}

// changeNumbers are 环比 and 同比 in a table of unlike items: those of a yearly flow say
// that they have different bases.
func changeNumbers(it digest.Item, a kpi.Attainment) (quarter, year number) {
	quarter, year = changeNumber(a.Quarter, it, a.Value), changeNumber(a.Year, it, a.Value)
	mark := func(n *number, word string) {
		if it.Kind == kpi.AnnualFlow && n.Text != figure.None {
			n.Text = word + " " + n.Text
		}
	}
	mark(&quarter, "当季")
	mark(&year, "累计")
	return quarter, year
}

// stepText is how far a milestone went.
func stepText(stages float64) string {
	steps := []string{figure.None, "一步", "两步"}[min(2, int(math.Abs(stages)))]
	switch {
	case stages > 0:
		return "推进" + steps
	case stages < 0:
		return "退回" + steps
	}
	return steps
}

// checkLine is one line of the checks strip: the checks of one kind that ended alike.
type checkLine struct{ Class, Symbol, Kind, Text string }

// checkStates are the ends of a check, the worst first.
var checkStates = []struct {
	status       kpi.CheckStatus
	symbol, text string
}{
	{kpi.CheckFailed, "■", "%d 项未通过，涉及 %s 行"}, {kpi.CheckWarned, "▲", "%d 项提示，涉及 %s 行"}, {kpi.CheckPassed, "●", "%d 项通过"},
}

func (v *view) checked(d *digest.Digest) error {
	counts := map[kpi.CheckStatus]int{}
	var kinds []string
	for _, c := range d.Snapshot.Checks {
		if !slices.Contains(kinds, c.Kind) {
			kinds = append(kinds, c.Kind)
		}
	}
	for _, state := range checkStates {
		for _, kind := range kinds {
			n, rows := 0, int64(0)
			for _, c := range d.Snapshot.Checks {
				if c.Status == state.status && c.Kind == kind {
					n, rows = n+1, rows+c.Rows
				}
			}
			counts[state.status] += n
			if n == 0 {
				continue
			}
			text := fmt.Sprintf(state.text, n, figure.Count(float64(rows)))
			if state.status == kpi.CheckPassed {
				text = fmt.Sprintf(state.text, n)
			}
			v.Checks = append(v.Checks, checkLine{string(state.status), state.symbol, digest.CheckKind(kind), text})
		}
	}
	v.ChecksSummary = fmt.Sprintf("通过 %d 项，提示 %d 项，未通过 %d 项", counts[kpi.CheckPassed], counts[kpi.CheckWarned], counts[kpi.CheckFailed])
	return nil
}
