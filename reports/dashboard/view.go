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
)

// view is what the page templates print: finished words, numbers and pictures.
type view struct {
	Counts  []count
	Summary string
	Drafts  []draft  // documents that are only reported
	Nothing []string // what to do while no figure has a value; nil: some has
	Alone   *link    // the only district there is

	Attention          []concern
	Behind             int // in all; Attention holds the first of them
	OnWall             int // rows a wall screen has room for
	AttentionNone      string
	Owed               []owed
	OwedMore, OwedNone string

	Worse, Better []turn
	TurnedNone    string // "": nothing can be compared

	Cards                  []card
	CardsPerRow, CardsRest int
	Trends                 []trend
	TrendsMore, TrendsNone string
	Unanswered             string
	Rankings               []ranking
	MapNote                string
	Across                 *across // of the districts page
	Contracts              *plot
	ContractsTitle         string
	ContractsTable         template.HTML
	ContractsFinding       string
	Payouts                *plot
	PayoutsTitle           string
	PayoutsTable           template.HTML
	PayoutsFinding         string

	Legend      []legendTerm // when each light is shown
	Documents   []string
	Commitments []line // what the counts count
	Besides     []link // the documents of all others

	Checks        []checkLine
	ChecksSummary string
	Filing        string // the submission calendar in a sentence
	Unfiled       bool   // somebody has not filed
	Restated      int    // figures of closed quarters that read differently now
}

// badge is a light ready to print.
type badge struct{ Key, Class, Symbol, Word, Order string }

func newBadge(l kpi.Light) badge {
	if l == kpi.NoLight {
		return badge{Key: "none", Class: "light-none", Symbol: "·", Word: "监测", Order: orderOf(l)}
	}
	return badge{Key: string(l), Class: "light-" + string(l), Symbol: l.Symbol(), Word: l.Chinese(), Order: orderOf(l)}
}

// orderOf is a light's place in a list, in two digits so that it is one as text too.
func orderOf(l kpi.Light) string { return fmt.Sprintf("%02d", l.Order()) }

// badgeOf is an item's light, after its deadline with what became of it; a target
// without one says why.
func badgeOf(it digest.Item) badge {
	b := newBadge(it.Light())
	if it.At.Verdict != nil {
		b.Word = it.State()
	}
	if why := it.Unjudged(); why != "" {
		b.Word += "·" + why
	}
	return b
}

type count struct {
	badge
	N    int
	Href string // the commitments
}

// draft is a document that judges nobody yet.
type draft struct {
	Href, Title string
	N           int // commitments it names
}

// concern is one line of 需要关注.
type concern struct {
	ID, Name         string
	Light            badge
	Assumed          string // the 推定 it is judged by
	Gap, Left, Since string
	Units, All       string // All is every responsible unit
	Question         string
}

// owed is one source that has not been submitted, not for this period, or with
// rows that went back.
type owed struct{ Bureau, Name, State string }

// plot is one interactive chart: where it is drawn and what from.
type plot struct {
	ID, Kind, Unit string
	JSON           template.JS
}

func newPlot(id string, c chart.Interactive) (*plot, error) {
	json, err := c.JSON()
	if err != nil {
		return nil, err
	}
	return &plot{ID: "chart-" + id, Kind: c.Kind, Unit: c.Unit, JSON: json}, nil
}

// Rows shown before the rest is left to the table of all commitments.
const (
	attentionRows = 6 // the first row of cards stands below them on the first screen
	wallRows      = 5 // wall.css hides the others
	owedRows      = 8
)

// overview writes the first page: what stands, what does not, whose it is.
func (w *site) overview() error {
	v, err := newView(w.d)
	if err != nil {
		return err
	}
	v.MapNote, v.Alone, v.Nothing = w.mapNote(), w.alone(), w.nothing()
	items := ranked(w.d)
	if v.Rankings, err = w.rankings(items[:min(overviewRankings, len(items))]); err != nil {
		return err
	}
	return w.put(page{file: "index.html", template: "overview-page", data: v})
}

// alone is the only district, which nothing can be compared with; nil where there
// are none or several.
func (w *site) alone() *link {
	if list := w.d.Districts(); len(list) == 1 {
		return &link{Href: districtPage(list[0].Code), Title: list[0].Name}
	}
	return nil
}

// nothing says what comes first while no figure has a value: instead of sections
// that each say that they are empty.
func (w *site) nothing() []string {
	for _, it := range w.d.All() {
		if it.At.Value != nil {
			return nil
		}
	}
	var steps []string
	if len(w.d.Snapshot.Documents) == 0 {
		steps = append(steps, "载入政策文件：承诺事项、目标、期限和责任单位由文件定义。")
	}
	if n := len(w.d.Snapshot.Submissions); n > 0 {
		steps = append(steps, fmt.Sprintf("请各单位报送第一批数据，共 %d 项，名目与期限见数据质量。", n))
	} else {
		steps = append(steps, "配置数据来源，请各单位报送第一批数据。")
	}
	return append(steps, "数据入库并通过校核后，本页列出进度、滞后事项、责任单位和要问的问题。")
}

// newView prepares the sections of the overview that read the digest alone.
func newView(d *digest.Digest) (*view, error) {
	v := &view{Summary: d.Summary(), Legend: legend(d)}
	for _, c := range d.Counts() {
		v.Counts = append(v.Counts, count{badge: newBadge(c.Light), N: c.N})
	}
	v.attend(d)
	v.owe(d)
	v.headline(d)
	v.turned(d)
	v.drafted(d)
	v.besides(d)
	own := d.Filings(true)
	v.Filing, v.Unfiled, v.Restated = own.Sentence(), len(own.Behind()) > 0, len(d.Snapshot.Restated)
	for _, section := range []func(*digest.Digest) error{v.trend, v.contracts, v.payouts, v.list, v.checked} {
		if err := section(d); err != nil {
			return nil, err
		}
	}
	return v, nil
}

