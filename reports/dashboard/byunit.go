package dashboard

import (
	"cmp"
	"maps"
	"slices"

	"citykpi/pipeline/kpi"
	"citykpi/reports/digest"
	"citykpi/reports/figure"
)

// unitPart is a unit and what its rows make of a figure.
type unitPart struct {
	Unit        string
	Page        bool   // it has one
	Value       number // of a ratio its own
	Share       number // of the figure; of a ratio, of what is counted
	Of, To      opened // the sides of a ratio
	Rows        opened
	First, Last string // data dates of what it filed, or days of what it answers for
	Behind      string // how it fails the current period, "" if it does not
}

// opened is a number that leads to its rows.
type opened struct {
	number
	Href string // "": there are none
	N    int    // rows it leads to
}

// unitTable is a figure by the units that filed its rows, or by those that the rows
// themselves name as responsible.
type unitTable struct {
	Figure       string     // whose parts they are: NJ88-028/320100
	Column       string     // what the units are: filerColumn or ownerColumn
	Filed        bool       // they filed the rows
	Adds         bool       // the parts add up to the figure
	Ratio        bool       // its sides do
	List         []unitPart // the largest part first
	Sole         *unitPart  // instead of the list: all of it is one unit's
	Total        fig
	SumOf, SumTo number
	Rows         string
}

// unitsView is a figure by unit, in as many ways as its rows tell units apart.
type unitsView struct {
	Tables []*unitTable
	Soles  []*unitTable // all of whose rows are one unit's
	Rows   string       // that count
	Tasks  []taskUnit   // of the parks, where the commitment counts them
}

// filings say who filed each file, of what and up to which day.
type filings struct {
	bureaus map[string]bool
	files   map[string]submitter // by its path below the inbox
	spans   map[submitter]span
	behind  map[submitter]string // how a unit fails the current period of a source
	paged   map[string]bool      // units that have a page
}

type submitter struct{ source, unit string }

// span is the first and the last data date of what a unit filed of a source.
type span struct{ first, last kpi.Date }

func (s span) with(d kpi.Date) span {
	if s.first.IsZero() || d.Before(s.first) {
		s.first = d
	}
	if d.After(s.last) {
		s.last = d
	}
	return s
}

func filingsOf(d *digest.Digest, batches []kpi.BatchLine, units []unit) *filings {
	f := &filings{d.Inboxes(), map[string]submitter{}, map[submitter]span{}, map[submitter]string{}, map[string]bool{}}
	for _, b := range batches {
		by := submitter{b.Source, d.Called(kpi.FilingUnit(b.File, b.Bureau, f.bureaus))}
		f.files[b.File] = by
		f.spans[by] = f.spans[by].with(b.DataDate)
	}
	for _, r := range d.Snapshot.Calendar {
		if c := r.Current(); c.Behind() {
			f.behind[submitter{r.Source, r.Unit}] = c.Word()
		}
	}
	for _, u := range units {
		f.paged[u.Name] = true
	}
	return f
}

// of is who filed a file.
func (f *filings) of(file string) submitter {
	if by, known := f.files[file]; known {
		return by
	}
	return submitter{"", kpi.FilingUnit(file, unstated, f.bureaus)}
}

// shares adds a figure up by unit, while its rows pass.
type shares map[string]*part

// part is what one unit's rows make of a figure. of is the figure's own weight; to only
// a ratio has.
type part struct {
	of, to     float64
	rows, base int // base: rows of to
	days       span
	sources    map[string]bool
}

func (s shares) add(unit, source string, f kpi.Fact) {
	p := s[unit]
	if p == nil {
		p = &part{sources: map[string]bool{}}
		s[unit] = p
	}
	if f.Measure == "to" {
		p.to, p.base = p.to+f.Weight, p.base+1
	} else {
		p.of, p.rows = p.of+f.Weight, p.rows+1
	}
	if on := cmp.Or(f.On, f.From); !on.IsZero() {
		p.days = p.days.with(on)
	}
	p.sources[source] = true
}

// units have the largest part first.
func (s shares) units() []string {
	return slices.SortedFunc(maps.Keys(s), func(a, b string) int {
		x, y := s[a], s[b]
		return cmp.Or(cmp.Compare(y.of, x.of), cmp.Compare(y.to, x.to), cmp.Compare(y.rows, x.rows), cmp.Compare(a, b))
	})
}

// sum is all of them. In the order of the units: a sum of floats depends on it.
func (s shares) sum() (all part) {
	for _, unit := range s.units() {
		p := s[unit]
		all.of, all.to, all.rows, all.base = all.of+p.of, all.to+p.to, all.rows+p.rows, all.base+p.base
	}
	return all
}

// divided is a figure's rows by who filed them, and by whom they name as responsible.
type divided struct {
	filings      *filings
	named        map[kpi.Place]string
	filer, owner shares
}

func (w *site) divided() *divided {
	return &divided{w.filings, w.detail.Units, shares{}, shares{}}
}

