package dashboard

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"

	"citykpi/pipeline/kpi"
	"citykpi/reports/chart"
	"citykpi/reports/digest"
	"citykpi/reports/figure"
	"citykpi/reports/workbook"
)

// awardsView is the page about award money.
type awardsView struct {
	*view
	Rules     template.HTML
	Districts template.HTML
	Bars      *plot
	Kinds     []stat
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
	if err := w.awardRules(v); err != nil {
		return err
	}
	if err := w.awardPlaces(v); err != nil {
		return err
	}
	v.Findings = w.findingRows("a-all", func(kpi.AwardFinding) bool { return true })
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

// awardRules is what each rule gave, beside its cap.
func (w *site) awardRules(v *awardsView) error {
	type sum struct {
		payments         int
		amount, thisYear float64
	}
	sums := map[string]sum{}
	for _, a := range w.detail.Awards {
		s := sums[a.Rule]
		s.payments, s.amount = s.payments+a.Payments, s.amount+a.Amount
		if a.Year == w.d.AsOf().Year {
			s.thisYear += a.Amount
		}
		sums[a.Rule] = s
	}
	found := map[string]int{}
	for _, f := range w.d.Snapshot.Findings {
		found[f.Rule]++
	}
	t := workbook.Table{Name: "按规则", Columns: []workbook.Column{{Title: "编号"}, {Title: "规则"}, {Title: "条款"}, {Title: "兑付笔数", Kind: workbook.Count},
		{Title: "累计（万元）", Kind: workbook.Money}, {Title: "本年（万元）", Kind: workbook.Money}, {Title: "单个封顶（万元）", Kind: workbook.Money}, {Title: "审计发现（项）", Kind: workbook.Count}}, Empty: "没有奖补规则"}
	var total sum
	for _, it := range w.items() {
		s, ok := sums[it.ID]
		if it.Kind != kpi.AwardRule || !ok {
			continue
		}
		var limit any
		if it.Award != nil && it.Award.Cap != nil {
			limit = *it.Award.Cap / 1e4
		}
		t.Add(it.ID, it.Name, digest.ArticleName(it.Article), paid(s.payments, "规则", it.ID), s.amount/figure.TableMoneyDivisor, s.thisYear/figure.TableMoneyDivisor, limit,
			counted(found[it.ID], where("awards.html", "a-all", "规则", it.ID)))
		total = sum{total.payments + s.payments, total.amount + s.amount, total.thisYear + s.thisYear}
	}
	if s, ok := sums[""]; ok {
		t.Add("", noRule, "", paid(s.payments, "规则", noRule), s.amount/figure.TableMoneyDivisor, s.thisYear/figure.TableMoneyDivisor, nil, counted(found[""], where("awards.html", "a-all", "规则", figure.None)))
		total = sum{total.payments + s.payments, total.amount + s.amount, total.thisYear + s.thisYear}
	}
	if len(t.Rows) > 0 {
		t.AddTotal("合计", "", "", paid(total.payments), total.amount/figure.TableMoneyDivisor, total.thisYear/figure.TableMoneyDivisor, nil,
			counted(len(w.d.Snapshot.Findings), where("awards.html", "a-all")))
	}
	var err error
	v.Rules, err = t.SortableHTML()
	v.Rules = w.linked(v.Rules)
	return err
}

// awardPlaces sums payments by district.
func (w *site) awardPlaces(v *awardsView) error {
	all, year, n := map[string]float64{}, map[string]float64{}, map[string]int{}
	for _, a := range w.detail.Awards {
		all[a.Region] += a.Amount
		n[a.Region] += a.Payments
		if a.Year == w.d.AsOf().Year {
			year[a.Region] += a.Amount
		}
	}
	t := workbook.Table{Name: "按区", Columns: []workbook.Column{{Title: "区"}, {Title: "兑付笔数", Kind: workbook.Count}, {Title: "累计（万元）", Kind: workbook.Money}, {Title: "本年（万元）", Kind: workbook.Money}}, Empty: "没有奖补资金兑付"}
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
		t.Add(name, paid(n[r.Code], "区", w.region(r.Code)), all[r.Code]/figure.TableMoneyDivisor, year[r.Code]/figure.TableMoneyDivisor)
		bars = append(bars, chart.Bar{Name: short, Value: all[r.Code]})
	}
	slices.SortStableFunc(bars, func(a, b chart.Bar) int { return cmp.Compare(b.Value, a.Value) })
	var err error
	if v.Districts, err = t.SortableHTML(); err != nil || len(bars) == 0 {
		return err
	}
	v.Districts = w.linked(v.Districts)
	v.Bars, err = newPlot("award-places", chart.Ranking("累计兑付", figure.Yuan, bars))
	return err
}

// noRule stands for what a payment is for that names no rule.
const noRule = "未对应政策规则"

// paid is a number of payments, leading to those that have these values.
func paid(n int, pairs ...string) any {
	return counted(n, where("awards.html", "a-payments", pairs...))
}

// payments lists every payment.
func (w *site) payments(v *awardsView) error {
	v.Payments = w.rows("a-payments", column{"支付日期", asDay}, column{"凭证号", asText}, column{"收款单位", asWords}, column{"金额（万元）", asMoney}, column{"规则", asText},
		column{"政策", asText}, column{"条款", asText}, column{"区", asText}, column{"文件", asWords}, column{"工作表", asText}, column{"行", asNumber})
	v.Payments.Empty = "没有奖补资金兑付"
	rules := map[string]digest.Item{}
	for _, it := range w.items() {
		rules[it.ID] = it
	}
	for _, p := range w.detail.Payments {
		it, known := rules[p.Rule]
		document, article := "", ""
		if known {
			document, article = it.Doc.ID, digest.ArticleName(it.Article)
		}
		v.Payments.add(p.On, p.No, p.Payee, p.Amount/figure.TableMoneyDivisor, cmp.Or(p.Rule, noRule), document, article, w.region(p.Region), p.File, p.Sheet, p.Row)
	}
	return v.Payments.end()
}

// findingRows lists the audit's findings that keep.
func (w *site) findingRows(id string, keep func(kpi.AwardFinding) bool) *rows {
	table := w.rows(id, column{"支付日期", asDay}, column{"凭证号", asText}, column{"收款单位", asWords}, column{"问题", asText}, column{"涉及金额（万元）", asMoney},
		column{"规则", asText}, column{"区", asText}, column{"性质", asText}, column{"文件", asWords}, column{"工作表", asText}, column{"行", asNumber})
	findings := w.d.Snapshot.Findings
	for _, f := range slices.Backward(findings) {
		if !keep(f) {
			continue
		}
		nature := "须核实"
		if !f.Enforced {
			nature = "仅提示"
		}
		table.add(f.PaidOn, f.Payment, f.Payee, f.Words, f.Amount/figure.TableMoneyDivisor, f.Rule, w.region(f.Region), nature, f.File, f.Sheet, f.Row)
	}
	table.Empty = "审计没有发现问题"
	return table
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
	for _, f := range w.d.Snapshot.Findings {
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
		v.Kinds = append(v.Kinds, stat{Name: word, fig: fig{Text: fmt.Sprintf("%d 项", s.n)}, Note: "涉及 " + figure.Quantity(&s.amount, figure.Yuan).String()})
	}
	if enforced.n > 0 {
		v.Sentence = fmt.Sprintf("现行政策下须核实 %d 项，涉及 %s；其余为征求意见稿或未对应规则，仅提示。", enforced.n, figure.Quantity(&enforced.amount, figure.Yuan))
	}
}
