package dashboard

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"citykpi/pipeline/kpi"
	"citykpi/reports/figure"
)

// consortiaView is the page about consortia and their scorecards.
type consortiaView struct {
	Sentence string
	Years    []string
	Rows     []consortiumRow
	Cards    []scorecard
	Lines    []line
}

// consortiumRow is how a consortium was judged, year by year.
type consortiumRow struct {
	Name, No, Region string
	Anchor           string
	Cells            []gradeCell
}

type gradeCell struct{ Grade, Score, Consequence, Class string }

// scorecard is the latest evaluation of one consortium.
type scorecard struct {
	Anchor, Name, No, Region string
	Year                     int
	Grade, Score, Raw        string
	Subsidy, Consequence     string
	Items                    []scoreItem
}

// scoreItem opens to what was asked, what the evidence gave, and the evidence.
type scoreItem struct {
	ID, Name         string
	Bonus            bool
	Points, Full     string
	Earned           bool
	Reason, Override string
	Checks           []scoreCheck
	Proofs           []proof
}

type scoreCheck struct {
	Name, Wants, Value string
	Holds              bool
}

type proof struct {
	Subject, Name, Quantity, Amount, Place string
	Counted                                bool
}

func (w *site) consortia() error {
	v := &consortiaView{}
	results := w.d.Snapshot.Scorecards
	var years []int
	latest := map[string]kpi.ScorecardResult{}
	var order []string
	for _, r := range results {
		if !slices.Contains(years, r.Year) {
			years = append(years, r.Year)
		}
		if _, ok := latest[r.Consortium]; !ok {
			order = append(order, r.Consortium)
		}
		if had, ok := latest[r.Consortium]; !ok || r.Year > had.Year {
			latest[r.Consortium] = r
		}
	}
	slices.Sort(years)
	for _, y := range years {
		v.Years = append(v.Years, strconv.Itoa(y)+"年")
	}
	grades := map[string]int{}
	var gradeNames []string
	for _, no := range order {
		last := latest[no]
		row := consortiumRow{Name: last.Name, No: no, Region: w.region(last.Region), Anchor: "s-" + slug(no)}
		for _, y := range years {
			i := slices.IndexFunc(results, func(r kpi.ScorecardResult) bool { return r.Consortium == no && r.Year == y })
			if i < 0 {
				row.Cells = append(row.Cells, gradeCell{Grade: figure.None})
				continue
			}
			r := results[i]
			row.Cells = append(row.Cells, gradeCell{Grade: r.Grade, Score: figure.Count(r.Score), Consequence: r.Consequence, Class: gradeClass(r)})
		}
		v.Rows = append(v.Rows, row)
		v.Cards = append(v.Cards, w.scorecard(last))
		if grades[last.Grade] == 0 {
			gradeNames = append(gradeNames, last.Grade)
		}
		grades[last.Grade]++
	}
	if len(order) > 0 {
		v.Sentence = fmt.Sprintf("联合体 %d 家，按各自最近一次评价：", len(order))
		slices.SortFunc(gradeNames, func(a, b string) int { return cmp.Or(cmp.Compare(grades[b], grades[a]), cmp.Compare(a, b)) })
		for i, g := range gradeNames {
			if i > 0 {
				v.Sentence += "，"
			}
			v.Sentence += fmt.Sprintf("%s %d 家", g, grades[g])
		}
		v.Sentence += "。"
	}
	for _, it := range w.items() {
		if it.Doc.Scorecard != nil {
			v.Lines = append(v.Lines, newLine(w.d, it))
		}
	}
	return w.put(page{file: "consortia.html", title: "创新联合体", template: "consortia", data: v})
}

func gradeClass(r kpi.ScorecardResult) string {
	switch {
	case r.Consequence != "":
		return "fail"
	case r.Grade == "优秀":
		return "best"
	case r.Grade == "不合格":
		return "fail"
	}
	return ""
}

