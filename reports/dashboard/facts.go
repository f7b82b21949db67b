package dashboard

import (
	"cmp"
	"context"
	"slices"

	"citykpi/pipeline/kpi"
	"citykpi/reports/digest"
	"citykpi/reports/figure"
)

// facts lists what the figure counts, and who came and went.
func (w *site) facts(ctx context.Context, v *commitmentView, it digest.Item) error {
	if w.behind == nil || it.Model == "" && it.Of == nil {
		return nil
	}
	var facts []kpi.Fact
	if err := w.behind.Facts(ctx, it.Commitment, it.At.Region, func(f kpi.Fact) { facts = append(facts, f) }); err != nil {
		return err
	}
	w.names.all(it.ID, facts)
	if it.Kind != kpi.Milestone {
		var err error
		if v.Moved, err = w.movement(it, facts); err != nil {
			return err
		}
	}
	return w.factRows(v, it, facts)
}

func (w *site) factRows(v *commitmentView, it digest.Item, facts []kpi.Fact) error {
	interval := slices.ContainsFunc(facts, func(f kpi.Fact) bool { return f.On.IsZero() })
	weighed := slices.ContainsFunc(facts, func(f kpi.Fact) bool { return f.Weight != 1 })
	money := it.UnitName() == figure.Yuan
	var columns []column
	if it.Of != nil {
		columns = append(columns, column{"计入", asText})
	}
	columns = append(columns, column{"名称", asWords}, column{"代码或编号", asText}, column{"区", asPlace})
	switch {
	case money:
		columns = append(columns, column{"金额（万元）", asMoney})
	case weighed:
		columns = append(columns, column{"数量", asNumber})
	}
	if interval {
		columns = append(columns, column{"起", asDay}, column{"止", asDay})
	} else {
		columns = append(columns, column{"日期", asDay})
	}
	columns = append(columns, column{"文件", asWords}, column{"工作表", asText}, column{"行", asNumber})
	table := w.rows("f-"+it.ID, columns...)
	table.Empty = "截至日期没有计入的明细"
	for _, f := range facts {
		if !f.Now {
			continue
		}
		var cells []any
		if it.Of != nil {
			cells = append(cells, map[string]string{"of": "分子", "to": "分母"}[f.Measure])
		}
		cells = append(cells, f.Name, f.EntityID, w.holder(f.Region))
		switch {
		case money:
			cells = append(cells, f.Weight/figure.TableMoneyDivisor)
		case weighed:
			cells = append(cells, f.Weight)
		}
		if interval {
			cells = append(cells, f.From, last(f.Until))
		} else {
			cells = append(cells, f.On)
		}
		table.add(append(cells, f.File, f.Sheet, f.Row)...)
	}
	v.Facts = table
	return table.end()
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

// movement compares who counts now with who counted at the end of the quarter
// before, each entity once.
func (w *site) movement(it digest.Item, facts []kpi.Fact) (*moved, error) {
	type side struct {
		now, before bool
		fact        kpi.Fact
	}
	at := map[string]*side{}
	var order []*side
	for _, f := range facts {
		if f.Measure == "to" {
			continue
		}
		s := at[f.EntityID]
		if s == nil {
			s = &side{fact: f}
			at[f.EntityID], order = s, append(order, s)
		}
		s.now, s.before = s.now || f.Now, s.before || f.Before
	}
	m := &moved{Since: kpi.QuarterOf(w.d.AsOf()).Add(-1).Chinese(), Level: it.Kind.Interval() || it.Of != nil && it.Of.Kind.Interval()}
	m.Rows = w.rows("m-"+it.ID, column{"变动", asText}, column{"名称", asWords}, column{"代码或编号", asText}, column{"区", asText}, column{"文件", asWords}, column{"工作表", asText}, column{"行", asNumber})
	var came, went []string
	for _, s := range order {
		f, word := s.fact, "新增"
		switch {
		case s.now && !s.before:
			came = append(came, cmp.Or(f.Name, f.EntityID))
		case s.before && !s.now && m.Level:
			word = "退出"
			went = append(went, cmp.Or(f.Name, f.EntityID))
		default:
			continue
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
