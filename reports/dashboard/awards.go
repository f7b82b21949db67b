package dashboard

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"citykpi/pipeline/kpi"
	"citykpi/reports/chart"
	"citykpi/reports/digest"
	"citykpi/reports/figure"
	"citykpi/reports/workbook"
)

// awardsView is the page about the jurisdiction's award money. That of others stands with
// their own documents.
type awardsView struct {
	*view
	Rules     template.HTML
	Districts template.HTML
	Bars      *plot
	Kinds     []openStat
	Findings  *rows
	Payments  *rows
	Sentence  string
	Budget    *budgetView
}

func (w *site) awards() error {
	v := &awardsView{view: &view{}, Budget: w.budgets()}
	if err := v.view.payouts(w.d); err != nil {
		return err
	}
	var err error
	if v.view.PayoutsTable, err = w.payoutQuarters().HTML(); err != nil {
		return err
	}
	if err := w.awardRules(v); err != nil {
		return err
	}
	if err := w.awardPlaces(v); err != nil {
		return err
	}
	if v.Budget != nil {
		if err := v.Budget.Rows.end(); err != nil {
			return err
		}
	}
	v.Findings = w.findingRows("a-all", func(f kpi.AwardFinding) bool { return w.own(f.Region) })
	v.Findings.Empty = "审计没有发现问题"
	if err := v.Findings.end(); err != nil {
		return err
	}
	w.findingKinds(v)
	if err := w.payments(v); err != nil {
		return err
	}
	return w.put(page{file: "awards.html", title: "奖补资金", template: "awards", data: v})
}

// own reports whether a region is the jurisdiction or one of its districts.
func (w *site) own(region string) bool {
	return region == w.d.Snapshot.Region.Code || slices.ContainsFunc(w.d.Districts(), func(r kpi.Region) bool { return r.Code == region })
}

// ownFindings are the audit's findings about the jurisdiction's own money.
func (w *site) ownFindings() []kpi.AwardFinding {
	return filter(w.d.Snapshot.Findings, func(f kpi.AwardFinding) bool { return w.own(f.Region) })
}

// awardRules is what each rule gave, beside its cap.
func (w *site) awardRules(v *awardsView) error {
	type sum struct {
		payments         int
		amount, thisYear float64
	}
	sums := map[string]sum{}
	for _, a := range w.detail.Awards {
		if !w.own(a.Region) {
			continue
		}
		s := sums[a.Rule]
		s.payments, s.amount = s.payments+a.Payments, s.amount+a.Amount
		if a.Year == w.d.AsOf().Year {
			s.thisYear += a.Amount
		}
		sums[a.Rule] = s
	}
	found, findings := map[string]int{}, w.ownFindings()
	for _, f := range findings {
		found[f.Rule]++
	}
	t := workbook.New("按规则", "没有奖补规则", workbook.Text.Of("编号", "规则", "条款"), workbook.Count.Of("兑付笔数"),
		workbook.Money.Of("累计（万元）", "本年（万元）", "单个封顶（万元）"), workbook.Count.Of("审计发现（项）"))
	var total sum
	year := strconv.Itoa(w.d.AsOf().Year)
	// paying and finding are the rule's names in the lists of payments and of findings
	add := func(s sum, id, name, article, paying, finding string, limit any) {
		t.Add(id, name, article, paid(s.payments, "规则", paying), paidSum(s.amount, "规则", paying),
			paidSum(s.thisYear, "规则", paying, "支付日期", year), limit,
			counted(found[id], where("awards.html", "a-all", "规则", finding)))
		total = sum{total.payments + s.payments, total.amount + s.amount, total.thisYear + s.thisYear}
	}
	for _, it := range w.items() {
		s, ok := sums[it.ID]
		if it.Kind != kpi.AwardRule || !ok {
			continue
		}
		var limit any
		if it.Award != nil && it.Award.Cap != nil {
			limit = *it.Award.Cap / 1e4
		}
		add(s, it.ID, it.Name, digest.ArticleName(it.Article), w.ruleName(it.ID), w.ruleName(it.ID), limit)
	}
	if s, ok := sums[""]; ok {
		add(s, "", noRule, "", noRule, figure.None, nil)
	}
	if len(t.Rows) > 0 {
		t.AddTotal("合计", "", "", paid(total.payments), paidSum(total.amount), paidSum(total.thisYear, "支付日期", year), nil,
			counted(len(findings), where("awards.html", "a-all")))
	}
	var err error
	v.Rules, err = w.linked(t).SortableHTML()
	return err
}

