package dashboard

import (
	"html/template"

	"citykpi/pipeline/kpi"
	"citykpi/reports/digest"
	"citykpi/reports/figure"
	"citykpi/reports/workbook"
)

// definition is one commitment as it is computed, for print.
type definition struct {
	ID, Name, Article, Kind       string
	Words, Summary, Decision      string
	Target, Deadline, Units, From string
	Assumed                       []string
	Rule                          []term
}

type definitionGroup struct {
	Title, Number string
	List          []definition
}

// kindWords are the kinds of commitments as readers know them.
var kindWords = map[string]string{
	"stock": "期末存量", "cumulative": "累计数", "annual_flow": "年内累计", "quarter_sum": "当季合计", "ratio": "比率",
	"constraint": "约束性要求", "milestone": "里程碑", "obligation": "经常性工作", "award_rule": "奖补规则", "scorecard_item": "考核项",
	"scorecard_rule": "考核规则",
}

// legendTerm is one light and when it is shown.
type legendTerm struct {
	Light badge
	Text  string
}

func legend(d *digest.Digest) []legendTerm {
	var list []legendTerm
	for _, t := range d.Legend() {
		list = append(list, legendTerm{newBadge(t.Light), t.Text})
	}
	return list
}

// definitions writes every commitment's definition on one page, made for print.
func (w *site) definitions() error {
	var groups []definitionGroup
	at := map[string]int{}
	for _, it := range w.items() {
		i, ok := at[it.Doc.ID]
		if !ok {
			i = len(groups)
			at[it.Doc.ID], groups = i, append(groups, definitionGroup{Title: it.Doc.Title, Number: it.Doc.Number})
		}
		var from []string
		for _, s := range w.sources(it) {
			from = append(from, s.Bureau+"“"+s.Name+"”")
		}
		d := definition{
			ID: it.ID, Name: it.Name, Article: digest.ArticleName(it.Article), Kind: kindWords[string(it.Kind)],
			Words: it.Words, Summary: it.Summary, Decision: it.Decision, Units: w.d.Owner(it).Full,
			From: word(joined(from), "未接入数据"), Assumed: it.Assumed, Rule: terms(it),
		}
		if it.Target != nil {
			d.Target = digest.TargetText(it)
			if it.Target.Per == "year" {
				d.Target += "，每年"
			}
			d.Deadline = it.Deadline().Chinese()
			if why := it.Unjudged(); why != "" {
				d.Deadline = why + "，只监测，不评进度"
			}
		}
		groups[i].List = append(groups[i].List, d)
	}
	return w.put(page{file: "definitions.html", title: "口径", template: "definitions", data: struct {
		Legend []legendTerm
		Drafts bool // some of the documents are
		Groups []definitionGroup
	}{legend(w.d), w.uses(kpi.Document.Draft), groups}})
}

// runsView is what the release was made from and when.
type runsView struct {
	Stats []stat
	Took  template.HTML // of earlier runs
	Jobs  template.HTML // what the schedule did
	Loads []load
	Files *rows
}

// fileRows are the columns of files that count their rows.
var fileRows = [4]string{"读取（行）", "入库（行）", "退回（行）", "剔除（行）"}

// load is the batches that came in at one time.
type load struct {
	At                              string
	Files                           int
	Read, Loaded, Rejected, Dropped int64
	Opens                           any // their number, leading to them
	Sums                            []any
}