func (v *view) attend(d *digest.Digest) {
	items := d.Attention()
	v.Behind, v.OnWall = len(items), min(wallRows, len(items))
	items = items[:min(attentionRows, len(items))]
	v.AttentionNone = "没有滞后事项。"
	switch {
	case len(d.Commitments) == 0:
		v.AttentionNone = "暂无承诺事项。"
	case len(d.Judged()) == 0:
		v.AttentionNone = "有目标的事项均未接入数据，暂不能判断是否滞后。"
	}
	for _, it := range items {
		owner := d.Owner(it)
		v.Attention = append(v.Attention, concern{
			ID: it.ID, Name: it.Name, Light: badgeOf(it), Assumed: strings.Join(it.Doubts(), "；"), Gap: figure.Points(it.At.Gap),
			Left: digest.Left(it), Since: since(it.BehindSince),
			Units: owner.Short, All: owner.Full, Question: question(d, it),
		})
	}
}

func since(on kpi.Date) string {
	if on.IsZero() {
		return figure.None
	}
	return kpi.QuarterOf(on).String()
}

// turn is one line of 较上季度变化.
type turn struct {
	ID, Name      string
	Before, Light badge
	Change        string
}

func (v *view) turned(d *digest.Digest) {
	turned, compared := d.Turned()
	if compared == 0 {
		return
	}
	for _, t := range turned {
		line := turn{t.ID, t.Name, newBadge(t.Before.Light), badgeOf(t.Item), t.Change()}
		if t.Worse() {
			v.Worse = append(v.Worse, line)
		} else {
			v.Better = append(v.Better, line)
		}
	}
	v.TurnedNone = "与" + kpi.QuarterOf(d.AsOf()).Add(-1).Chinese() + "末相比没有。"
}

// drafted names what is reported and judged by nobody.
func (v *view) drafted(d *digest.Digest) {
	for _, s := range digest.ByDocument(d.Drafts) {
		v.Drafts = append(v.Drafts, draft{Href: documentPage(s.Doc.ID), Title: s.Doc.Title, N: len(s.Items)})
	}
}

// besides leads to what the counts do not count: drafts, indicators, and what other
// jurisdictions promise.
func (v *view) besides(d *digest.Digest) {
	add := func(items []digest.Item, what func(kpi.Document) string) {
		for _, s := range digest.ByDocument(items) {
			v.Besides = append(v.Besides, link{Href: documentPage(s.Doc.ID), Title: fmt.Sprintf("%s %d 项", what(s.Doc), len(s.Items))})
		}
	}
	add(d.Drafts, func(kpi.Document) string { return "征求意见稿" })
	add(d.Indicators, func(doc kpi.Document) string { return doc.Called() + "监测指标" })
	add(d.Elsewhere, func(doc kpi.Document) string { return d.RegionName(doc.Region) + "《" + doc.Called() + "》" })
}

// owe lists who has to file or to correct something here: what the submission
// calendar says is overdue, then what went back.
func (v *view) owe(d *digest.Digest) {
	for _, r := range d.Filings(true).Behind() {
		c := r.Current()
		v.Owed = append(v.Owed, owed{r.Unit, r.Name, strings.TrimSpace(c.Word() + " " + c.Length())})
	}
	own := slices.DeleteFunc(slices.Clone(d.Snapshot.Submissions), func(s kpi.Submission) bool { return !d.Own(s) })
	v.Owed = append(v.Owed, rejected(own)...)
	if len(v.Owed) > owedRows {
		v.OwedMore = fmt.Sprintf("共 %d 项，列前 %d 项", len(v.Owed), owedRows)
		v.Owed = v.Owed[:owedRows]
	}
	v.OwedNone = "各单位数据均已报送，无退回记录。"
	if f := d.Filings(true); f.Count("待报") > 0 {
		v.OwedNone = "本期" + f.Sentence() + "，待报的未到应报日期；无退回记录。"
	}
	if len(own) == 0 {
		v.OwedNone = "尚未配置数据源。"
	}
}

// rejected is what bureaus have to correct, the most rows first.
func rejected(submissions []kpi.Submission) []owed {
	back := slices.DeleteFunc(slices.Clone(submissions), func(s kpi.Submission) bool { return s.Rejected == 0 })
	slices.SortStableFunc(back, func(a, b kpi.Submission) int { return cmp.Compare(b.Rejected, a.Rejected) })
	var rows []owed
	for _, s := range back {
		rows = append(rows, owed{s.Bureau, s.Name, "退回 " + figure.Count(float64(s.Rejected)) + " 行"})
	}
	return rows
}

// documents name what the commitments come from.
func documents(d *digest.Digest) []string {
	var names []string
	for _, s := range digest.ByDocument(d.Commitments) {
		doc := s.Doc
		name := "《" + doc.Title + "》"
		if doc.Number != "" {
			name += "（" + doc.Number + "）"
		}
		if doc.Issuer != "" {
			name += doc.Issuer + " "
		}
		name = strings.TrimSpace(name + doc.Issued.Chinese())
		if assumed := doc.Assumptions(); len(assumed) > 0 {
			name += "（推定：" + strings.Join(assumed, "；") + "）"
		}
		names = append(names, name)
	}
	return names
}
