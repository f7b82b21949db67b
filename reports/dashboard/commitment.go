package dashboard

import (
	"cmp"
	"context"
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strings"

	"citykpi/pipeline/kpi"
	"citykpi/reports/chart"
	"citykpi/reports/digest"
	"citykpi/reports/figure"
	"citykpi/reports/workbook"
)

// fig is a figure of a commitment as a page prints it: Key says which of the
// release's figures it is, so that a test can hold every page against kpi list.
type fig struct {
	Text  string
	Key   string // NJ88-003/320100/value
	Value string // exact, as kpi list prints it in JSON
}

func figOf(a kpi.Attainment, name, text string, v *float64) fig {
	f := fig{Text: text}
	if n := numberOf(text, v); n.Sort != "" {
		f.Key, f.Value = a.ID+"/"+a.Region+"/"+name, n.Sort
	}
	return f
}

// stat is one named figure, with a note beside it.
type stat struct {
	Name string
	fig
	Note string
}

// commitmentView is the page of one commitment.
type commitmentView struct {
	ID, Name, Article string
	Document          link
	Number, Status    string
	Light             badge
	Value             fig
	Unit              string
	Target, Deadline  string
	Missing           string
	Sentence          string
	Bullet            template.HTML
	Stats             []stat
	Units             []string

	Chart     *plot
	ChartNote string
	Trend     template.HTML

	Words, Original, Summary, Decision string
	Assumed                            []string
	Rule                               []term

	Places     []place
	PlaceChart *plot

	Sources []source
	Moved   *moved
	Facts   *rows
	Proofs  *rows
	Audit   *rows
}

type term struct{ Name, Text string }

// place is how a district stands.
type place struct {
	Region, Short, Code string
	Own                 bool // has a page of its own
	Rank, Move          string
	Value               fig
	Facts               string // the page of the rows behind the value
	Quarter, Year       number
	Share               number

	at kpi.Attainment
}

// source is one export the figure is computed from.
type source struct {
	Name, Bureau, Status, DataDate, Due, File string
	Late                                      bool
	Read, Loaded, Rejected                    string
}

// moved is who came and who went since the quarter before.
type moved struct {
	Since              string
	Came, Went         []string
	NCame, NWent       string
	MoreCame, MoreWent bool
	Level              bool // something can go: an interval ends
	Rows               *rows
}

// commitment writes the page of one commitment and the files of its facts.
func (w *site) commitment(ctx context.Context, it digest.Item) error {
	v := &commitmentView{
		ID: it.ID, Name: it.Name, Article: digest.ArticleName(it.Article), Number: it.Doc.Number, Status: statuses[it.Doc.Status],
		Document: link{Href: documentPage(it.Doc.ID), Title: it.Doc.Title},
		Light:    newBadge(it.Light()), Units: it.Units, Sentence: digest.Sentence(it),
		Words: it.Words, Original: w.d.Snapshot.Sentences[it.ID], Summary: it.Summary, Decision: it.Decision, Assumed: it.Assumed,
		Rule: terms(it), Sources: w.sources(it),
	}
	w.stand(v, it)
	for _, part := range []func(*commitmentView, digest.Item) error{w.course, w.places, w.proofs} {
		if err := part(v, it); err != nil {
			return err
		}
	}
	if err := w.facts(ctx, v, it); err != nil {
		return err
	}
	return w.put(page{
		file: commitmentPage(it.ID), title: it.Name, template: "commitment", data: v,
		crumbs: []link{{Href: "documents.html", Title: "政策文件"}, {Href: documentPage(it.Doc.ID), Title: it.Doc.ID}, {Title: it.ID}},
	})
}

