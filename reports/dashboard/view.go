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
	Nothing []string // what to do while no figure has a value; nil: some has
	Alone   *link    // the only district there is

	Attention                    []concern
	AttentionMore, AttentionNone string
	Owed                         []owed
	OwedMore, OwedNone           string

	Worse, Better []turn
	TurnedNone    string // "": nothing can be compared

	Cards                  []card
	CardsPerRow, CardsRest int
	Trends                 []trend
	TrendsMore, TrendsNone string
	Unanswered             string
	Rankings               []ranking
	MapNote                string
	DistrictTable          template.HTML
	RankTable              template.HTML
	Contracts              *plot
	ContractsTitle         string
	ContractsTable         template.HTML
	ContractsFinding       string
	Payouts                *plot
	PayoutsTitle           string
	PayoutsTable           template.HTML
	PayoutsFinding         string

	Documents   []string
	Commitments []line

	Checks        []checkLine
	ChecksSummary string
}

// badge is a light ready to print.
type badge struct{ Key, Class, Symbol, Word, Order string }

func newBadge(l kpi.Light) badge {
	if l == kpi.NoLight {
		return badge{Key: "none", Class: "light-none", Symbol: "·", Word: "监测", Order: "8"}
	}
	order := "7"
	for i, o := range []kpi.Light{kpi.Red, kpi.Orange, kpi.Yellow, kpi.Green, kpi.Met, kpi.NoData} {
		if o == l {
			order = fmt.Sprint(i + 1)
		}
	}
	return badge{Key: string(l), Class: "light-" + string(l), Symbol: l.Symbol(), Word: l.Chinese(), Order: order}
}

type count struct {
	badge
	N int
}

// concern is one line of 需要关注.
type concern struct {
	ID, Name         string
	Light            badge
	Gap, Left, Since string
	Units, Question  string
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
	attentionRows = 8
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
	v := &view{Summary: d.Summary()}
	for _, c := range d.Counts() {
		v.Counts = append(v.Counts, count{newBadge(c.Light), c.N})
	}
	v.attend(d)
	v.owe(d)
	v.headline(d)
	v.turned(d)
	for _, section := range []func(*digest.Digest) error{v.trend, v.contracts, v.payouts, v.list, v.checked} {
		if err := section(d); err != nil {
			return nil, err
		}
	}
	return v, nil
}

func (v *view) attend(d *digest.Digest) {
	items := d.Attention()
	if len(items) > attentionRows {
		v.AttentionMore = fmt.Sprintf("共 %d 项，列前 %d 项，其余见全部事项", len(items), attentionRows)
		items = items[:attentionRows]
	}
	v.AttentionNone = "没有滞后事项。"
	switch {
	case len(d.Commitments) == 0:
		v.AttentionNone = "暂无承诺事项。"
	case len(d.Judged()) == 0:
		v.AttentionNone = "有目标的事项均未接入数据，暂不能判断是否滞后。"
	}
	for _, it := range items {
		v.Attention = append(v.Attention, concern{
			ID: it.ID, Name: it.Name, Light: newBadge(it.Light()), Gap: figure.Points(it.At.Gap),
			Left: figure.Quantity(it.At.Left, it.UnitName()).String(), Since: since(it.BehindSince),
			Units: whose(d, it), Question: question(d, it),
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
		line := turn{t.ID, t.Name, newBadge(t.Before.Light), newBadge(t.Light()), figure.Change(t.At.Quarter, t.UnitName())}
		if t.Worse() {
			v.Worse = append(v.Worse, line)
		} else {
			v.Better = append(v.Better, line)
		}
	}
	v.TurnedNone = "与" + kpi.QuarterOf(d.AsOf()).Add(-1).Chinese() + "末相比没有。"
}

func (v *view) owe(d *digest.Digest) {
	for _, s := range d.Snapshot.Submissions {
		switch {
		case s.Status == kpi.SourceReady:
			continue
		case s.Status == kpi.SourceStale:
			v.Owed = append(v.Owed, owed{s.Bureau, s.Name, "数据止于 " + figure.Day(s.DataDate)})
		default:
			v.Owed = append(v.Owed, owed{s.Bureau, s.Name, s.Status.Chinese()})
		}
	}
	v.Owed = append(v.Owed, rejected(d.Snapshot.Submissions)...)
	if len(v.Owed) > owedRows {
		v.OwedMore = fmt.Sprintf("共 %d 项，列前 %d 项", len(v.Owed), owedRows)
		v.Owed = v.Owed[:owedRows]
	}
	v.OwedNone = "各单位数据均已报送，无退回记录。"
	if len(d.Snapshot.Submissions) == 0 {
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
	for _, doc := range d.Snapshot.Documents {
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
