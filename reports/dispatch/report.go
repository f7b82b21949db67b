package dispatch

import (
	"html/template"

	"citykpi/pipeline/kpi"
	"citykpi/reports/chart"
	"citykpi/reports/digest"
	"citykpi/reports/figure"
	"citykpi/reports/workbook"
)

// report is what the template prints.
type report struct {
	Policy template.HTMLAttr
	Style  template.CSS

	Title, City, Quarter, AsOf, Published, Release string
	Documents                                      []string

	Summary string
	Groups  []group
	Silent  []string

	Commitments, Lagging                             template.HTML
	Progress                                         template.HTML
	Leaders                                          []string
	Districts, Ranks                                 template.HTML
	ContractSentence, PayoutSentence, SubmitSentence string
	ContractTable, PayoutTable, Submissions          template.HTML
	ContractColumns, PayoutColumns                   template.HTML
	Notes                                            []digest.Note
}

type group struct {
	Title string
	Lines []line
}

// line is one commitment in words; Marks are its 推定 notes.
type line struct{ Name, Text, Marks string }

// chartQuarters is how many quarters the money charts show.
const chartQuarters = 8

func newReport(d *digest.Digest, q kpi.Quarter) (*report, error) {
	s := d.Snapshot
	r := &report{
		Title: title(s, q), City: s.Region.Name, Quarter: q.Chinese(), AsOf: d.AsOf().Chinese(), Published: figure.Moment(s.Release.CreatedAt), Release: s.Release.ID,
		Summary: d.Summary(), Progress: progress(d), Notes: d.Notes(),
		ContractSentence: or(d.ContractSentence(q), "本季度无技术合同登记。"), PayoutSentence: or(d.PayoutSentence(q), "本季度无奖补资金兑付。"),
		SubmitSentence:  or(d.SubmissionSentence(), "尚未配置数据源。"),
		ContractColumns: contractColumns(d), PayoutColumns: payoutColumns(d),
	}
	for _, doc := range s.Documents {
		r.Documents = append(r.Documents, "《"+doc.Title+"》（"+doc.Number+"）")
	}
	r.words(d)
	tables := map[*template.HTML]workbook.Table{
		&r.Commitments:   d.CommitmentTable().Pick("编号", "事项", "单位", "目标", "完成", "完成率（%）", "序时进度（%）", "偏差（百分点）", "状态", "责任单位", "推定"),
		&r.Lagging:       d.LaggingTable().Pick("序号", "事项", "状态", "偏差（百分点）", "还差", "单位", "每季需完成", "期限", "责任单位"),
		&r.ContractTable: d.ContractTable(q),
		&r.PayoutTable:   d.PayoutTable(q),
		&r.Submissions:   d.SubmissionTable().Pick("报送单位", "数据", "状态", "数据日期", "读取（行）", "入库（行）", "退回（行）", "剔除（行）", "待匹配（行）"),
	}
	if len(d.Ranked()) > 0 {
		tables[&r.Districts], tables[&r.Ranks] = d.DistrictTable(), d.RankTable()
	}
	for place, table := range tables {
		for _, part := range table.Split(pageColumns) {
			html, err := part.HTML()
			if err != nil {
				return nil, err
			}
			*place += html
		}
	}
	return r, nil
}

// pageColumns fit side by side on a landscape page.
const pageColumns = 15

// words are the commitments in sentences, by how they stand.
func (r *report) words(d *digest.Digest) {
	marks := d.NoteMarks()
	for _, g := range d.Groups() {
		out := group{Title: g.Title}
		for _, it := range g.Items {
			out.Lines = append(out.Lines, line{it.Name, digest.Sentence(it), marks[it.ID]})
		}
		r.Groups = append(r.Groups, out)
	}
	for _, it := range d.Silent() {
		r.Silent = append(r.Silent, it.Name+"（"+it.At.Source.Chinese()+"）")
	}
	for _, it := range d.Ranked() {
		if text := d.LeadersSentence(it); it.Pinned && text != "" {
			r.Leaders = append(r.Leaders, text)
		}
	}
}

// progressBars are as many as stand legibly on one page.
const progressBars = 28

// progress draws the judged commitments that have a pace, the worst first; the
// table beside it holds all.
func progress(d *digest.Digest) template.HTML {
	var rows []chart.Progress
	seen := map[string]bool{}
	for _, it := range append(d.Attention(), d.Judged()...) {
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
