package dashboard

import (
	"cmp"
	"context"
	"fmt"
	"html/template"
	"slices"
	"strconv"

	"citykpi/pipeline/kpi"
	"citykpi/reports/digest"
	"citykpi/reports/figure"
	"citykpi/reports/workbook"
)

// Columns of a list of contracts that amounts are the sums of.
const (
	contractAmount = "成交额（万元）"
	contractTech   = "技术交易额（万元）"
)

// contractsChunk is how many contracts a file holds: sellers come back all through a
// year, and are written once in a file.
const contractsChunk = 10000

// contractSource is what the contracts come in.
const contractSource = "tech_contract"

// lastContractYear is the year before that of the as-of date, which this year is compared
// with: it has a page with its contracts too. Of what is older the files are named; its
// contracts would be most of the site. ok is false where the year has none.
func (w *site) lastContractYear() (year int, ok bool) {
	year = w.d.AsOf().Year - 1
	in := func(q digest.ContractQuarter) bool { return q.Quarter.Year == year }
	return year, w.behind != nil && slices.ContainsFunc(w.d.ContractQuarters(), in)
}

func contractPage(year int) string { return fmt.Sprintf("contracts-%d.html", year) }

// contractList is where the contracts of a year are listed; "" page: nowhere.
type contractList struct{ page, id string }

func (w *site) contractsOf(year int) contractList {
	if w.behind != nil && year == w.d.AsOf().Year {
		return contractList{"contracts.html", "x-contracts"}
	}
	if last, ok := w.lastContractYear(); ok && year == last {
		return contractList{contractPage(year), "x-contracts-" + strconv.Itoa(year)}
	}
	return contractList{}
}

// count is a number of contracts, leading to those that have these values.
func (l contractList) count(n int, pairs ...string) any {
	if l.page == "" {
		return n
	}
	return counted(n, where(l.page, l.id, pairs...))
}

// amount is in 万元 what a column of the contracts that have these values adds up to.
func (l contractList) amount(yuan float64, column string, pairs ...string) any {
	if l.page == "" {
		return yuan / figure.TableMoneyDivisor
	}
	return summed(yuan/figure.TableMoneyDivisor, column, where(l.page, l.id, pairs...))
}

// cells are a number of contracts and their two amounts.
func (l contractList) cells(n int, amount, tech float64, pairs ...string) []any {
	return []any{l.count(n, pairs...), l.amount(amount, contractAmount, pairs...), l.amount(tech, contractTech, pairs...)}
}

// open lets the first three cells, which are such in 万元, lead to their contracts.
func (l contractList) open(cells []any, pairs ...string) {
	n, ok := cells[0].(int)
	amount, known := cells[1].(float64)
	tech, both := cells[2].(float64)
	if ok && known && both {
		copy(cells, l.cells(n, amount*figure.TableMoneyDivisor, tech*figure.TableMoneyDivisor, pairs...))
	}
}

// openQuarters are the contracts of a digest by quarter, leading to those that have these
// values, or, of what is older than the lists, to the quarter's files: then older is true.
func (w *site) openQuarters(d *digest.Digest, pairs ...string) (t workbook.Table, older bool) {
	t = d.ContractQuarterTable()
	name := w.sourceNames()[contractSource]
	for i, q := range d.ContractQuarters() {
		cells, of := t.Rows[i].Cells[1:], w.contractsOf(q.Quarter.Year)
		of.open(cells, append([]string{"登记日期", q.Quarter.String()}, pairs...)...)
		if of.page == "" && w.filedIn(contractSource, q.Quarter) {
			cells[0] = workbook.Link{Value: cells[0], Href: filesOf(name, "数据日期", q.Quarter.String()), Sum: true}
			older = true
		}
	}
	return t, older
}

// contractQuarters lets the quarters lead to their contracts.
func (w *site) contractQuarters(v *contractsView) (err error) {
	t, older := w.openQuarters(w.d)
	v.Older = older
	v.view.ContractsTable, err = t.HTML()
	return err
}

// quartersIn is the table of a district's contracts by quarter, leading to them.
func (w *site) quartersIn(code string) (template.HTML, error) {
	own := *w.d.Snapshot
	own.Contracts = filter(own.Contracts, func(c kpi.ContractCell) bool { return c.Region == code })
	only := *w.d
	only.Snapshot = &own
	t, _ := w.openQuarters(&only, "卖方登记地", w.sellerPlace(code))
	return t.HTML()
}

// filedIn reports whether a file of a source has its data date in a quarter.
func (w *site) filedIn(source string, q kpi.Quarter) bool {
	return slices.ContainsFunc(w.detail.Batches, func(b kpi.BatchLine) bool { return b.Source == source && kpi.QuarterOf(b.DataDate) == q })
}

