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

// districtLine is how a district stands in one commitment.
type districtLine struct {
	ID, Name, Article string
	Assumed           string // the 推定 behind the figure
	Value, City       fig
	Facts             string // the page of the rows behind the value
	Share             number
	Quarter, Year     number
	Rank, Move        string
	rank, moved       int
	Spark             template.HTML
}

// districtView is the page of one district.
type districtView struct {
	Name, Code, City string
	Own              bool // of the reader's own jurisdiction, which registers contracts and pays awards
	Sentence         string
	Locator          *locator
	Best, Worst      []districtLine
	NBest, NWorst    int
	Lines            []districtLine
	Money            *view // its technology contracts
	Paid             []stat
	NoContracts      string // what stands in the place of either
	NoPayouts        string
	Findings         *rows
	Tasks            []parkTask
}

// parkTask is a task of a park ready to print.
type parkTask struct{ Class, Symbol, Word, Task, Park, Since string }

// area is a jurisdiction with the districts it reports by and what its documents
// promise.
type area struct {
	Of        kpi.Region
	Districts []kpi.Region
	items     []digest.Item
	Pages     []districtView
}

// areasOf are the reader's own jurisdiction, then the others that have documents.
func (w *site) areasOf() []area {
	own := w.d.Snapshot.Region
	list := []area{{Of: own, Districts: w.d.DistrictsOf(own.Code), items: w.d.All()}}
	for _, it := range w.d.Elsewhere {
		i := slices.IndexFunc(list, func(a area) bool { return a.Of.Code == it.Doc.Region })
		if i < 0 {
			i = len(list)
			list = append(list, area{Of: w.regions[it.Doc.Region], Districts: w.d.DistrictsOf(it.Doc.Region)})
		}
		list[i].items = append(list[i].items, it)
	}
	return list
}

// districts writes the comparison of districts and one page for each.
func (w *site) districts() error {
	v := &view{MapNote: w.mapNote(), Alone: w.alone(), Across: w.across()}
	var err error
	if v.Rankings, err = w.rankings(ranked(w.d)); err != nil {
		return err
	}
	areas := slices.Clone(w.areas)
	for i, a := range areas {
		for _, r := range a.Districts {
			one, err := w.district(a, r)
			if err != nil {
				return err
			}
			areas[i].Pages = append(areas[i].Pages, one)
			err = w.put(page{
				file: districtPage(r.Code), title: r.Name, template: "district", data: one,
				crumbs: []link{{Href: "districts.html", Title: "各区"}, {Title: r.Name}},
			})
			if err != nil {
				return err
			}
		}
	}
	return w.put(page{file: "districts.html", title: "各区", template: "districts-page", data: struct {
		*view
		Areas []area
	}{v, areas}})
}

// medal is how many places from the top or the bottom are worth a word.
const medal = 3

func (w *site) district(in area, r kpi.Region) (districtView, error) {
	v := districtView{Name: r.Name, Code: r.Code, City: in.Of.Name, Own: in.Of.Code == w.d.Snapshot.Region.Code,
		Money: &view{}, Locator: newLocator(in.Districts, r.Code)}
	ranked, of := 0, len(in.Districts)
	for _, it := range in.items {
		a := w.d.At(it.ID, r.Code)
		if a.Value == nil || it.Kind == kpi.Milestone {
			continue
		}
		l := w.districtLine(it, a)
		l.Facts = w.factsIn(it, r)
		v.Lines = append(v.Lines, l)
		if a.Rank == 0 || !w.contested(it, in.Districts) {
			continue
		}
		ranked++
		switch {
		case of < 2*medal: // among so few every place would be good or bad
		case a.Rank <= medal && *a.Value > 0:
			v.Best = append(v.Best, l)
		case a.Rank > of-medal:
			v.Worst = append(v.Worst, l)
		}
	}
	v.NBest, v.NWorst = len(v.Best), len(v.Worst)
	v.Best = foremost(v.Best, 1)
	v.Worst = foremost(v.Worst, -1)
	v.Sentence = fmt.Sprintf("截至 %s，%s有数据的事项 %d 项，参与排名 %d 项", w.d.AsOf().Chinese(), r.Name, len(v.Lines), ranked)
	if of >= 2*medal {
		v.Sentence += fmt.Sprintf("，位居前三 %d 项、后三 %d 项", v.NBest, v.NWorst)
	}
	v.Sentence += "。"
	if err := w.districtMoney(&v, r); err != nil {
		return v, err
	}
	for _, t := range w.detail.Tasks {
		if w.within(t.Region, r.Code) {
			c := colours[t.Colour]
			v.Tasks = append(v.Tasks, parkTask{t.Colour, c[0], c[1], t.Task, t.Park, t.Since.String()})
		}
	}
	v.Findings = w.findingRows("rf-"+r.Code, func(f kpi.AwardFinding) bool { return f.Region == r.Code })
	return v, v.Findings.end()
}