// stand fills in the figures.
func (w *site) stand(v *commitmentView, it digest.Item) {
	a, unit := it.At, it.UnitName()
	q := figure.Quantity(a.Value, unit)
	v.Value, v.Unit = figOf(a, "value", q.Text, a.Value), q.Unit
	if it.Kind == kpi.Milestone && a.Value != nil {
		v.Value.Text, v.Unit = kpi.Stage(*a.Value), ""
	}
	if it.Target != nil && it.Kind != kpi.Milestone {
		v.Target = digest.TargetText(it)
	}
	if !it.Deadline().IsZero() {
		v.Deadline = it.Deadline().Chinese()
	}
	if a.Value == nil {
		v.Missing = missing(a.Source)
	}
	if a.Value != nil && a.Rate != nil && it.Target != nil && !it.Ceiling() {
		v.Bullet = bullet(it)
	}
	add := func(name string, f fig, note string) {
		if f.Text != figure.None {
			v.Stats = append(v.Stats, stat{name, f, note})
		}
	}
	if !it.Ceiling() {
		add("完成率", figOf(a, "attainment", figure.Percent(a.Rate), a.Rate), "")
	}
	add("时间进度", figOf(a, "time_progress", figure.Percent(a.Time), a.Time), "")
	if a.Gap != nil {
		add("偏差", figOf(a, "pace_gap", figure.Points(a.Gap)+" 个百分点", a.Gap), "")
	}
	if it.Light() != kpi.Met {
		add("还差", fig{Text: figure.Quantity(a.Left, unit).String()}, "")
	}
	if it.Overdue {
		add("期限", fig{Text: "已过 " + v.Deadline}, "")
	} else {
		add("每季需完成", fig{Text: figure.Quantity(a.Required, unit).String()}, "至 "+v.Deadline)
	}
	if a.Forecast != nil {
		add("预测", fig{Text: figure.Quantity(a.Forecast, unit).String()}, it.Deadline().Chinese()+"，"+a.Method)
	}
	add("环比", fig{Text: figure.Change(a.Quarter, unit)}, "")
	add("同比", fig{Text: figure.Change(a.Year, unit)}, "")
	if a.Due > 0 {
		add("应完成", fig{Text: fmt.Sprintf("%d 期", a.Due)}, fmt.Sprintf("缺 %d 期", len(a.Missed)))
	}
	if !it.BehindSince.IsZero() {
		add("低于序时自", fig{Text: kpi.QuarterOf(it.BehindSince).Chinese()}, "")
	}
	for _, m := range it.Also {
		measured := m.Unit
		if measured == "" {
			measured = unit
		}
		add(m.Title, figOf(a, m.Name, figure.Quantity(a.Also[m.Name], measured).String(), a.Also[m.Name]), "")
	}
	add("数据", fig{Text: w.d.DataNote(it)}, "")
}

// course is the figure's line over time; a stage has no line worth a picture.
func (w *site) course(v *commitmentView, it digest.Item) error {
	if len(w.d.Series(it.ID, it.At.Region)) == 0 || it.Kind == kpi.Milestone {
		return nil
	}
	data := trendData(w.d, it)
	var err error
	if v.Trend, err = trendTable(it, data).HTML(); err != nil {
		return err
	}
	c := chart.Trend(data)
	c.Kind = "course"
	v.Chart, err = newPlot("course", c)
	if data.Target != nil {
		v.ChartNote = "红线为目标"
		if len(data.Pace) > 0 {
			v.ChartNote += "，点线为序时进度"
		}
		if len(data.Forecast) > 0 {
			v.ChartNote += "，虚线为预测（" + it.At.Method + "）"
		}
	}
	return err
}

// places are the districts of the commitment's own jurisdiction, best first.
func (w *site) places(v *commitmentView, it digest.Item) error {
	if it.Kind == kpi.Milestone {
		return nil
	}
	places := w.placesOf(it)
	if !slices.ContainsFunc(places, func(p place) bool { return *p.at.Value != 0 }) {
		return nil
	}
	var bars []chart.Bar
	for _, p := range places {
		bars = append(bars, chart.Bar{Name: p.Short, Value: *p.at.Value})
	}
	v.Places = places
	var err error
	v.PlaceChart, err = newPlot("places", chart.Ranking(it.Name, it.UnitName(), bars))
	return err
}

// placesOf are the districts that have a value, best first.
func (w *site) placesOf(it digest.Item) []place {
	unit := it.UnitName()
	var list []place
	for _, r := range w.districtsOf(it.Doc.Region) {
		a := w.d.At(it.ID, r.Code)
		if a.Value == nil {
			continue
		}
		list = append(list, place{
			Region: r.Name, Short: r.Short, Code: r.Code, Own: w.paged[r.Code], Rank: rankText(a), Move: digest.Move(a.RankMove),
			Value: figOf(a, "value", figure.Quantity(a.Value, unit).String(), a.Value), Facts: w.factsIn(it, r),
			Quarter: changeNumber(a.Quarter, unit), Year: changeNumber(a.Year, unit), Share: shareOf(it, a), at: a,
		})
	}
	slices.SortStableFunc(list, func(a, b place) int { return cmp.Compare(*b.at.Value, *a.at.Value) })
	return list
}

