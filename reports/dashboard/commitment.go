package dashboard

import (
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

// tallied is the figure that the facts add up to, of what each of several must do how often it was done.
func tallied(a kpi.Attainment, text string) fig {
	if a.Newest != nil {
		return figOf(a, "count", text, a.Value)
	}
	return figOf(a, "value", text, a.Value)
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
	Unit, Kind        string // Kind is what the figure counts
	Target, Deadline  string
	Missing           string
	Sentence          string
	Reached           string // the word for its figures: 完成值, 累计兑付
	Bullet            template.HTML
	Stats             []stat
	Units             []string
	Reporter          string // who files it, where the document names no unit
	Question          string // what to ask about it while it is behind

	Chart     *plot
	ChartNote string
	Trend     template.HTML
	Periods   template.HTML // of an obligation, in the place of its course
	PeriodsOf string

	Words, Original, Summary, Decision string
	Assumed                            []string
	Doubts                             string // those of them that are about the figure, as lists and cards say them
	Rule                               []term

	Places     *places
	Whole      bool // 不分区
	PlaceChart *plot

	ByUnit       *unitsView
	Sources      []source
	Moved        *moved
	Facts        *rows
	Proofs       *rows
	Doubted      []string // points of a scorecard's item that the experts' row gives and does not justify
	Adjusted     []string // and those that it changes with a reason
	Restated     *rows    // its figures of closed quarters that read differently now
	RestatedNote string   // the whole's own, in words
	RestatedAll  string   // where those of all items stand

	Amended *rows // rows of its sources that withdraw or replace others
	Audit   *rows
}

type term struct{ Name, Text string }

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
		Light:    badgeOf(it), Units: it.Units, Sentence: digest.Sentence(it),
		Words: it.Words, Original: w.d.Snapshot.Sentences[it.ID], Summary: it.Summary,
		Decision: it.Decision, Assumed: it.Assumed, Doubts: strings.Join(it.Doubts(), "；"),
		Rule: terms(it), Sources: w.sources(it),
	}
	if len(it.Units) == 0 {
		v.Reporter = w.d.Reporter(it)
	}
	if it.Behind() && !it.Doc.Draft() {
		v.Question = question(w.d, it)
	}
	for _, p := range w.detail.Points {
		if p.Item != it.ID {
			continue
		}
		of := fmt.Sprintf("%d 年 %s（%s）：", p.Year, p.Name, p.Consortium)
		if p.Unjustified != "" {
			v.Doubted = append(v.Doubted, of+readable(p.Unjustified))
		}
		if p.Adjusted != "" {
			v.Adjusted = append(v.Adjusted, of+readable(p.Adjusted))
		}
	}
	w.stand(v, it)
	for _, part := range []func(*commitmentView, digest.Item) error{w.course, w.places, w.proofs, w.restatedOf, w.amended} {
		if err := part(v, it); err != nil {
			return err
		}
	}
	if err := w.facts(ctx, v, it); err != nil {
		return err
	}
	return w.put(page{
		file: commitmentPage(it.ID), title: it.Name, template: "commitment", data: v,
		crumbs: []link{{Href: "documents.html", Title: "政策文件"}, crumbOf(it.Doc, documentPage(it.Doc.ID)), {Title: it.ID}},
	})
}

