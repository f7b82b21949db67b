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
	Title    string
	Sentence string
	Years    []string
	Rows     []consortiumRow
	Cards    []scorecard
	Points   *rows
	Lines    []line
}

// consortiumRow is how a consortium was judged, year by year.
type consortiumRow struct {
	Name, No, Region string
	Anchor           string
	Cells            []gradeCell
}

// gradeCell is one evaluation, leading to its points.
type gradeCell struct{ Grade, Score, Consequence, Class, Href string }

// scorecard is the latest evaluation of one consortium.
type scorecard struct {
	Anchor, Name, No, Region string
	Year                     int
	Grade, Score             string
	Raw                      any // what the points add up to, leading to them
	Subsidy, Consequence     string
	Short, Rest              []scoreItem // what did not get all its points; everything else, bonuses among it
}

// scoreItem opens to what was asked, what the evidence gave, and the evidence.
type scoreItem struct {
	ID, Name         string
	Bonus            bool
	Points, Full     string
	Earned           bool
	Reason, Override string
	Unjustified      string // what the experts' row gives and does not justify
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
	v := &consortiaView{Title: "创新联合体"}
	results := w.d.Snapshot.Scorecards
	if len(results) > 0 {
		v.Title = w.d.RegionName(w.d.Jurisdiction(results[0].Region)) + "产业协同创新联合体"
	}
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
			row.Cells = append(row.Cells, gradeCell{Grade: r.Grade, Score: scoreOf(r), Consequence: r.Consequence,
				Class: gradeClass(r), Href: pointsOf(r)})
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
	if err := w.points(v); err != nil {
		return err
	}
	return w.put(page{file: "consortia.html", title: "创新联合体", template: "consortia", data: v})
}

// bonusWord marks an item beyond the full points, where its name does not say so.
const bonusWord = "加分"

// pointsColumn is what the points of an evaluation stand in.
const pointsColumn = "得分"

// pointsOf is the address of the points of one evaluation.
func pointsOf(r kpi.ScorecardResult) string {
	return where("consortia.html", "n-points", "编号", r.Consortium, "年度", strconv.Itoa(r.Year))
}

// points lists what every consortium got for every item in every year, the newest first.
func (w *site) points(v *consortiaView) error {
	v.Points = w.rows("n-points", asWords.of("联合体"), asText.of("编号", "年度"), asWords.of("评分项"), asNumber.of(pointsColumn, "满分"),
		asWords.of("说明", "专家调整"))
	v.Points.Empty = "没有评分记录"
	list := slices.Clone(w.detail.Points)
	slices.SortStableFunc(list, func(a, b kpi.ScorePoint) int { return cmp.Compare(b.Year, a.Year) })
	for _, p := range list {
		override := strings.Trim(p.Override+"；"+readable(p.Unjustified), "；")
		v.Points.add(p.Name, p.Consortium, strconv.Itoa(p.Year), p.ItemName, p.Points, p.Full, readable(p.Reason), override)
	}
	return v.Points.end()
}

// scoreOf is an evaluation's points, of which one that never took place has none.
func scoreOf(r kpi.ScorecardResult) string {
	if r.Grade == "未评价" {
		return figure.None
	}
	return figure.Count(r.Score)
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
		Score: figure.Count(r.Score), Raw: summed(r.Raw, pointsColumn, pointsOf(r)), Consequence: r.Consequence,
		Subsidy: figure.Quantity(&r.Subsidy, figure.Yuan).String(),
	}
	for _, p := range w.detail.Points {
		if p.Consortium != r.Consortium || p.Year != r.Year {
			continue
		}
		it := scoreItem{
			ID: p.Item, Name: p.ItemName, Bonus: p.Bonus && !strings.HasPrefix(p.ItemName, bonusWord),
			Points: figure.Count(p.Points), Full: figure.Count(p.Full), Earned: p.Points > 0,
			Reason: readable(p.Reason), Override: p.Override, Unjustified: readable(p.Unjustified),
		}
		for _, c := range w.detail.Conditions {
			if c.Consortium == r.Consortium && c.Year == r.Year && c.Item == p.Item {
				it.Checks = append(it.Checks, scoreCheck{c.Name, readable(c.Wants), checkValue(c), c.Holds})
			}
		}
		for _, e := range w.detail.Evidence {
			if e.Consortium == r.Consortium && e.Year == r.Year && e.Item == p.Item {
				amount := figure.Quantity(e.Amount, figure.Yuan).String()
				it.Proofs = append(it.Proofs, proof{e.Subject, e.Name, plainNumber(e.Quantity), amount, placeText(e.Place), e.Counted})
			}
		}
		switch {
		case p.Unjustified == "" && (p.Bonus || p.Points >= p.Full):
			s.Rest = append(s.Rest, it)
			continue
		case p.Override != "" && p.Points < p.Computed:
			it.Reason = "专家调整：" + p.Override
		}
		s.Short = append(s.Short, it)
	}
	return s
}

// zeros are those behind the point of a number that has no fraction.
var zeros = regexp.MustCompile(`(\d)\.0+(\D|$)`)

// longYuan is an amount in 元 that is too long to read at a glance.
var longYuan = regexp.MustCompile(`\d{5,}(\.\d+)?元?`)

// readable writes long amounts of a rule's words in 万元 or 亿元, and numbers without idle zeros.
func readable(text string) string {
	text = zeros.ReplaceAllString(text, "$1$2")
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
	table := w.rows(id, asText.of("联合体", "年度", "对象"), asWords.of("材料"), asNumber.of("数量"), asMoney.of("金额（万元）"), asText.of("计入"), placed)
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
		table.add(p.Consortium, strconv.Itoa(p.Year), p.Subject, p.Name, quantity, amount, counted, p.Place)
	}
	return table
}
