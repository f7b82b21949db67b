package digest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"citykpi/pipeline/kpi"
	"citykpi/reports/workbook"
)

// Filings are sources as units file them, for their current periods: the vocabulary
// of the submission calendar, added up.
type Filings struct {
	d    *Digest
	Rows []kpi.CalendarRow
}

// Filings are those of the calendar; own leaves out what is another jurisdiction's,
// or filed by a bureau of one.
func (d *Digest) Filings(own bool) Filings {
	f := Filings{d: d}
	for _, r := range d.Snapshot.Calendar {
		if !own || d.Own(d.source(r.Source)) && !d.foreign(r.Unit) {
			f.Rows = append(f.Rows, r)
		}
	}
	return f
}

// foreign reports whether a unit files for other jurisdictions only.
func (d *Digest) foreign(unit string) bool {
	files := false
	for _, s := range d.Snapshot.Submissions {
		if s.Bureau == unit {
			if files = true; d.Own(s) {
				return false
			}
		}
	}
	return files
}

// source is a source by its contract's name; the zero one where it is not known.
func (d *Digest) source(name string) kpi.Submission {
	for _, s := range d.Snapshot.Submissions {
		if s.Source == name {
			return s
		}
	}
	return kpi.Submission{}
}

// filingWords are the states of a period in the order they are told.
var filingWords = []string{"已报", "与上期相同", "迟报", "过期", "未报", "待报"}

// Count is how many stand as a word of the calendar says.
func (f Filings) Count(word string) int {
	n := 0
	for _, r := range f.Rows {
		if r.Current().Word() == word {
			n++
		}
	}
	return n
}

// Behind are those that failed the period, who is to be asked first first.
func (f Filings) Behind() []kpi.CalendarRow {
	return slices.DeleteFunc(kpi.ByConcern(f.Rows), func(r kpi.CalendarRow) bool { return !r.Current().Behind() })
}

// Sentence counts the states, and says which have consequences: 应报 72 项，已报 54 项，
// 迟报 12 项，未报 3 项，其中 4 项沿用旧数. "" where nothing is due.
func (f Filings) Sentence() string {
	if len(f.Rows) == 0 {
		return ""
	}
	parts := []string{fmt.Sprintf("应报 %d 项", len(f.Rows))}
	for _, w := range filingWords {
		if n := f.Count(w); n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d 项", w, n))
		}
	}
	carried := 0
	for _, r := range f.Rows {
		if !r.Current().Carried.IsZero() {
			carried++
		}
	}
	if carried > 0 {
		parts = append(parts, fmt.Sprintf("其中 %d 项沿用旧数", carried))
	}
	return strings.Join(parts, "，")
}

// SubmissionSentence is how many sources were submitted, in words, and what of their
// rows went back.
func (d *Digest) SubmissionSentence() string {
	s := d.Filings(false).Sentence()
	if s == "" {
		return ""
	}
	var rejected, unmatched int64
	for _, s := range d.Snapshot.Submissions {
		rejected += s.Rejected
		unmatched += s.Unmatched
	}
	return fmt.Sprintf("本期%s；累计退回 %d 行，待匹配企业 %d 行。", s, rejected, unmatched)
}

// Owed names the sources that were not submitted, or not for the whole period, and
// which data stands in for them; "" when there are none.
func (d *Digest) Owed() string {
	var parts []string
	for _, word := range []string{"未报", "过期"} {
		var names []string
		for _, r := range d.Filings(false).Behind() {
			c := r.Current()
			if c.Word() != word {
				continue
			}
			of := []string{r.Unit}
			if l := c.Length(); l != "" {
				of = append(of, "逾期 "+l)
			}
			if !c.Carried.IsZero() {
				of = append(of, "沿用 "+c.Carried.String())
			}
			names = append(names, r.Name+"（"+strings.Join(of, "，")+"）")
		}
		if len(names) > 0 {
			parts = append(parts, word+"："+strings.Join(names, "；")+"。")
		}
	}
	return strings.Join(parts, "")
}

// Sources of what a report has sections of its own for.
const (
	ContractSource = "tech_contract"
	PayoutSource   = "award_payout"
)

// NoneOf is what stands where a source has nothing to show: what there was none of, unless it was never filed, of
// which nobody knows.
func (d *Digest) NoneOf(source, none string) string {
	if s := d.source(source); s.Status == kpi.SourceMissing {
		return s.Bureau + "未报送" + s.Name
	}
	return none
}

