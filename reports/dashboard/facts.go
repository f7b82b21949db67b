package dashboard

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"citykpi/pipeline/kpi"
	"citykpi/reports/digest"
	"citykpi/reports/figure"
)

// facts lists what the figure counts, who filed it, and who came and went, fact by
// fact as they are read: no list of them all is held.
func (w *site) facts(ctx context.Context, v *commitmentView, it digest.Item) error {
	if w.behind == nil || it.Model == "" && it.Of == nil {
		return nil
	}
	v.Facts = w.factTable(it)
	change, units := newChange(it), w.divided()
	err := w.behind.Facts(ctx, it.Commitment, it.At.Region, func(f kpi.Fact) {
		w.names.add(it.ID, f)
		change.add(f)
		if f.Now {
			filer, owner := units.add(f)
			v.Facts.add(w.factCells(it, f, owner, filer)...)
		}
	})
	if err != nil {
		return err
	}
	if it.Kind != kpi.Milestone {
		if v.Moved, err = w.movement(it, change); err != nil {
			return err
		}
	}
	v.ByUnit = w.byUnit(it, units, v.Facts)
	return v.Facts.end()
}

// partColumn tells a part of a district from the district it counts in.
const partColumn = "开发区（园区）"

// part is the name of a region that reports through a district; "" of any other.
func (w *site) part(code string) string {
	if w.regions[code].Kind != "park" {
		return ""
	}
	return w.region(code)
}

// factTable is the empty list of an item's facts; what none of them has is no column.
func (w *site) factTable(it digest.Item) *rows {
	form := w.detail.Forms[it.ID]
	var columns [][]column
	add := func(wanted bool, list ...[]column) {
		if wanted {
			columns = append(columns, list...)
		}
	}
	money := it.UnitName() == figure.Yuan
	add(it.Of != nil, asText.of(sideColumn))
	add(true, asWords.of("名称"), asText.of("代码或编号"), asPlace.of(placeWord(w.d.DistrictsOf(it.Doc.Region))))
	add(form.Parts, asText.of(partColumn))
	for _, facet := range kpi.Facets(it.Model) {
		add(true, asText.of(facet))
	}
	add(money, asMoney.of("金额（万元）"))
	add(!money && form.Weighed, asNumber.of("数量"))
	add(form.Interval, asDay.of("起", "止"))
	add(!form.Interval, asDay.of("日期"))
	add(form.Matched, asText.of("匹配"))
	add(true, asText.of(ownerColumn, filerColumn), placed)
	table := w.rows("f-"+it.ID, columns...)
	table.Empty = "截至日期没有计入的明细"
	return table
}

// factCells are a fact's cells in the columns of factTable.
func (w *site) factCells(it digest.Item, f kpi.Fact, owner, filer string) []any {
	form := w.detail.Forms[it.ID]
	var cells []any
	if it.Of != nil {
		cells = append(cells, sideWords[f.Measure])
	}
	cells = append(cells, f.Name, f.EntityID, w.holder(f.Region))
	if form.Parts {
		cells = append(cells, w.part(f.Region))
	}
	for i := range kpi.Facets(it.Model) {
		cells = append(cells, cmp.Or(f.Facets[i], unstated))
	}
	switch {
	case it.UnitName() == figure.Yuan:
		cells = append(cells, f.Weight/figure.TableMoneyDivisor)
	case form.Weighed:
		cells = append(cells, f.Weight)
	}
	if form.Interval {
		cells = append(cells, f.From, last(f.Until))
	} else {
		cells = append(cells, f.On)
	}
	if form.Matched {
		cells = append(cells, strings.TrimSuffix(kpi.MatchedBy(f.Matched), "匹配"))
	}
	return append(cells, owner, filer, f.File, f.Sheet, f.Row)
}

// last is the last day of an interval; what has no end lasts.
func last(until kpi.Date) any {
	if until.IsZero() || !until.Before(kpi.OpenEnd) {
		return "长期"
	}
	return until.AddDays(-1)
}

// namedMost is how many names of those who moved stand in the page itself.
const namedMost = 24

// named are the names in their order, each once and with how often it stands:
// people are masked, and many come from one school.
func named(list []string) (texts []string, more bool) {
	times := map[string]int{}
	var once []string
	for _, name := range list {
		if times[name]++; times[name] == 1 {
			once = append(once, name)
		}
	}
	slices.SortStableFunc(once, func(a, b string) int { return cmp.Compare(times[b], times[a]) })
	more = len(once) > namedMost
	for _, name := range once[:min(namedMost, len(once))] {
		if n := times[name]; n > 1 {
			name += " × " + figure.Count(float64(n))
		}
		texts = append(texts, name)
	}
	return texts, more
}

// change tells who counts now from who counted at the end of the quarter before, each
// entity once. Of those that counted both times nothing is kept but that they did.
type change struct {
	level bool
	sides map[string]side
	order []string
}

type side struct {
	now, before bool
	fact        *kpi.Fact // the first of an entity that did not count both times
}

func newChange(it digest.Item) *change {
	return &change{level: it.Kind.Interval() || it.Of != nil && it.Of.Kind.Interval(), sides: map[string]side{}}
}

func (c *change) add(f kpi.Fact) {
	if f.Measure == "to" {
		return
	}
	s, known := c.sides[f.EntityID]
	if !known {
		f := f
		s.fact = &f
	}
	s.now, s.before = s.now || f.Now, s.before || f.Before
	if s.before && (s.now || !c.level) {
		s.fact = nil
	} else if !known {
		c.order = append(c.order, f.EntityID)
	}
	c.sides[f.EntityID] = s
}

// movement lists who came and who went.
func (w *site) movement(it digest.Item, c *change) (*moved, error) {
	m := &moved{Since: kpi.QuarterOf(w.d.AsOf()).Add(-1).Chinese(), Level: c.level}
	m.Rows = w.rows("m-"+it.ID, asText.of("变动"), asWords.of("名称"), asText.of("代码或编号", placeWord(w.d.DistrictsOf(it.Doc.Region))), placed)
	var came, went []string
	for _, id := range c.order {
		s, word := c.sides[id], "新增"
		if s.fact == nil {
			continue
		}
		f := *s.fact
		if s.now {
			came = append(came, cmp.Or(f.Name, f.EntityID))
		} else {
			word = "退出"
			went = append(went, cmp.Or(f.Name, f.EntityID))
		}
		m.Rows.add(word, f.Name, f.EntityID, w.region(f.Region), f.File, f.Sheet, f.Row)
	}
	m.NCame, m.NWent = figure.Count(float64(len(came))), figure.Count(float64(len(went)))
	m.Came, m.MoreCame = named(came)
	m.Went, m.MoreWent = named(went)
	return m, m.Rows.end()
}

// proofs lists the evidence of a scorecard item, and the audit's findings about
// an award rule.
func (w *site) proofs(v *commitmentView, it digest.Item) error {
	if it.Kind == kpi.AwardRule {
		table := w.findingRows("a-"+it.ID, func(f kpi.AwardFinding) bool { return f.Rule == it.ID })
		if table.Total > 0 {
			v.Audit = table
		}
		return table.end()
	}
	if it.Kind != kpi.ScorecardItem {
		return nil
	}
	table := w.proofRows("e-"+it.ID, func(p kpi.ScoreProof) bool { return p.Item == it.ID })
	if table.Total > 0 {
		v.Proofs = table
	}
	return table.end()
}