// add counts a fact and says who filed it and whom it names.
func (d *divided) add(f kpi.Fact) (filer, owner string) {
	by := d.filings.of(f.File)
	owner = cmp.Or(d.named[kpi.Place{File: f.File, Sheet: f.Sheet, Row: f.Row}], unstated)
	d.filer.add(by.unit, by.source, f)
	d.owner.add(owner, "", f)
	return by.unit, owner
}

// dates are the data dates of what a unit filed of the sources that its part is from,
// and how it fails the current period of one of them.
func (f *filings) dates(unit string, p *part) (days span, behind string) {
	for _, source := range slices.Sorted(maps.Keys(p.sources)) {
		by := submitter{source, unit}
		if known, ok := f.spans[by]; ok {
			days = days.with(known.first).with(known.last)
		}
		behind = cmp.Or(behind, f.behind[by])
	}
	return days, behind
}

// The columns of a list of facts that a unit's part is found by.
const (
	filerColumn = "报送单位"
	ownerColumn = "责任单位"
	sideColumn  = "计入"
)

// sideWords are the sides of a ratio as its facts say them.
var sideWords = map[string]string{"of": "分子", "to": "分母"}

// byUnit is the figure by unit, nil when nothing that counts has been filed. What
// tells no units apart leaves the list of facts.
func (w *site) byUnit(it digest.Item, d *divided, facts *rows) *unitsView {
	v := &unitsView{}
	for _, t := range []*unitTable{w.unitTable(it, ownerColumn, d.owner), w.unitTable(it, filerColumn, d.filer)} {
		switch {
		case t.Sole == nil && t.List == nil || t.Column == ownerColumn && t.Sole != nil && t.Sole.Unit == unstated:
			facts.without(t.Column)
		case t.Sole != nil:
			facts.without(t.Column)
			v.Soles, v.Rows = append(v.Soles, t), t.Rows
		default:
			v.Tables = append(v.Tables, t)
		}
	}
	if v.Tasks = w.taskUnits(it); v.Tables == nil && v.Soles == nil && v.Tasks == nil {
		return nil
	}
	return v
}

func (w *site) unitTable(it digest.Item, column string, s shares) *unitTable {
	count := func(v float64) number { return numberOf(figure.Count(v), &v) }
	sum := s.sum()
	t := &unitTable{Figure: it.ID + "/" + it.At.Region, Column: column, Filed: column == filerColumn,
		Ratio: it.Of != nil, Adds: it.Of == nil && it.Kind != kpi.Milestone,
		Total: tallied(it.At, figure.Quantity(it.At.Value, it.UnitName()).String()),
		SumOf: count(sum.of), SumTo: count(sum.to), Rows: figure.Count(float64(sum.rows + sum.base))}
	for _, unit := range s.units() {
		t.List = append(t.List, w.unitPart(it, t, unit, s[unit], sum.of))
	}
	if len(t.List) == 1 {
		t.Sole, t.List = &t.List[0], nil
	}
	return t
}

// unitPart is the part of one unit; whole is what all of them make.
func (w *site) unitPart(it digest.Item, t *unitTable, unit string, p *part, whole float64) unitPart {
	open := func(text string, v float64, rows int, more ...string) opened {
		o := opened{number: number{Text: figure.None}, N: rows}
		if rows > 0 {
			o.number, o.Href = numberOf(text, &v), where(commitmentPage(it.ID), "facts", append([]string{t.Column, unit}, more...)...)
		}
		return o
	}
	rows, dates, behind := p.rows+p.base, p.days, ""
	if t.Filed {
		dates, behind = w.filings.dates(unit, p)
	}
	none := number{Text: figure.None}
	u := unitPart{Unit: unit, Page: w.filings.paged[unit], Value: none, Share: none,
		Rows:  open(figure.Count(float64(rows)), float64(rows), rows),
		First: figure.Day(dates.first), Last: figure.Day(dates.last), Behind: behind}
	switch {
	case t.Adds:
		u.Value = numberOf(figure.Quantity(&p.of, it.UnitName()).String(), &p.of)
	case t.Ratio:
		u.Of = open(figure.Count(p.of), p.of, p.rows, sideColumn, sideWords["of"])
		u.To = open(figure.Count(p.to), p.to, p.base, sideColumn, sideWords["to"])
		if p.rows > 0 && p.to > 0 {
			own := p.of / p.to * 100
			u.Value = numberOf(figure.Quantity(&own, it.UnitName()).String(), &own)
		}
	}
	if (t.Adds || t.Ratio && p.rows > 0) && whole > 0 {
		share := p.of / whole * 100
		u.Share = numberOf(figure.Number(share, 1), &share)
	}
	return u
}

// without takes out of a list a column that says the same in every row; what stands in
// files by then keeps it, out of sight.
func (r *rows) without(title string) {
	n := slices.IndexFunc(r.Columns, func(c column) bool { return c.Title == title })
	if r.Chunks > 0 {
		r.Columns[n].Kind = asHidden
		return
	}
	r.Columns = slices.Delete(r.Columns, n, n+1)
	for i := range r.First {
		r.First[i] = slices.Delete(r.First[i], n, n+1)
	}
	for i := range r.buffer {
		r.buffer[i] = slices.Delete(r.buffer[i], n, n+1)
	}
}