// awardPlaces sums payments by district.
func (w *site) awardPlaces(v *awardsView) error {
	all, year, n := map[string]float64{}, map[string]float64{}, map[string]int{}
	var sumAll, sumYear float64
	sumN := 0
	for _, a := range w.detail.Awards {
		all[a.Region] += a.Amount
		n[a.Region] += a.Payments
		if a.Year == w.d.AsOf().Year {
			year[a.Region] += a.Amount
		}
	}
	t := workbook.New("按区", "没有奖补资金兑付", workbook.Text.Of("区"), workbook.Count.Of("兑付笔数"), workbook.Money.Of("累计（万元）", "本年（万元）"))
	regions := append(slices.Clone(w.d.Districts()), w.d.Snapshot.Region)
	var bars []chart.Bar
	for _, r := range regions {
		if n[r.Code] == 0 {
			continue
		}
		name, short := r.Name, r.Short
		if r.Code == w.d.Snapshot.Region.Code {
			name, short = r.Name+"（未分区）", "未分区"
		}
		at := []string{"区", w.region(r.Code)}
		in := append(at, "支付日期", strconv.Itoa(w.d.AsOf().Year))
		t.Add(name, paid(n[r.Code], at...), paidSum(all[r.Code], at...), paidSum(year[r.Code], in...))
		bars = append(bars, chart.Bar{Name: short, Value: all[r.Code]})
		sumAll, sumYear, sumN = sumAll+all[r.Code], sumYear+year[r.Code], sumN+n[r.Code]
	}
	if sumN > 0 {
		t.AddTotal("合计", paid(sumN), paidSum(sumAll), paidSum(sumYear, "支付日期", strconv.Itoa(w.d.AsOf().Year)))
	}
	slices.SortStableFunc(bars, func(a, b chart.Bar) int { return cmp.Compare(b.Value, a.Value) })
	var err error
	if v.Districts, err = w.linked(t).SortableHTML(); err != nil || len(bars) == 0 {
		return err
	}
	v.Bars, err = newPlot("award-places", chart.Ranking("累计兑付", figure.Yuan, bars))
	return err
}

// noRule stands for what a payment is for that names no rule.
const noRule = "未对应政策规则"

// paid is a number of payments, leading to those that have these values.
func paid(n int, pairs ...string) any {
	return counted(n, where("awards.html", "a-payments", pairs...))
}

// paidAmount is the column of payments that amounts are the sums of.
const paidAmount = "金额（万元）"

// paidSum is in 万元 an amount that was paid, leading to the payments that have these values.
func paidSum(yuan float64, pairs ...string) any {
	return summed(yuan/figure.TableMoneyDivisor, paidAmount, where("awards.html", "a-payments", pairs...))
}

// paidIn are a district's sums of award money, of all years and of one, leading to the
// payments: the name of a year's is 2026年.
func (w *site) paidIn(code string, sums []stat) (list []openStat) {
	for _, s := range sums {
		at := []string{"区", w.region(code)}
		if year, ok := strings.CutSuffix(s.Name, "年"); ok {
			at = append(at, "支付日期", year)
		}
		list = append(list, openStat{stat: s, Href: where("awards.html", "a-payments", at...)})
	}
	return list
}

