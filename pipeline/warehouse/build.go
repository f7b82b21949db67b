package warehouse

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"io/fs"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/source/personal"

	"golang.org/x/sync/errgroup"
)

// Inputs are all a release database is a function of.
type Inputs struct {
	Models    Models
	Given     []Given      // the tables to make before any model runs
	Pages     fs.FS        // sql/, whose queries in page the release is read by
	Tables    []LakeTable  // one per contract
	Batches   []lake.Batch // known at the time of the release
	Asked     []kpi.Asked  // databases that had nothing new: their sources are filed up to that day
	Documents []kpi.Document
	Spare     []kpi.Document  // that the installation leaves out: rows under them are nobody's mistake
	Idle      map[string]bool // sources that nothing chosen is answered from: none of their batches is among Batches
	Region    string          // the installation's own jurisdiction, that of sources which name none
	Regions   []kpi.Region
	Schools   []School
	Recognition
	Since kpi.Date // first quarter end that is computed
	AsOf  kpi.Date
	Mask  personal.Masker // of persons
}

// LakeTable is the shape of a source's batches, from its contract.
type LakeTable struct {
	Source   string
	Name     string // 企业登记
	Bureau   string
	Region   string   // jurisdiction; "": the installation's own
	Snapshot bool     // each batch is the whole register on its data date
	Every    string   // month | quarter | year; "": it comes when there is something to say
	Key      []string // natural key
	Columns  []LakeColumn
}

// LakeColumn is a column and its DuckDB type.
type LakeColumn struct {
	Name     string
	Type     string
	Personal string `json:",omitempty"` // what of a person it holds, by its contract
	Free     bool   `json:",omitempty"` // it may hold any text

	Words [][2]string `json:",omitempty"` // of a category: its values, and what bureaus call them
}

// School is an entry of data/schools.
type School struct {
	Code   string `yaml:"code"`
	Name   string `yaml:"name"`
	Kind   string `yaml:"kind"` // university | vocational
	InCity bool   `yaml:"in_city"`
}

// Build fills an empty database with the given tables and every model, several
// at a time: a model starts when those it reads are made. Views over the lake
// and staging tables live beside it in memory: the database that stays holds
// core, kpi and mart. What a contract calls personal is masked in those views, and
// the key stands in none of them. watch, which may be nil, is called by one model at a
// time, when it starts and when it is made.
func (db *DB) Build(ctx context.Context, in Inputs, watch func(model string, made bool)) error {
	b := &builder{db: db.SQL(), into: db, in: in}
	db.distinct, db.pages = map[string]bool{}, in.Pages
	if err := db.registerMasks(ctx, in.Mask); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{b.layers, b.personal, b.given, b.leaveOut, b.lake, b.corrections, b.answer} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	var watching sync.Mutex
	tell := func(model string, made bool) {
		watching.Lock()
		defer watching.Unlock()
		if watch != nil {
			watch(model, made)
		}
	}
	made := map[string]chan struct{}{}
	for _, m := range in.Models {
		made[m.Name] = make(chan struct{})
	}
	slots := make(chan struct{}, runtime.NumCPU())
	work, ctx := errgroup.WithContext(ctx)
	for _, m := range in.Models {
		work.Go(func() error {
			for _, r := range m.Refs {
				if read := made[r.Table]; read != nil {
					select {
					case <-read:
					case <-ctx.Done():
						return ctx.Err()
					}
				}
			}
			slots <- struct{}{}
			defer func() { <-slots }()
			tell(m.Name, false)
			if err := b.model(ctx, m); err != nil {
				return err
			}
			tell(m.Name, true)
			close(made[m.Name])
			return nil
		})
	}
	return work.Wait()
}

type builder struct {
	db   *sql.DB
	into *DB
	in   Inputs

	found []values // rows of core.correction, while lake.<source> is made
}

func (b *builder) exec(ctx context.Context, q string, args ...any) error {
	_, err := b.db.ExecContext(ctx, q, args...)
	return err
}

func (b *builder) layers(ctx context.Context) error {
	for _, q := range []string{
		"attach ':memory:' as lake", "create schema lake.filed",
		"attach ':memory:' as settled", "create schema settled.superseded",
		"attach ':memory:' as staging",
		"create schema core", "create schema kpi", "create schema mart",
	} {
		if err := b.exec(ctx, q); err != nil {
			return fmt.Errorf("prepare release database: %w", err)
		}
	}
	return nil
}

