package dispatch

import (
	"html/template"

	"citykpi/pipeline/kpi"
	"citykpi/reports/chart"
	"citykpi/reports/digest"
	"citykpi/reports/figure"
)

// report is what the template prints, section by section.
type report struct {
	Policy template.HTMLAttr
	Style  template.CSS

	Title, City, Quarter, AsOf, Published, Release, Until, Beside string

	Overall          overall
	Judged, Watched  table
	Lagging          table
	Progress         template.HTML
	Leaders, Movers  string
	Ranks            *table
	Contracts        money
	Payouts          money
	Findings         string
	FindingTable     *table
	Submitted, Owed  string
	Submissions      *table
	Restated         string
	RestatedTable    *table
	RestatedMore     string
	Evaluations      []table
	EvaluationsTitle string
	Notes            []note
	Documents        []string
}

// money is a sentence, a table and a picture of contracts or awards; the table and
// the picture are missing where there is nothing to show.
type money struct {
	Sentence string
	Table    *table
	Columns  template.HTML
}

// note is a 推定 note; IDs are ranges.
type note struct {
	N         int
	Text, IDs string
}

// chartQuarters is how many quarters the money charts show.
const chartQuarters = 8

func newReport(d *digest.Digest, q kpi.Quarter) (*report, error) {
	s := d.Snapshot
	r := &report{
		Title: title(s, q), City: s.Region.Name, Quarter: q.Chinese(), AsOf: d.AsOf().Chinese(), Until: d.Until(),
		Published: figure.Moment(s.Release.CreatedAt), Release: s.Release.ID, Beside: d.Beside(),
		Overall: newOverall(d), Lagging: laggingTable(d), Progress: progress(d),
		Submitted: or(d.SubmissionSentence(), "尚未配置数据源。"), Owed: d.Owed(),
		Restated: d.RestatementSentence(), Evaluations: scorecards(d, s.Region.Code),
	}
	r.Judged, r.Watched = completion(d)
	if len(s.Submissions) > 0 {
		t := onPaper(d.BureauTable(), "bureaus")
		r.Submissions = &t
	}
	r.ranking(d)
	r.money(d, q)
	if len(s.Restated) > 0 {
		t, more := restated(d)
		r.RestatedTable, r.RestatedMore = &t, more
	}
	r.number()
	for _, n := range d.Notes() {
		r.Notes = append(r.Notes, note{n.N, n.Text, digest.IDRanges(n.IDs)})
	}
	for _, doc := range s.Documents {
		r.Documents = append(r.Documents, "《"+doc.Title+"》（"+doc.Number+"）")
	}
	for _, t := range r.tables() {
		if err := t.check(); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// ranking is section 四: the pinned commitments in one table, the first of them and
// who moved in words.
func (r *report) ranking(d *digest.Digest) {
	items := ranked(d, d.Commitments, d.Districts())
	if len(items) == 0 {
		return
	}
	t := rankTable(d, "各区位次", items, d.Districts(), d.Snapshot.Region)
	r.Ranks = &t
	r.Leaders, r.Movers = d.LeadersSentence(items[0]), d.MoversSentence(items)
}

// money is sections 五 and 六.
func (r *report) money(d *digest.Digest, q kpi.Quarter) {
	r.Contracts = money{Sentence: or(d.ContractSentence(q), d.NoneOf(digest.ContractSource, "本季度无技术合同登记")+"。"), Columns: contractColumns(d)}
	if len(d.ContractKinds(q)) > 0 {
		t := contractTable(d, q)
		r.Contracts.Table = &t
	}
	r.Payouts = money{Sentence: or(d.PayoutSentence(q), d.NoneOf(digest.PayoutSource, "本季度无奖补资金兑付")+"。"), Columns: payoutColumns(d)}
	if d.Payouts().Quarter(q).Payouts > 0 {
		t := payoutTable(d, q)
		r.Payouts.Table = &t
	}
	r.Findings = d.FindingSentence(q)
	if len(d.Findings()) > 0 {
		t := findingTable(d, q)
		r.FindingTable = &t
	}
}

// number heads the section that only some installations have.
func (r *report) number() {
	if len(r.Evaluations) > 0 {
		r.EvaluationsTitle = "九、绩效评价"
	}
}

// tables are all tables of the report.
func (r *report) tables() []table {
	list := []table{r.Overall.Documents, r.Judged, r.Watched, r.Lagging}
	for _, t := range []*table{r.Ranks, r.Contracts.Table, r.Payouts.Table, r.FindingTable, r.Submissions, r.RestatedTable} {
		if t != nil {
			list = append(list, *t)
		}
	}
	return append(list, r.Evaluations...)
}

// progressBars are as many as the eye takes in beside the list.
const progressBars = 10

// progress draws the commitments that have a pace, the worst first and the pinned
// ones after them.
func progress(d *digest.Digest) template.HTML {
	var rows []chart.Progress
	seen := map[string]bool{}
	for _, it := range append(d.Attention(), d.Pinned()...) {
		if seen[it.ID] || it.At.Rate == nil || it.At.Time == nil || it.Ceiling() || len(rows) == progressBars {
			continue
		}
		seen[it.ID] = true
		rows = append(rows, chart.Progress{Name: it.Name, Rate: *it.At.Rate, Time: it.At.Time, Light: it.Light()})
	}
	if len(rows) == 0 {
		return ""
	}
	return chart.Progresses(rows, "完成率与序时进度")
}

func contractColumns(d *digest.Digest) template.HTML {
	quarters := d.ContractQuarters()
	quarters = quarters[max(0, len(quarters)-chartQuarters):]
	var groups []chart.Group
	for _, q := range quarters {
		groups = append(groups, chart.Group{Name: q.Quarter.String(), Values: []float64{q.Amount, q.TechAmount}})
	}
	if len(groups) < 2 {
		return ""
	}
	return chart.Columns(groups, []string{"成交额", "技术交易额"}, "技术合同成交额与技术交易额")
}

func payoutColumns(d *digest.Digest) template.HTML {
	t := d.Payouts()
	var groups []chart.Group
	for _, q := range t.Quarters[max(0, len(t.Quarters)-chartQuarters):] {
		groups = append(groups, chart.Group{Name: q.String(), Values: []float64{t.Quarter(q).Amount}})
	}
	if len(groups) < 2 {
		return ""
	}
	return chart.Columns(groups, []string{"奖补资金"}, "奖补资金兑付")
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