// scorecard is one evaluation with every item and its evidence.
func (w *site) scorecard(r kpi.ScorecardResult) scorecard {
	s := scorecard{
		Anchor: "s-" + slug(r.Consortium), Name: r.Name, No: r.Consortium, Region: w.region(r.Region), Year: r.Year, Grade: r.Grade,
		Score: figure.Count(r.Score), Raw: figure.Count(r.Raw), Subsidy: figure.Quantity(&r.Subsidy, figure.Yuan).String(), Consequence: r.Consequence,
	}
	for _, p := range w.detail.Points {
		if p.Consortium != r.Consortium || p.Year != r.Year {
			continue
		}
		it := scoreItem{ID: p.Item, Name: p.ItemName, Bonus: p.Bonus, Points: figure.Count(p.Points), Full: figure.Count(p.Full), Earned: p.Points > 0, Reason: readable(p.Reason), Override: p.Override}
		for _, c := range w.detail.Conditions {
			if c.Consortium == r.Consortium && c.Year == r.Year && c.Item == p.Item {
				it.Checks = append(it.Checks, scoreCheck{c.Name, readable(c.Wants), checkValue(c), c.Holds})
			}
		}
		for _, e := range w.detail.Evidence {
			if e.Consortium == r.Consortium && e.Year == r.Year && e.Item == p.Item {
				it.Proofs = append(it.Proofs, proof{e.Subject, e.Name, plainNumber(e.Quantity), figure.Quantity(e.Amount, figure.Yuan).String(), placeText(e.Place), e.Counted})
			}
		}
		s.Items = append(s.Items, it)
	}
	return s
}

// longYuan is an amount in 元 that is too long to read at a glance.
var longYuan = regexp.MustCompile(`\d{5,}(\.\d+)?元?`)

// readable writes long amounts of a rule's words in 万元 or 亿元.
func readable(text string) string {
	return longYuan.ReplaceAllStringFunc(text, func(amount string) string {
		v, err := strconv.ParseFloat(strings.TrimSuffix(amount, "元"), 64)
		if err != nil {
			return amount
		}
		s := figure.MoneyScale(v)
		return figure.Count(v/s.Divisor) + s.Unit
	})
}

// checkValue is what the evidence gave, in the unit of what was asked.
func checkValue(c kpi.ScoreCheck) string {
	if c.Value == nil {
		return "无佐证"
	}
	if strings.HasSuffix(c.Wants, figure.Yuan) {
		return figure.Quantity(c.Value, figure.Yuan).String()
	}
	return figure.Count(*c.Value)
}

func plainNumber(v *float64) string {
	if v == nil {
		return ""
	}
	return figure.Count(*v)
}

// placeText names a row: file, sheet and line.
func placeText(p kpi.Place) string {
	text := p.File
	if p.Sheet != "" {
		text += " · " + p.Sheet
	}
	return fmt.Sprintf("%s · 第 %d 行", text, p.Row)
}

// proofRows lists the evidence that keep, of all years.
func (w *site) proofRows(id string, keep func(kpi.ScoreProof) bool) *rows {
	table := w.rows(id, column{"联合体", asText}, column{"年度", asText}, column{"对象", asText}, column{"材料", asWords}, column{"数量", asNumber}, column{"金额（万元）", asMoney},
		column{"计入", asText}, column{"文件", asWords}, column{"工作表", asText}, column{"行", asNumber})
	for _, p := range slices.Backward(w.detail.Evidence) {
		if !keep(p) {
			continue
		}
		counted := "未计入"
		if p.Counted {
			counted = "计入"
		}
		var quantity, amount any
		if p.Quantity != nil {
			quantity = *p.Quantity
		}
		if p.Amount != nil {
			amount = *p.Amount / figure.TableMoneyDivisor
		}
		table.add(p.Consortium, strconv.Itoa(p.Year), p.Subject, p.Name, quantity, amount, counted, p.File, p.Sheet, p.Row)
	}
	return table
}