// model runs one model into its table and holds its columns against the spec.
func (b *builder) model(ctx context.Context, m Model) error {
	what := "table"
	if m.Spec.View {
		what = "view"
	}
	if err := b.exec(ctx, "create "+what+" "+m.Name+" as\n"+m.SQL); err != nil {
		return fmt.Errorf("sql/%s: %s", m.File, firstLines(err.Error(), 4))
	}
	if len(m.Spec.Columns) == 0 {
		return nil
	}
	rows, err := b.db.QueryContext(ctx, "select * from "+m.Name+" limit 0")
	if err != nil {
		return fmt.Errorf("sql/%s: %w", m.File, err)
	}
	defer rows.Close()
	made, err := rows.Columns()
	if err != nil {
		return fmt.Errorf("sql/%s: %w", m.File, err)
	}
	for _, c := range made {
		if _, ok := m.Spec.Columns[c]; !ok {
			return fmt.Errorf("sql/%s: column %s is not in the .yml beside it. Try: describe it there", m.File, c)
		}
	}
	for c := range m.Spec.Columns {
		if !slices.Contains(made, c) {
			return fmt.Errorf("sql/%s: the .yml beside it promises column %s, the select has none", m.File, c)
		}
	}
	return nil
}

func firstLines(s string, n int) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return strings.Join(lines[:min(n, len(lines))], "\n")
}

// given makes the tables that models take for granted.
func (b *builder) given(ctx context.Context) error {
	in := b.in
	var batches, sources, documents, periods, schools, leftOut []values
	jurisdiction := map[string]string{}
	for _, t := range in.Tables {
		jurisdiction[t.Source] = cmp.Or(t.Region, in.Region)
		sources = append(sources, values{"source": t.Source, "name": t.Name, "bureau": t.Bureau, "every": t.Every})
	}
	for _, t := range in.Batches {
		batches = append(batches, values{
			"batch_id": t.Batch, "seq": t.Seq, "source": t.Source, "bureau": t.Bureau,
			"file": in.Mask.Text(t.File), "sheet": in.Mask.Text(t.Sheet), "data_date": t.DataDate, "loaded_at": t.LoadedAt,
			"read": t.Read, "loaded": t.Loaded, "rejected": t.Rejected, "dropped": t.Dropped,
			"jurisdiction_code": jurisdiction[t.Source], "same_as": t.SameAs, "answers": answers(t),
		})
	}
	for _, d := range in.Documents {
		documents = append(documents, values{"document": d.ID, "jurisdiction_code": d.Region, "status": d.Status, "issued_on": d.Issued})
	}
	for _, end := range Periods(in.Since, in.AsOf, in.Documents) {
		before := kpi.QuarterOf(end).Start().AddDays(-1)
		periods = append(periods, values{"period_end": end, "before_year": kpi.YearEnd(end.Year - 1), "before_quarter": before})
	}
	for _, s := range in.Schools {
		schools = append(schools, values{"school_code": s.Code, "name": s.Name, "kind": s.Kind, "in_city": s.InCity})
	}
	sheets, err := b.batchSheets(ctx)
	if err != nil {
		return err
	}
	rules, clauses, grades := awardRules(in.Documents)
	_, spareClauses, _ := awardRules(in.Spare)
	for _, d := range in.Spare {
		leftOut = append(leftOut, values{"word": d.ID})
		for _, c := range slices.Concat(d.Commitments, d.Indicators) {
			leftOut = append(leftOut, values{"word": c.ID})
		}
	}
	for _, clause := range spareClauses {
		leftOut = append(leftOut, values{"word": clause["clause"]})
	}
	recognition, tiers := in.Recognition.rows()
	scored, places := scorecards(in.Documents), placesOf(in.Regions)
	return b.fill(ctx, map[string][]values{
		"batch": batches, "batch_sheet": sheets, "source": sources,
		"region": places.regions, "region_path": places.paths, "reporting_region": places.reporting, "jurisdiction": places.jurisdictions,
		"recognition_rule": recognition, "tier": tiers, "term": in.Models.terms(in.Documents),
		"document": documents, "left_out": leftOut, "period": periods, "school": schools,
		"award_rule": rules, "award_clause": clauses, "award_grade": grades,
		"scorecard": scored.cards, "scorecard_grade": scored.grades,
		"scorecard_item": scored.items, "scorecard_condition": scored.conditions,
	})
}

type placeRows struct{ regions, paths, reporting, jurisdictions []values }

// placesOf are the rows of the given tables of regions.
func placesOf(list []kpi.Region) (r placeRows) {
	parent, reports := map[string]string{}, map[string]bool{}
	for _, of := range list {
		parent[of.Code], reports[of.Code] = of.Parent, of.Reports(list)
		if of.Parent == "" {
			r.jurisdictions = append(r.jurisdictions, values{"region_code": of.Code})
		}
	}
	for _, of := range list {
		under, top := "", of.Code // the nearest region that reports, itself or above
		for code := of.Code; code != ""; code = parent[code] {
			r.paths = append(r.paths, values{"region_code": of.Code, "ancestor_code": code})
			if under == "" && reports[code] {
				under = code
			}
			top = code
		}
		r.regions = append(r.regions, values{"region_code": of.Code, "name": of.Name, "short": of.Short, "kind": of.Kind,
			"parent_code": of.Parent, "reporting_code": under})
		if reports[of.Code] {
			r.reporting = append(r.reporting, values{"region_code": of.Code, "jurisdiction_code": top})
		}
	}
	return r
}