// SubmissionTable is how every bureau's source stands.
func (d *Digest) SubmissionTable() workbook.Table {
	t := workbook.Table{
		Name: "数据报送", Title: "数据报送情况", Note: d.AsOfNote() + " · 读取 = 入库 + 退回 + 剔除", Empty: "尚未配置数据源",
		Columns: []workbook.Column{
			{Title: "报送单位", Width: 16}, {Title: "数据", Width: 24}, {Title: "状态", Width: 11}, {Title: "数据日期", Kind: workbook.Day},
			{Title: "应报日期", Kind: workbook.Day}, {Title: "批次", Kind: workbook.Count, Width: 7},
			{Title: "读取（行）", Kind: workbook.Count}, {Title: "入库（行）", Kind: workbook.Count}, {Title: "退回（行）", Kind: workbook.Count},
			{Title: "剔除（行）", Kind: workbook.Count}, {Title: "待匹配（行）", Kind: workbook.Count},
		},
	}
	for _, s := range d.Snapshot.Submissions {
		state, _ := d.FilingState(s.Source)
		if s.Batches == 0 {
			t.Add(s.Bureau, s.Name, state, s.DataDate, s.Due, 0, nil, nil, nil, nil, nil)
			continue
		}
		t.Add(s.Bureau, s.Name, state, s.DataDate, s.Due, s.Batches, s.Read, s.Loaded, s.Rejected, s.Dropped, s.Unmatched)
	}
	return t
}

// FilingState is how a source stands in its current period, by the unit that is
// furthest from filing it, and whether it failed to; a source that is due at no time
// comes as it may.
func (d *Digest) FilingState(source string) (word string, behind bool) {
	for _, r := range kpi.ByConcern(d.Snapshot.Calendar) {
		if r.Source == source {
			return r.Current().Word(), r.Current().Behind()
		}
	}
	return "不定期", false
}

// BureauTable adds the filings and the rows up by bureau: who owes first, then who
// had most rows returned.
func (d *Digest) BureauTable() workbook.Table {
	t := workbook.Table{
		Name: "报送汇总", Title: "各单位数据报送情况", Note: d.AsOfNote() + " · 本期情况同报送日历，已报含与上期相同；读取 = 入库 + 退回 + 剔除", Empty: "尚未配置数据源",
		Columns: []workbook.Column{{Title: "报送单位", Width: 20}},
	}
	for _, title := range []string{"应报（项）", "已报（项）", "迟报（项）", "过期（项）", "未报（项）", "读取（行）", "入库（行）", "退回（行）", "剔除（行）", "待匹配（行）"} {
		t.Columns = append(t.Columns, workbook.Column{Title: title, Kind: workbook.Count})
	}
	type sums [10]int64
	by := map[string]*sums{}
	var bureaus []string
	var all sums
	add := func(bureau string, column int, n int64) {
		if by[bureau] == nil {
			by[bureau] = &sums{}
			bureaus = append(bureaus, bureau)
		}
		by[bureau][column] += n
		all[column] += n
	}
	states := map[string]int{"已报": 1, "与上期相同": 1, "迟报": 2, "过期": 3, "未报": 4}
	for _, r := range d.Snapshot.Calendar {
		add(r.Unit, 0, 1)
		if column := states[r.Current().Word()]; column > 0 {
			add(r.Unit, column, 1)
		}
	}
	for _, s := range d.Snapshot.Submissions {
		for i, n := range []int64{s.Read, s.Loaded, s.Rejected, s.Dropped, s.Unmatched} {
			add(s.Bureau, 5+i, n)
		}
	}
	slices.SortStableFunc(bureaus, func(a, b string) int {
		x, y := by[a], by[b]
		return cmp.Or(cmp.Compare(y[4], x[4]), cmp.Compare(y[3], x[3]), cmp.Compare(y[7], x[7]), cmp.Compare(a, b))
	})
	row := func(name string, s sums) []any {
		cells := []any{name}
		for _, n := range s {
			cells = append(cells, n)
		}
		return cells
	}
	for _, b := range bureaus {
		t.Add(row(b, *by[b])...)
	}
	if len(bureaus) > 0 {
		t.AddTotal(row("合计", all)...)
	}
	return t
}
