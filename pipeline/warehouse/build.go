//go:build duckdb_arrow

package warehouse

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/source"

	"github.com/duckdb/duckdb-go/v2"
	"golang.org/x/sync/errgroup"
)

// Inputs are all a release database is a function of.
type Inputs struct {
	Models    Models
	Tables    []LakeTable  // one per contract
	Batches   []lake.Batch // known at the time of the release
	Asked     []kpi.Asked  // databases that had nothing new: their sources are filed up to that day
	Documents []kpi.Document
	Region    string // the installation's own jurisdiction, that of sources which name none
	Regions   []kpi.Region
	Schools   []School
	Since     kpi.Date // first quarter end that is computed
	AsOf      kpi.Date
	Mask      source.Masker // of persons
}

// LakeTable is the shape of a source's batches, from its contract.
type LakeTable struct {
	Source   string
	Name     string // 企业登记
	Bureau   string
	Region   string   // jurisdiction; "": the installation's own
	Snapshot bool     // each batch is the whole register on its data date
	Key      []string // natural key
	Columns  []LakeColumn
}

// LakeColumn is a column and its DuckDB type.
type LakeColumn struct {
	Name     string
	Type     string
	Personal string `json:",omitempty"` // what of a person it holds, by its contract
	Free     bool   `json:",omitempty"` // it may hold any text
}

// School is an entry of data/schools.
type School struct {
	Code   string `yaml:"code"`
	Name   string `yaml:"name"`
	Kind   string `yaml:"kind"` // university | vocational
	InCity bool   `yaml:"in_city"`
}

// Given lists the tables that exist before any model runs.
func Given(tables []LakeTable) []string {
	given := []string{"core.batch", "core.batch_sheet", "core.source", "core.filing", "core.region", "core.region_path", "core.reporting_region",
		"core.jurisdiction", "core.period", "core.commitment", "core.school", "core.award_rule", "core.award_clause",
		"core.scorecard", "core.scorecard_grade", "core.scorecard_item", "core.scorecard_condition"}
	for _, t := range tables {
		given = append(given, "lake."+t.Source)
	}
	return given
}