// answers is the batch whose rejected rows a corrected workbook brought back, "" of any other file.
func answers(b lake.Batch) string {
	if b.Answers == nil {
		return ""
	}
	return b.Answers.Batch
}

// fill makes given tables, by the names of their files, and fills them in the order of these.
func (b *builder) fill(ctx context.Context, tables map[string][]values) error {
	for _, name := range slices.Sorted(maps.Keys(tables)) {
		i := slices.IndexFunc(b.in.Given, func(g Given) bool { return g.Table == "core."+name })
		if i < 0 {
			return fmt.Errorf("core.%s is described nowhere. Try: sql/given/%s.yml", name, name)
		}
		var rows [][]driver.Value
		for _, v := range tables[name] {
			laid, err := b.in.Given[i].in(v)
			if err != nil {
				return fmt.Errorf("fill core.%s: %w", name, err)
			}
			rows = append(rows, row(laid...))
		}
		if err := b.table(ctx, name, b.in.Given[i].ddl(), rows); err != nil {
			return err
		}
	}
	return nil
}

// table makes a given table.
func (b *builder) table(ctx context.Context, name, columns string, rows [][]driver.Value) error {
	if err := b.exec(ctx, "create table core."+name+" ("+columns+")"); err != nil {
		return fmt.Errorf("prepare core.%s: %w", name, err)
	}
	if err := b.into.Append(ctx, "", "core", name, rows); err != nil {
		return fmt.Errorf("fill core.%s: %w", name, err)
	}
	return nil
}

// row turns values into what the driver takes; a zero date is null.
func row(values ...any) []driver.Value {
	out := make([]driver.Value, len(values))
	for i, v := range values {
		switch v := v.(type) {
		case kpi.Date:
			if !v.IsZero() {
				out[i] = v.Time()
			}
		case int:
			out[i] = int32(v)
		default:
			out[i] = v
		}
	}
	return out
}

// Periods are the dates values are computed for: every quarter end since the
// first, the deadlines in between, and the as-of date itself.
func Periods(since, asOf kpi.Date, documents []kpi.Document) []kpi.Date {
	ends := append(kpi.QuarterEnds(since, asOf), asOf)
	for _, on := range kpi.Deadlines(documents, asOf) {
		if !on.Before(since) {
			ends = append(ends, on)
		}
	}
	slices.SortFunc(ends, kpi.Date.Compare)
	return slices.Compact(ends)
}

// Line is one line of values: a commitment's own figure, one of its measures, or
// a side of a ratio (measures of and to). A ratio's own line has no model.
type Line struct {
	ID, Measure, Model, Variant string
	Kind                        kpi.Kind
	Bounded                     bool     // a number is held against a bound: without a fact there is none
	Each                        bool     // every one of several subjects must do it, or it is a share of them
	AtLeast, AtMost             any      // float64, the target's bounds, tolerance taken off; nil: none
	From                        kpi.Date // of a cumulative line: the first day that counts; zero: all days do
	Evidence                    []string // of a scorecard item: the kinds that its conditions ask for
}

// bounds takes over what a target demands.
func (l Line) bounds(t *kpi.Target) Line {
	if t == nil {
		return l
	}
	if low := cmp.Or(t.AtLeast, lower(t.Between)); low != nil {
		l.AtLeast = *low * (1 - t.Tolerance)
	}
	if high := cmp.Or(t.AtMost, t.High()); high != nil {
		l.AtMost = *high
	}
	return l
}

func lower(between *[2]float64) *float64 {
	if between == nil {
		return nil
	}
	return &between[0]
}

// Lines lists every line of a document that has values.
func Lines(d kpi.Document) []Line {
	var lines []Line
	for _, c := range slices.Concat(d.Commitments, d.Indicators) {
		switch {
		case c.Kind == kpi.Ratio && c.Of != nil && c.To != nil:
			lines = append(lines, Line{ID: c.ID, Kind: c.Kind, Each: c.Each != ""}.bounds(c.Target),
				Line{ID: c.ID, Measure: "of", Model: c.Of.Model, Variant: c.Of.Variant, Kind: c.Of.Kind, From: c.SideFrom(d, *c.Of)},
				Line{ID: c.ID, Measure: "to", Model: c.To.Model, Variant: c.To.Variant, Kind: c.To.Kind, From: c.SideFrom(d, *c.To)})
		case c.Model != "":
			bounded := c.Kind == kpi.Constraint && c.Target != nil && c.Target.Value() != 0
			lines = append(lines, Line{ID: c.ID, Model: c.Model, Variant: c.Variant, Kind: c.Kind,
				Bounded: bounded, From: c.CountsFrom(d), Each: c.Each != "", Evidence: c.Evidence()}.bounds(c.Target))
		}
		for _, m := range c.Also {
			l := Line{ID: c.ID, Measure: m.Name, Model: cmp.Or(m.Model, c.Model), Variant: m.Variant,
				Kind: cmp.Or(m.Kind, c.Kind), From: c.MeasureFrom(d, m)}
			if l.Model != "" {
				lines = append(lines, l)
			}
		}
	}
	return lines
}