// contractRows lists a year's contracts.
func (w *site) contractRows(ctx context.Context, year int) (*rows, error) {
	t := w.rows(cmp.Or(w.contractsOf(year).id, "x-contracts"), asDay.of("登记日期"), asText.of("合同编号"), asWords.of("卖方"),
		asText.of("卖方高校", "合同类别", "技术领域", "卖方登记地", "买方所在", "本地买方"), asMoney.of(contractAmount, contractTech), placed)
	t.Chunk = contractsChunk
	t.Empty = "本年没有技术合同登记"
	if w.behind != nil {
		err := w.behind.Contracts(ctx, year, func(c kpi.Contract) {
			local := "是"
			if c.To == "" {
				local = "否"
			}
			t.add(c.On, c.No, c.Seller, cmp.Or(c.School, otherSeller), c.Kind, cmp.Or(c.Field, unstated),
				w.sellerPlace(c.Region), w.placeName(c.To), local, wan(c.Amount), wan(c.Tech), c.Place)
		})
		if err != nil {
			return nil, err
		}
	}
	return t, t.end()
}

// contractYearView is the page of the contracts of the year before.
type contractYearView struct {
	Year, Sentence    string
	Quarters, Ranking template.HTML
	Rows              *rows
}

// contractYear writes the page of the year before.
func (w *site) contractYear(ctx context.Context) error {
	year, ok := w.lastContractYear()
	if !ok {
		return nil
	}
	v := contractYearView{Year: fmt.Sprintf("%d年", year)}
	t := w.d.ContractQuarterTable()
	list, of := t.Rows, w.contractsOf(year)
	t.Rows = nil
	n, amount, tech := 0, 0.0, 0.0
	for i, q := range w.d.ContractQuarters() {
		if q.Quarter.Year == year {
			of.open(list[i].Cells[1:], "登记日期", q.Quarter.String())
			t.Rows = append(t.Rows, list[i])
			n, amount, tech = n+q.Contracts, amount+q.Amount, tech+q.TechAmount
		}
	}
	t.AddTotal(append(append([]any{"合计"}, of.cells(n, amount, tech)...), nil)...)
	v.Sentence = fmt.Sprintf("%s登记技术合同 %s 份，成交额 %s，其中技术交易额 %s。", v.Year, figure.Count(float64(n)),
		figure.Quantity(&amount, figure.Yuan), figure.Quantity(&tech, figure.Yuan))
	var err error
	if v.Quarters, err = t.HTML(); err != nil {
		return err
	}
	if v.Ranking, err = w.ranking(year); err != nil {
		return err
	}
	if v.Rows, err = w.contractRows(ctx, year); err != nil {
		return err
	}
	return w.put(page{file: contractPage(year), title: v.Year + "技术合同", template: "contract-year", data: v,
		crumbs: []link{{Href: "contracts.html", Title: "技术合同"}, {Title: v.Year}}})
}

// ranking is the universities by what they turned over in a year.
func (w *site) ranking(year int) (template.HTML, error) {
	t := workbook.New("高校排行榜", "本年没有高校技术合同", workbook.Count.Of("名次", "上年"), workbook.Text.Of("高校"), workbook.Count.Of("合同（份）"),
		workbook.Money.Of(contractAmount, contractTech, "其中本地（万元）"), workbook.Percent.Of("本地转化率（%）"), workbook.Count.Of("创办企业（家）"))
	before := map[string]any{}
	last := w.contractsOf(year - 1)
	for _, u := range w.detail.Universities {
		if u.Year == year-1 {
			if before[u.Name] = u.Place; last.page != "" && u.Contracts > 0 {
				before[u.Name] = workbook.Link{Value: u.Place, Href: where(last.page, last.id, "卖方高校", u.Name), Sum: true}
			}
		}
	}
	of := w.contractsOf(year)
	for _, u := range w.detail.Universities {
		if u.Year != year {
			continue
		}
		cells := append([]any{u.Place, before[u.Name], u.Name}, of.cells(u.Contracts, u.Amount, u.Tech, "卖方高校", u.Name)...)
		t.Add(append(cells, of.amount(u.Local, contractAmount, "卖方高校", u.Name, "本地买方", "是"), workbook.Value(u.LocalShare),
			counted(u.Firms, where("contracts.html", "x-firms", "高校", u.Name, "成立日期", strconv.Itoa(year))))...)
	}
	return t.SortableHTML()
}

// firms lists the firms founded on universities' results, of all years.
func (w *site) firms(v *contractsView) error {
	v.Firms = w.rows("x-firms", asDay.of("成立日期"), asWords.of("企业"), asText.of("统一社会信用代码", "高校", "所属区"), placed)
	v.Firms.Empty = "没有高校创办企业的记录"
	for _, f := range w.detail.Firms {
		v.Firms.add(f.On, f.Name, f.Code, f.University, f.District, f.Place)
	}
	return v.Firms.end()
}