// runs writes what was loaded when, and what the release is made of.
func (w *site) runs() error {
	s := w.d.Snapshot
	v := runsView{}
	add := func(name, text string) { v.Stats = append(v.Stats, stat{Name: name, fig: fig{Text: text}}) }
	add("版本", s.Release.ID)
	add("发布", figure.Moment(s.Release.CreatedAt))
	add("数据截至", s.Release.AsOf.Chinese())
	add("所知至", figure.Moment(s.Release.KnownAt))
	add("批次", figure.Count(float64(len(w.detail.Batches))))
	add("校核", figure.Count(float64(len(s.Checks)))+" 项")
	var err error
	if v.Took, err = tookTable(s.Runs).HTML(); err != nil {
		return err
	}
	if v.Jobs, err = jobTable(s.Jobs).SortableHTML(); err != nil {
		return err
	}
	v.Files = w.rows("q-batches", asText.of("载入时间", "报送单位"), asWords.of("数据", "文件"), asDay.of("数据日期"),
		asNumber.of(fileRows[:]...))
	names := w.sourceNames()
	for i := len(w.detail.Batches) - 1; i >= 0; i-- {
		b := w.detail.Batches[i]
		at := b.LoadedAt[:min(16, len(b.LoadedAt))]
		v.Files.add(at, b.Bureau, word(names[b.Source], b.Source), b.File, b.DataDate, b.Read, b.Loaded, b.Rejected, b.Dropped)
		if n := len(v.Loads); n == 0 || v.Loads[n-1].At != at {
			v.Loads = append(v.Loads, load{At: at})
		}
		l := &v.Loads[len(v.Loads)-1]
		l.Files++
		l.Read, l.Loaded, l.Rejected, l.Dropped = l.Read+b.Read, l.Loaded+b.Loaded, l.Rejected+b.Rejected, l.Dropped+b.Dropped
	}
	for i := range v.Loads {
		l := &v.Loads[i]
		href := where("runs.html", "q-batches", "载入时间", l.At)
		l.Opens = counted(l.Files, href)
		for i, n := range []int64{l.Read, l.Loaded, l.Rejected, l.Dropped} {
			l.Sums = append(l.Sums, summed(float64(n), fileRows[i], href))
		}
	}
	if err := v.Files.end(); err != nil {
		return err
	}
	return w.put(page{file: "runs.html", title: "运行", template: "runs", data: v})
}

// jobTable is what was due by the schedule and what became of it.
func jobTable(jobs []kpi.JobRun) workbook.Table {
	t := workbook.New("定时任务", "尚无定时任务记录", workbook.Text.Of("应运行", "任务", "起因", "结果", "开始"), workbook.Count.Of("用时（秒）"),
		workbook.Text.Of("说明"))
	for _, j := range jobs {
		started := ""
		if j.Started != nil {
			started = figure.Moment(*j.Started)
		}
		t.Add(figure.Moment(j.Due), j.Job, j.Trigger, j.Status, started, workbook.Value(j.Seconds), j.Note)
	}
	return t
}

func asOfText(d kpi.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.Chinese()
}

// stages of a run, in their order, as readers know them.
var stages = []struct{ name, word string }{{"load", "载入"}, {"model", "计算"}, {"check", "校核"}, {"render", "出页"}}

// tookTable is how long earlier runs took, stage by stage, in seconds. How long this
// release took is known when it stands: the next one tells.
func tookTable(runs []kpi.RunRecord) workbook.Table {
	t := workbook.New("历次运行", "没有更早的运行记录；本次用时由下一版本列出", workbook.Text.Of("运行时间", "结果", "版本", "数据截至"),
		workbook.Count.Of("批次", "校核通过（项）", "提示（项）", "未通过（项）"))
	for _, s := range stages {
		t.Columns = append(t.Columns, workbook.Count.Of(s.word+"（秒）")...)
	}
	t.Columns = append(t.Columns, workbook.Count.Of("合计（秒）")...)
	for _, r := range runs {
		cells := []any{figure.Moment(r.CreatedAt), r.Outcome.Chinese(), r.Release, asOfText(r.AsOf),
			r.Batches, r.Passed, r.Warned, r.Failed}
		var total any
		sum := 0.0
		for _, stage := range stages {
			var seconds any
			for _, took := range r.Took {
				if took.Name == stage.name {
					sum += took.Seconds
					seconds, total = took.Seconds, sum
				}
			}
			cells = append(cells, seconds)
		}
		t.Add(append(cells, total)...)
	}
	return t
}