// contested reports whether at least two districts have a part in an item.
func (w *site) contested(it digest.Item, districts []kpi.Region) bool {
	having := 0
	for _, r := range districts {
		if v := w.d.At(it.ID, r.Code).Value; v != nil && *v != 0 {
			having++
		}
	}
	return having > 1
}

// placesNamed is how many places, good or bad, the page names.
const placesNamed = 10

// foremost are the lines that moved most in a direction, then the furthest ahead
// or behind.
func foremost(lines []districtLine, direction int) []districtLine {
	slices.SortStableFunc(lines, func(a, b districtLine) int {
		return direction * cmp.Or(cmp.Compare(b.moved, a.moved), cmp.Compare(a.rank, b.rank))
	})
	return lines[:min(placesNamed, len(lines))]
}

// within reports whether a region is another or lies in it.
func (w *site) within(code, in string) bool {
	for depth := 0; code != "" && depth < 5; depth++ {
		if code == in {
			return true
		}
		code = w.regions[code].Parent
	}
	return false
}

func (w *site) districtLine(it digest.Item, a kpi.Attainment) districtLine {
	unit := it.UnitName()
	rank := rankText(a)
	if a.Value != nil && *a.Value == 0 { // to share the first place with nothing is no place
		rank = figure.None
	}
	quarter, year := changeNumbers(it, a)
	return districtLine{
		ID: it.ID, Name: it.Name, Article: digest.ArticleName(it.Article), Assumed: strings.Join(it.Doubts(), "；"),
		Value:   figOf(a, "value", figure.Quantity(a.Value, unit).String(), a.Value),
		City:    tallied(it.At, figure.Quantity(it.At.Value, unit).String()),
		Quarter: quarter, Year: year,
		Share: shareOf(it, a), Rank: rank, Move: digest.Move(a.RankMove), rank: a.Rank, moved: a.RankMove,
		Spark: sparkOf(w.d.Series(it.ID, a.Region), it.Kind, sparkPeriods(w.d.AsOf())),
	}
}

// districtMoney is what the district's offices registered, and what was paid there.
func (w *site) districtMoney(v *districtView, r kpi.Region) error {
	v.NoContracts, v.NoPayouts = w.d.NoneOf(digest.ContractSource, "本区暂无技术合同登记"), w.d.NoneOf(digest.PayoutSource, "本区暂无奖补兑付")
	own := *w.d.Snapshot
	own.Contracts = nil
	for _, c := range w.d.Snapshot.Contracts {
		if c.Region == r.Code {
			own.Contracts = append(own.Contracts, c)
		}
	}
	only := *w.d
	only.Snapshot = &own
	if err := v.Money.contracts(&only); err != nil {
		return err
	}
	sums := map[int]float64{}
	var total float64
	for _, p := range w.d.Snapshot.Payouts {
		if p.Region == r.Code {
			sums[p.Quarter.Year] += p.Amount
			total += p.Amount
		}
	}
	if total == 0 {
		return nil
	}
	v.Paid = append(v.Paid, stat{Name: "累计兑付", fig: fig{Text: figure.Quantity(&total, figure.Yuan).String()}})
	for year := w.d.AsOf().Year; year > w.d.AsOf().Year-3; year-- {
		sum := sums[year]
		v.Paid = append(v.Paid, stat{Name: fmt.Sprintf("%d年", year), fig: fig{Text: figure.Quantity(&sum, figure.Yuan).String()}})
	}
	return nil
}

// sparkOf draws a line at the periods, and nothing when there is only one value.
func sparkOf(line map[kpi.Date]float64, kind kpi.Kind, periods []kpi.Date) template.HTML {
	points, known := make([]*float64, len(periods)), 0
	for i, on := range periods {
		if value, ok := line[on]; ok {
			points[i] = &value
			known++
		}
	}
	if known < 2 {
		return ""
	}
	return chart.Spark(points, kind == kpi.AnnualFlow || kind == kpi.QuarterSum, "近八个季度走势")
}