// stand fills in the figures.
func (w *site) stand(v *commitmentView, it digest.Item) {
	a, unit := it.At, it.UnitName()
	q := figure.Quantity(a.Value, unit)
	v.Value, v.Unit, v.Kind = figOf(a, "value", q.Text, a.Value), q.Unit, digest.Counts(it.Kind)
	if it.Kind == kpi.Milestone && a.Value != nil {
		v.Value.Text, v.Unit = kpi.Stage(*a.Value), ""
	}
	if p := a.Newest; p != nil {
		v.Value, v.Unit, v.Kind = figOf(a, "value", fmt.Sprintf("%d／%d", p.Did(), p.Had), a.Rate), "个"+it.Commitment.Each, p.Name
		if v.PeriodsOf = "各期办理情况"; it.Kind == kpi.Constraint {
			v.PeriodsOf, v.Kind = "各期末符合情况", "" // it holds as of the data, which may be older than the day
		}
	}
	if a.Members != nil {
		v.PeriodsOf = "各期末办理情况"
	}
	if it.Target != nil && it.Kind != kpi.Milestone {
		v.Target = digest.TargetText(it)
	}
	if !it.Deadline().IsZero() {
		v.Deadline = it.Deadline().Chinese()
	}
	if a.Value == nil {
		v.Missing = missing(a)
	}
	if a.Value == nil {
		v.Kind = ""
	}
	v.Reached = reachedWord(it)
	if a.Value != nil && a.Rate != nil && it.Target != nil && !it.Bound() && a.Newest == nil {
		v.Bullet = bullet(it)
	}
	add := func(name string, f fig, note string) {
		if f.Text != figure.None {
			v.Stats = append(v.Stats, stat{name, f, note})
		}
	}
	if name := "完成率"; !it.Bound() {
		if it.Kind == kpi.Constraint {
			name = "符合率"
		}
		add(name, figOf(a, "attainment", figure.Percent(a.Rate), a.Rate), digest.RateOf(it))
	}
	if p := a.Filed; p != nil && len(p.Not) > 0 {
		add("报送", fig{Text: fmt.Sprintf("%d／%d 个区", p.Did(), p.Had)}, "至"+p.Name+"，未报送："+strings.Join(p.Not, "、"))
	}
	if p := a.Members; p != nil {
		add("已办", fig{Text: fmt.Sprintf("%d／%d 个%s", p.Did(), p.Had, it.Commitment.Each)}, digest.NotDone(*p))
	}
	add("序时进度", figOf(a, "time_progress", figure.Percent(a.Time), a.Time), "")
	if a.Gap != nil {
		add("偏差", figOf(a, "pace_gap", figure.Points(a.Gap)+" 个百分点", a.Gap), "")
	}
	switch {
	case it.Light().Done(), it.Light() == kpi.Green && a.Left != nil && *a.Left == 0: // nothing is short
	case it.Bound():
		add("低于要求", fig{Text: digest.Left(it)}, "")
	case a.Required != nil:
		if when, several := digest.Remaining(a.AsOf, it.Deadline()); several {
			add("还差", fig{Text: digest.Left(it)}, "")
			add("每季度需完成", fig{Text: digest.Required(it)}, "至 "+v.Deadline)
		} else {
			add("还差", fig{Text: digest.Left(it)}, "须在"+when+"完成")
		}
	default:
		add("还差", fig{Text: digest.Left(it)}, "")
	}
	if text := digest.VerdictText(it); it.At.Verdict != nil {
		add("到期", fig{Text: it.At.Verdict.Deadline.Chinese()}, text)
	} else if !it.At.Awaits.IsZero() {
		add("到期", fig{Text: it.At.Awaits.Chinese()}, text)
	} else if text != "" {
		add("关账结论", fig{Text: it.At.Given[0].On.Chinese()}, text)
	}
	for i := len(a.Years) - 1; i >= 0; i-- {
		y := a.Years[i]
		add(fmt.Sprintf("%d年", y.Deadline.Year), fig{Text: figure.Quantity(y.Value, unit).String()}, digest.YearText(it, y))
	}
	if a.Forecast != nil {
		add("预测", fig{Text: figure.ScaleFor(unit, a.Value).Amount(*a.Forecast).String()}, it.Deadline().Chinese()+"，"+a.Method)
	}
	if quarter, year := digest.ChangeWords(it.Kind); it.Kind != kpi.Milestone && it.Kind != kpi.Obligation && a.Newest == nil {
		add(quarter, fig{Text: figure.Change(a.Quarter, unit, a.Value)}, "")
		add(year, fig{Text: figure.Change(a.Year, unit, a.Value)}, "")
	}
	if a.Newest != nil && it.Kind == kpi.Constraint {
		add("合计", figOf(a, "count", figure.Quantity(a.Value, unit).String(), a.Value), "")
	}
	if a.Due > 0 {
		note := fmt.Sprintf("办成 %d 期，缺 %d 期", a.Due-len(a.Missed), len(a.Missed))
		if p := a.Newest; p != nil {
			add(digest.Counts(it.Kind), figOf(a, "count", figure.Quantity(a.Value, unit).String(), a.Value), "")
			note = fmt.Sprintf("全部办成 %d 期，有未办 %d 期", a.Due-len(a.Missed), len(a.Missed))
		}
		add("应办", fig{Text: fmt.Sprintf("%d 期", a.Due)}, note)
	}
	if n := len(a.Unknown); n > 0 {
		add("未报送、不计", fig{Text: fmt.Sprintf("%d 期", n)}, digest.UnknownNames(a))
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
	add("数据", fig{Text: w.d.DataNote(it)}, digest.Lacking(a))
}

// reachedWord is what an item's figures are called: 完成值 where there is a target to
// reach, else what they count.
func reachedWord(it digest.Item) string {
	if word := digest.Counts(it.Kind); it.Target == nil && word != "" {
		return word
	}
	return "完成值"
}

// course is the figure's line over time; a stage has no line worth a picture, and of
// an obligation its periods are told.
func (w *site) course(v *commitmentView, it digest.Item) error {
	line := w.d.Series(it.ID, it.At.Region)
	if len(line) == 0 || it.Kind == kpi.Milestone {
		return nil
	}
	var err error
	if it.Kind == kpi.Obligation && it.Every != "" || it.At.Named() != nil {
		if t := periodTable(it, w.d.Snapshot.Series[kpi.Key{ID: it.ID, Region: it.At.Region}], w.d.Snapshot.Duties); len(t.Rows) > 0 {
			if v.Periods, err = t.HTML(); err != nil {
				return err
			}
		}
		if it.At.Members == nil {
			return nil
		}
	}
	data := trendData(w.d, it)
	if v.Trend, err = trendTable(it, data).HTML(); err != nil {
		return err
	}
	c := chart.Trend(data)
	c.Kind = "course"
	v.Chart, err = newPlot("course", c)
	v.ChartNote = marks(data, it.At.Method)
	return err
}

// places are the districts of the commitment's own jurisdiction, best first.
func (w *site) places(v *commitmentView, it digest.Item) error {
	if v.Whole = it.Whole && it.At.Value != nil; it.Whole || it.Kind == kpi.Milestone {
		return nil
	}
	places := w.placesOf(it)
	if !slices.ContainsFunc(places.List, func(p place) bool { return *p.at.Value != 0 }) {
		return nil
	}
	var bars []chart.Bar
	for _, p := range places.List {
		bars = append(bars, chart.Bar{Name: p.Short, Value: *p.at.Value})
	}
	v.Places = &places
	var err error
	v.PlaceChart, err = newPlot("places", chart.Ranking(it.Name, it.UnitName(), bars))
	return err
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
		return workbook.Link{Value: cell, Href: href, Sum: w.sums(it)}
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
	if whole := it.At.Value; it.Kind.Adds() && whole != nil && *whole > 0 && a.Value != nil {
		share := *a.Value / *whole * 100
		return numberOf(figure.Number(share, 1), &share)
	}
	return number{Text: figure.None}
}

// sources are the exports the commitment's models read.
func (w *site) sources(it digest.Item) []source {
	var list []source
	for _, s := range w.d.SubmissionsOf(it) {
		list = append(list, w.newSource(s))
	}
	return list
}

func (w *site) newSource(s kpi.Submission) source {
	state, late := w.d.FilingState(s.Source)
	n := func(v int64) string { return figure.Count(float64(v)) }
	return source{
		Name: s.Name, Bureau: s.Bureau, Status: state, Late: late,
		DataDate: figure.Day(s.DataDate), Due: figure.Day(s.Due), File: s.File,
		Read: n(s.Read), Loaded: n(s.Loaded), Rejected: n(s.Rejected),
	}
}

// terms are an award rule's or a scorecard item's own words.
func terms(it digest.Item) []term {
	var list []term
	add := func(name, text string) { list = append(list, term{name, text}) }
	each := func(name string, counts []string) {
		for _, says := range counts {
			add(name, says)
		}
	}
	if each("计入", it.Counts); it.Of != nil && it.To != nil {
		each("分子计入", it.Of.Counts)
		each("分母计入", it.To.Counts)
	}
	for _, s := range it.CountedFrom(it.Doc) {
		add("起算", digest.StartText(s))
	}
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
		if words := timesWords[a.Times]; words != "" {
			add("频次", words)
		}
		if a.Months > 0 {
			add("期限", fmt.Sprintf("%d 个月", a.Months))
		}
		if a.Tier != "" {
			who := ""
			if a.Lead {
				who = "（牵头企业）"
			}
			add("资格", kpi.TierName(a.Tier)+who)
		}
		if len(a.Grades) > 0 {
			add("等次", joined(a.Grades))
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

var timesWords = map[string]string{"once": "只此一次", "year": "每年一次"}

func word(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// joined is a list of names as running text has it.
func joined(names []string) string { return strings.Join(names, "、") }