// Build fills an empty database with the given tables and every model, several
// at a time: a model starts when those it reads are made. Views over the lake
// and staging tables live beside it in memory: the database that stays holds
// core, kpi and mart. What a contract calls personal is masked in those views, and
// the key stands in none of them. watch, which may be nil, is called by one model at a
// time, when it starts and when it is made.
func (db *DB) Build(ctx context.Context, in Inputs, watch func(model string, made bool)) error {
	b := &builder{db: db.sql, into: db, in: in}
	db.distinct = map[string]bool{}
	if err := db.registerMasks(ctx, in.Mask); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{b.layers, b.personal, b.given, b.lake, b.answer} {
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
}

func (b *builder) exec(ctx context.Context, q string, args ...any) error {
	_, err := b.db.ExecContext(ctx, q, args...)
	return err
}

func (b *builder) layers(ctx context.Context) error {
	for _, q := range []string{
		"attach ':memory:' as lake", "attach ':memory:' as staging",
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

// lake makes one view per source: the row known last for each natural key (and
// data date, where each batch is the whole register), read in place from Parquet.
func (b *builder) lake(ctx context.Context) error {
	var self string // views in another database need the full name of what they read
	if err := b.db.QueryRowContext(ctx, "select current_database()").Scan(&self); err != nil {
		return fmt.Errorf("prepare release database: %w", err)
	}
	for _, t := range b.in.Tables {
		distinct, err := b.distinct(ctx, t)
		if err != nil {
			return err
		}
		b.into.distinct[t.Source] = distinct
		q := "create view lake." + Ident(t.Source) + " as\n" + lakeView(t, b.in.Batches, Ident(self)+".core.", distinct)
		if err := b.exec(ctx, q); err != nil {
			return fmt.Errorf("read batches of %s: %w", t.Source, err)
		}
	}
	return nil
}

// batchOf is the batch of a row of a Parquet file: its folder.
const batchOf = "split_part(filename, '/', -2)"

func lakeView(t LakeTable, batches []lake.Batch, core string, distinct bool) string {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = Ident(c.Name)
	}
	var parts []string
	for _, group := range byColumns(t.Source, batches) {
		cols := make([]string, len(t.Columns))
		for i, c := range t.Columns {
			from := "r." + Ident(c.Name)
			switch {
			case c.Name == source.BatchColumn:
				from = batchOf
			case !slices.Contains(group[0].Columns, c.Name):
				from = "null"
			case c.Name == source.RowColumn && severalSheets(group[0]):
				from += " + h.rows_above"
			}
			if c.Name == source.SheetColumn && from != "null" {
				from = sheetOf(group[0])
			}
			cols[i] = masked(c, group[0], from) + " as " + Ident(c.Name)
		}
		part := "select " + strings.Join(cols, ", ") + " from " + batchRows(group) + " r"
		if severalSheets(group[0]) {
			part += " join " + core + "batch_sheet h on h.batch_id = " + batchOf + " and h.sheet = " + sheetOf(group[0])
		}
		parts = append(parts, part)
	}
	if parts == nil {
		cols := make([]string, len(t.Columns))
		for i, c := range t.Columns {
			cols[i] = "cast(null as " + c.Type + ") as " + Ident(c.Name)
		}
		parts = []string{"select " + strings.Join(cols, ", ") + " where false"}
	}
	from := "from (" + strings.Join(parts, " union all ") + ") r join " + core + "batch b on b.batch_id = r.batch_id\n"
	if distinct {
		return "select " + strings.Join(qualified("r", names), ", ") + ", b.data_date\n" + from
	}
	key := make([]string, 0, len(t.Key)+1)
	for _, k := range t.Key {
		key = append(key, "r."+Ident(k))
	}
	if t.Snapshot {
		key = append(key, "b.data_date")
	}
	return "select " + strings.Join(names, ", ") + ", data_date from (\n" +
		"select r.*, b.data_date, row_number() over (partition by " + strings.Join(key, ", ") +
		" order by b.seq desc, r.row_no desc) as known_last\n" +
		from + ") where known_last = 1"
}

func qualified(table string, columns []string) []string {
	out := make([]string, len(columns))
	for i, c := range columns {
		out[i] = table + "." + c
	}
	return out
}

// byColumns groups a source's batches by the columns they were written with, older
// contract versions may lack some, by whether they have several sheets, and by the
// columns in which identity numbers were found.
func byColumns(of string, batches []lake.Batch) [][]lake.Batch {
	at := map[string]int{}
	var groups [][]lake.Batch
	for _, b := range batches {
		if b.Source != of || b.Loaded == 0 {
			continue
		}
		k := fmt.Sprint(severalSheets(b), b.Columns, source.HoldsIdentity([]byte(b.Sheet)))
		for _, p := range b.Personal {
			k += fmt.Sprint("\x00", p.Column, p.Whole)
		}
		if _, ok := at[k]; !ok {
			at[k] = len(groups)
			groups = append(groups, nil)
		}
		groups[at[k]] = append(groups[at[k]], b)
	}
	return groups
}

// given makes the tables that models take for granted.
func (b *builder) given(ctx context.Context) error {
	in := b.in
	var batches, sources, regions, paths, reporting, jurisdictions, periods, schools [][]driver.Value
	jurisdiction := map[string]string{}
	for _, t := range in.Tables {
		jurisdiction[t.Source] = cmp.Or(t.Region, in.Region)
	}
	for _, t := range in.Batches {
		batches = append(batches, row(t.Batch, t.Seq, t.Source, t.Bureau, in.Mask.Text(t.File), in.Mask.Text(t.Sheet), t.DataDate, t.LoadedAt,
			t.Read, t.Loaded, t.Rejected, t.Dropped, jurisdiction[t.Source], t.SameAs, answers(t)))
	}
	for _, t := range in.Tables {
		sources = append(sources, row(t.Source, t.Name, t.Bureau))
	}
	parent, reports := map[string]string{}, map[string]bool{}
	for _, r := range in.Regions {
		parent[r.Code] = r.Parent
		if r.Parent == "" {
			jurisdictions = append(jurisdictions, row(r.Code))
		}
		reports[r.Code] = r.Reports(in.Regions)
	}
	for _, r := range in.Regions {
		under, top := "", r.Code // the nearest region that reports, itself or above
		for code := r.Code; code != ""; code = parent[code] {
			paths = append(paths, row(r.Code, code))
			if under == "" && reports[code] {
				under = code
			}
			top = code
		}
		regions = append(regions, row(r.Code, r.Name, r.Short, r.Kind, r.Parent, under))
		if reports[r.Code] {
			reporting = append(reporting, row(r.Code, top))
		}
	}
	for _, end := range Periods(in.Since, in.AsOf, in.Documents) {
		before := kpi.QuarterOf(end).Start().AddDays(-1)
		periods = append(periods, row(end, kpi.YearEnd(end.Year-1), before))
	}
	for _, s := range in.Schools {
		schools = append(schools, row(s.Code, s.Name, s.Kind, s.InCity))
	}
	sheets, err := b.batchSheets(ctx)
	if err != nil {
		return err
	}
	rules, clauses := awardRules(in.Documents)
	scored := scorecards(in.Documents)
	for _, t := range []struct {
		name, columns string
		rows          [][]driver.Value
	}{
		{"batch", "batch_id varchar, seq integer, source varchar, bureau varchar, file varchar, sheet varchar, data_date date, loaded_at timestamptz, read bigint, loaded bigint, rejected bigint, dropped bigint, jurisdiction_code varchar, same_as varchar, answers varchar", batches},
		{"batch_sheet", batchSheetColumns, sheets},
		{"source", "source varchar, name varchar, bureau varchar", sources},
		{"region", "region_code varchar, name varchar, short varchar, kind varchar, parent_code varchar, reporting_code varchar", regions},
		{"region_path", "region_code varchar, ancestor_code varchar", paths},
		{"reporting_region", "region_code varchar, jurisdiction_code varchar", reporting},
		{"jurisdiction", "region_code varchar", jurisdictions},
		{"period", "period_end date, before_year date, before_quarter date", periods},
		{"school", "school_code varchar, name varchar, kind varchar, in_city boolean", schools},
		{"award_rule", awardRuleColumns, rules},
		{"award_clause", "clause varchar, rule_id varchar", clauses},
		{"scorecard", scorecardColumns, scored.cards},
		{"scorecard_grade", scorecardGradeColumns, scored.grades},
		{"scorecard_item", scorecardItemColumns, scored.items},
		{"scorecard_condition", scorecardConditionColumns, scored.conditions},
	} {
		if err := b.table(ctx, t.name, t.columns, t.rows); err != nil {
			return err
		}
	}
	return nil
}

// answers is the batch whose rejected rows a corrected workbook brought back, "" of any other file.
func answers(b lake.Batch) string {
	if b.Answers == nil {
		return ""
	}
	return b.Answers.Batch
}

// table makes a given table.
func (b *builder) table(ctx context.Context, name, columns string, rows [][]driver.Value) error {
	if err := b.exec(ctx, "create table core."+name+" ("+columns+")"); err != nil {
		return fmt.Errorf("prepare core.%s: %w", name, err)
	}
	if err := b.append(ctx, name, rows); err != nil {
		return fmt.Errorf("fill core.%s: %w", name, err)
	}
	return nil
}

func (b *builder) append(ctx context.Context, table string, rows [][]driver.Value) error {
	conn, err := b.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return conn.Raw(func(c any) error {
		a, err := duckdb.NewAppenderFromConn(c.(driver.Conn), "core", table)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if err := a.AppendRow(r...); err != nil {
				a.Close()
				return err
			}
		}
		return a.Close()
	})
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
	Each                        bool     // every one of several subjects must do it
	From                        kpi.Date // of a cumulative line: the first day that counts; zero: all days do
}

// Lines lists every line of a document that has values.
func Lines(d kpi.Document) []Line {
	var lines []Line
	for _, c := range slices.Concat(d.Commitments, d.Indicators) {
		switch {
		case c.Kind == kpi.Ratio && c.Of != nil && c.To != nil:
			lines = append(lines, Line{ID: c.ID, Kind: c.Kind},
				Line{ID: c.ID, Measure: "of", Model: c.Of.Model, Variant: c.Of.Variant, Kind: c.Of.Kind},
				Line{ID: c.ID, Measure: "to", Model: c.To.Model, Variant: c.To.Variant, Kind: c.To.Kind})
		case c.Model != "":
			lines = append(lines, Line{ID: c.ID, Model: c.Model, Variant: c.Variant, Kind: c.Kind,
				Bounded: c.Kind == kpi.Constraint && c.Target != nil && c.Target.Value() != 0, From: c.CountsFrom(d), Each: c.Each != ""})
		}
		for _, m := range c.Also {
			l := Line{ID: c.ID, Measure: m.Name, Model: cmp.Or(m.Model, c.Model), Variant: m.Variant, Kind: cmp.Or(m.Kind, c.Kind)}
			if l.Model == c.Model && l.Kind == c.Kind {
				l.From = c.CountsFrom(d)
			}
			if l.Model != "" {
				lines = append(lines, l)
			}
		}
	}
	return lines
}