// payoutQuarters is the award money of the jurisdiction by quarter and article, leading
// to the payments.
func (w *site) payoutQuarters() workbook.Table {
	t, payouts := w.d.PayoutQuarterTable(), w.d.Payouts()
	if w.behind == nil {
		return t
	}
	for i, q := range payouts.Quarters {
		by := []string{"支付日期", q.String()}
		for n, a := range payouts.Articles {
			t.Rows[i].Cells[n+1] = paidSum(payouts.Cell(q, a).Amount, append(by, "统计栏目", digest.ArticleName(a))...)
		}
		t.Rows[i].Cells[len(payouts.Articles)+1] = paidSum(payouts.Quarter(q).Amount, by...)
	}
	return t
}

// payments lists every payment of the jurisdiction.
func (w *site) payments(v *awardsView) error {
	v.Payments = w.rows("a-payments", asDay.of("支付日期"), asText.of("凭证号"), asWords.of("收款单位"), asMoney.of(paidAmount),
		asText.of("规则", "政策", "条款", "统计栏目", "区"), placed)
	v.Payments.Empty = "没有奖补资金兑付"
	for _, p := range w.detail.Payments {
		if p.Jurisdiction != w.d.Snapshot.Region.Code {
			continue
		}
		it, known := w.rule(p.Rule)
		document, article := "", ""
		if known {
			document, article = it.Doc.Called(), digest.ArticleName(it.Article)
		}
		v.Payments.add(p.On, p.No, p.Payee, p.Amount/figure.TableMoneyDivisor, cmp.Or(w.ruleName(p.Rule), noRule), document,
			article, digest.ArticleName(p.Article), w.region(p.Region), p.Place)
	}
	return v.Payments.end()
}

// findingRows lists the audit's findings that keep.
func (w *site) findingRows(id string, keep func(kpi.AwardFinding) bool) *rows {
	table := w.rows(id, asDay.of("支付日期"), asText.of("凭证号"), asWords.of("收款单位"), asText.of("问题"), asMoney.of("涉及金额（万元）"),
		asText.of("规则", "区", "性质"), placed)
	findings := w.d.Snapshot.Findings
	for _, f := range slices.Backward(findings) {
		if !keep(f) {
			continue
		}
		nature := "须核实"
		if !f.Enforced {
			nature = "仅提示"
		}
		table.add(f.PaidOn, f.Payment, f.Payee, f.Words, f.Amount/figure.TableMoneyDivisor, w.ruleName(f.Rule),
			w.region(f.Region), nature, f.File, f.Sheet, f.Row)
	}
	table.Empty = "审计没有发现问题"
	return table
}

// openStat is a named figure that leads to what it was made of: so many rows, unless 0.
type openStat struct {
	stat
	Href string
	Rows int
}

// findingKinds counts findings of each kind.
func (w *site) findingKinds(v *awardsView) {
	type sum struct {
		n      int
		amount float64
	}
	sums := map[string]sum{}
	var words []string
	enforced := sum{}
	for _, f := range w.ownFindings() {
		s, ok := sums[f.Words]
		if !ok {
			words = append(words, f.Words)
		}
		sums[f.Words] = sum{s.n + 1, s.amount + f.Amount}
		if f.Enforced {
			enforced = sum{enforced.n + 1, enforced.amount + f.Amount}
		}
	}
	slices.SortStableFunc(words, func(a, b string) int { return cmp.Compare(sums[b].amount, sums[a].amount) })
	for _, word := range words {
		s := sums[word]
		found := stat{Name: word, fig: fig{Text: fmt.Sprintf("%d 项", s.n)}, Note: "涉及 " + figure.Quantity(&s.amount, figure.Yuan).String()}
		v.Kinds = append(v.Kinds, openStat{found, where("awards.html", "a-all", "问题", word), s.n})
	}
	if enforced.n > 0 {
		v.Sentence = fmt.Sprintf("现行政策下须核实 %d 项，涉及 %s；其余为%s，仅提示。",
			enforced.n, figure.Quantity(&enforced.amount, figure.Yuan), w.d.OnlyTold())
	}
}
