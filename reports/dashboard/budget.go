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
)

// budgetView is how the year's budgets are used.
type budgetView struct {
	Year     string
	Time     string // 序时进度
	Sentence string
	Articles []budgetLine
	Units    []budgetLine
	Rows     *rows // of the year's budget
}

// budgetAmount is the column of the budget that its sums are of.
const budgetAmount = "预算（万元）"

// noUnit stands for the unit of a budget that names none.
const noUnit = "未写主管单位"

// budgetLine is one article's or one unit's budget; Href leads to the article's document.
type budgetLine struct {
	Name, Document, Unit, Href string
	Light                      badge
	Budget, Paid, Left, Rate   number
	Payments                   int
	Facts, Sums                string // the payments, and their column
	Filed                      any    // the budget, leading to its rows
	Bar                        template.HTML
}

// budgets prepares the section, nil where no budget is filed for the year.
func (w *site) budgets() *budgetView {
	list := w.detail.Budgets
	if len(list) == 0 {
		return nil
	}
	asOf := w.d.AsOf()
	time := float64(kpi.QuarterOf(asOf).N) * 25 // by whole quarters
	if kpi.QuarterOf(asOf).End() != asOf {
		time = float64(asOf.Month-1) / 12 * 100
	}
	v := &budgetView{Year: fmt.Sprintf("%d年", asOf.Year), Time: figure.Percent(&time)}
	v.Rows = w.rows("a-budgets", asText.of("政策", "条款", "主管单位"), asMoney.of(budgetAmount), placed)
	titles := map[string]string{}
	for _, doc := range w.d.Snapshot.Documents {
		titles[doc.ID] = doc.Title
	}
	var units []kpi.Budget
	whole := kpi.Budget{}
	for _, b := range list {
		line := newBudgetLine(digest.ArticleName(b.Article), b, time)
		line.Document, line.Unit = w.called(b.Document), word(b.Unit, figure.None)
		line.Facts = where("awards.html", "a-payments",
			"政策", w.called(b.Document), "条款", digest.ArticleName(b.Article), "支付日期", fmt.Sprint(asOf.Year))
		line.Sums = paidAmount
		line.Filed = budgeted(b.Amount, "政策", w.called(b.Document), "条款", line.Name)
		v.Rows.add(w.called(b.Document), line.Name, word(b.Unit, noUnit), b.Amount/figure.TableMoneyDivisor, b.Place)
		if titles[b.Document] != "" {
			line.Href = documentPage(b.Document)
		}
		v.Articles = append(v.Articles, line)
		whole.Amount, whole.Paid = whole.Amount+b.Amount, whole.Paid+b.Paid
		i := slices.IndexFunc(units, func(u kpi.Budget) bool { return u.Unit == b.Unit })
		if i < 0 {
			i = len(units)
			units = append(units, kpi.Budget{Unit: b.Unit})
		}
		units[i].Amount, units[i].Paid, units[i].Payments = units[i].Amount+b.Amount, units[i].Paid+b.Paid, units[i].Payments+b.Payments
	}
	slices.SortStableFunc(units, func(a, b kpi.Budget) int { return cmp.Compare(b.Amount, a.Amount) })
	for _, u := range units {
		line := newBudgetLine(word(u.Unit, noUnit), u, time)
		line.Filed = budgeted(u.Amount, "主管单位", line.Name)
		v.Units = append(v.Units, line)
	}
	v.Sentence = fmt.Sprintf("%s预算 %s，截至 %s 兑付 %s", v.Year,
		figure.Quantity(&whole.Amount, figure.Yuan), asOf.Chinese(), figure.Quantity(&whole.Paid, figure.Yuan))
	if whole.Amount > 0 {
		rate := whole.Paid / whole.Amount * 100
		v.Sentence += fmt.Sprintf("，执行率 %s，序时进度 %s", figure.Percent(&rate), v.Time)
	}
	v.Sentence += "。"
	var year float64
	for _, a := range w.detail.Awards {
		if a.Year == asOf.Year && w.own(a.Region) {
			year += a.Amount
		}
	}
	if rest := year - whole.Paid; rest >= 0.005 {
		v.Sentence += fmt.Sprintf("未列预算的条款另兑付 %s。", figure.Quantity(&rest, figure.Yuan))
	}
	return v
}

// budgeted is in 万元 a budget, leading to its rows.
func budgeted(yuan float64, pairs ...string) any {
	return summed(yuan/figure.TableMoneyDivisor, budgetAmount, where("awards.html", "a-budgets", pairs...))
}

// newBudgetLine judges a budget by how far its use is from the year's time: money
// beyond the budget is red, whatever the time.
func newBudgetLine(name string, b kpi.Budget, time float64) budgetLine {
	left := b.Amount - b.Paid
	line := budgetLine{
		Name: name, Payments: b.Payments,
		Budget: wanNumber(b.Amount), Paid: wanNumber(b.Paid), Left: wanNumber(left), Rate: number{Text: figure.None},
	}
	if b.Amount <= 0 {
		line.Light = badge{Class: "light-none", Symbol: "·", Word: "无额度"}
		if b.Paid > 0 {
			line.Light = badge{Class: "light-red", Symbol: kpi.Red.Symbol(), Word: "超预算", Order: "1"}
		}
		return line
	}
	rate := b.Paid / b.Amount * 100
	line.Rate = numberOf(figure.Rate(rate), &rate)
	light, word := kpi.Green, "正常"
	switch {
	case left < 0:
		light, word = kpi.Red, "超预算"
	case rate-time < kpi.DefaultThresholds.Orange:
		light, word = kpi.Orange, "明显偏慢"
	case rate-time < kpi.DefaultThresholds.Yellow:
		light, word = kpi.Yellow, "偏慢"
	}
	line.Light = newBadge(light)
	line.Light.Word = word
	pace := b.Amount * time / 100
	line.Bar = chart.Bullet(b.Paid, b.Amount, &pace, light, fmt.Sprintf("执行率 %s，序时进度 %s", figure.Percent(&rate), figure.Percent(&time)))
	return line
}

func wanNumber(yuan float64) number {
	wan := yuan / figure.TableMoneyDivisor
	return numberOf(figure.Number(wan, 2), &wan)
}