// factsIn leads to the facts of an item that lie in a region; "" where the page
// has none.
func (w *site) factsIn(it digest.Item, r kpi.Region) string {
	if w.behind == nil || it.Model == "" && it.Of == nil {
		return ""
	}
	if r.Code == it.At.Region {
		return where(commitmentPage(it.ID), "facts")
	}
	return commitmentPage(it.ID) + "?region=" + url.QueryEscape(r.Name) + "#facts"
}

// opened is a region's figure in a table, leading to the facts behind it.
func (w *site) opened(cell any, it digest.Item, r kpi.Region) any {
	if href := w.factsIn(it, r); href != "" && cell != nil {
		sums := it.UnitName() == figure.Yuan || w.detail.Forms[it.ID].Weighed || it.Of != nil
		return workbook.Link{Value: cell, Href: href, Sum: sums}
	}
	return cell
}

func rankText(a kpi.Attainment) string {
	if a.Rank == 0 {
		return figure.None
	}
	return fmt.Sprint(a.Rank)
}

// shareOf is a region's share of the whole, where the regions add up to it.
func shareOf(it digest.Item, a kpi.Attainment) number {
	adds := it.Kind == kpi.Stock || it.Kind == kpi.Cumulative || it.Kind == kpi.AnnualFlow || it.Kind == kpi.QuarterSum || it.Kind == kpi.AwardRule
	if whole := it.At.Value; adds && whole != nil && *whole > 0 && a.Value != nil {
		share := *a.Value / *whole * 100
		return numberOf(figure.Number(share, 1), &share)
	}
	return number{Text: figure.None}
}

// districtsOf are the regions a jurisdiction reports by.
func (w *site) districtsOf(code string) []kpi.Region {
	if code == w.d.Snapshot.Region.Code || code == "" {
		return w.d.Districts()
	}
	return slices.DeleteFunc(kpi.Districts(w.d.Snapshot.Regions, code), func(r kpi.Region) bool { return r.Kind == "park" })
}

// sources are the exports the commitment's models read.
func (w *site) sources(it digest.Item) []source {
	var list []source
	for _, s := range submissionsOf(w.d, it) {
		list = append(list, newSource(s))
	}
	return list
}

func newSource(s kpi.Submission) source {
	n := func(v int64) string { return figure.Count(float64(v)) }
	return source{
		Name: s.Name, Bureau: s.Bureau, Status: s.Status.Chinese(), Late: s.Status != kpi.SourceReady,
		DataDate: figure.Day(s.DataDate), Due: figure.Day(s.Due), File: s.File,
		Read: n(s.Read), Loaded: n(s.Loaded), Rejected: n(s.Rejected),
	}
}

// terms are an award rule's or a scorecard item's own words.
func terms(it digest.Item) []term {
	var list []term
	add := func(name, text string) { list = append(list, term{name, text}) }
	if a := it.Award; a != nil {
		if a.Rate != nil {
			add("标准", fmt.Sprintf("%s的 %s%%", word(a.Base, "核定基数"), figure.Count(*a.Rate*100)))
		}
		if a.Each != nil {
			add("标准", fmt.Sprintf("每%s %s", word(a.Base, "项"), figure.Quantity(a.Each, figure.Yuan)))
		}
		if a.Cap != nil {
			text := figure.Quantity(a.Cap, figure.Yuan).String()
			if a.PerYear {
				text += "，每年"
			}
			add("封顶", text+perWords[a.Per])
		}
		if a.Months > 0 {
			add("期限", fmt.Sprintf("%d 个月", a.Months))
		}
		if a.Tier != "" {
			add("资格", kpi.TierName(a.Tier))
		}
		for _, c := range a.Conditions {
			add("条件", c)
		}
	}
	for _, c := range it.Conditions {
		add(c.Name, c.Wants())
	}
	if it.Points > 0 {
		add("分值", figure.Count(it.Points)+" 分")
	}
	return list
}

var perWords = map[string]string{
	"project": "，每个项目", "enterprise": "，每家企业", "platform": "，每个平台", "consortium": "，每个联合体", "person": "，每人", "payment": "，每次",
}

func word(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// joined is a list of names as running text has it.
func joined(names []string) string { return strings.Join(names, "、") }
