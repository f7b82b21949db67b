package warehouse

import (
	"context"
	"database/sql"
	"fmt"
	"runtime"
	"slices"
	"sort"
	"strings"

	"citykpi/pipeline/duck"
	"citykpi/pipeline/kpi"

	"golang.org/x/sync/errgroup"
)

// Failure is a check that found rows, with the first of them as text.
type Failure struct {
	kpi.Check
	Columns []string   `json:"columns,omitempty"`
	Sample  [][]string `json:"sample,omitempty"`
}

// sampleRows is how many failing rows a check shows.
const sampleRows = 20

// Check runs every test of the models' specs and every check of sql/checks.
// It needs the connection that built the database, staging and lake beside it.
// Checks are in model order; what fails is listed again with rows. What is empty because a
// source of it is idle is not.
func (db *DB) Check(ctx context.Context, in Inputs) ([]kpi.Check, []Failure, error) {
	var parts []*checker
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(runtime.NumCPU())
	part := func(run func(*checker)) {
		c := &checker{db: db.SQL()}
		parts = append(parts, c)
		work.Go(func() error { run(c); return c.err })
	}
	for _, t := range in.Tables {
		if in.Idle[t.Source] {
			continue
		}
		part(func(c *checker) {
			check := kpi.Check{Kind: "contract", Name: "lake." + t.Source + ": a natural key stands once in a file",
				Title: t.Name + "：同一文件内主键不重复", Status: kpi.CheckPassed}
			switch query := repeatedKeys(t, db.batches); {
			case query != "" && db.distinct[t.Source]: // Build has looked
				c.checks = append(c.checks, check)
			default:
				c.test(ctx, check, query)
			}
		})
	}
	for _, m := range in.Models {
		idle := slices.ContainsFunc(in.Models.Sources(m.Name), func(s string) bool { return in.Idle[s] })
		part(func(c *checker) {
			if !idle || !c.empty(ctx, m.Name) {
				c.model(ctx, m)
			}
		})
	}
	if err := work.Wait(); err != nil {
		return nil, nil, err
	}
	var checks []kpi.Check
	var failures []Failure
	for _, c := range parts {
		checks, failures = append(checks, c.checks...), append(failures, c.failures...)
	}
	return checks, failures, nil
}

// checker runs the checks of one table or model.
type checker struct {
	db       *sql.DB
	checks   []kpi.Check
	failures []Failure
	err      error
}

func (c *checker) empty(ctx context.Context, model string) (empty bool) {
	c.err = c.db.QueryRowContext(ctx, "select not exists (select 1 from "+model+")").Scan(&empty)
	return empty
}

func (c *checker) model(ctx context.Context, m Model) {
	name := m.Name
	if len(m.Spec.Key) > 0 {
		key := idents(m.Spec.Key)
		c.test(ctx, kpi.Check{Kind: "model", Name: name + ": " + m.Spec.Grain, Title: name + "：行不重复", Blocking: true},
			"select "+key+", count(*) as rows from "+name+" group by "+key+" having count(*) > 1")
	}
	c.columns(ctx, m)
	for _, s := range m.Spec.Checks {
		kind := "model"
		if strings.HasPrefix(name, "mart.") {
			kind = "reconciliation"
		}
		c.test(ctx, kpi.Check{Kind: kind, Name: name + ": " + s.Name, Title: s.CN, Blocking: !s.Warn}, s.query.SQL)
	}
}

// columns tests what the spec says of single columns, all in one pass over the
// table; only what fails is looked at again, for its rows.
func (c *checker) columns(ctx context.Context, m Model) {
	names := make([]string, 0, len(m.Spec.Columns))
	for col := range m.Spec.Columns {
		names = append(names, col)
	}
	sort.Strings(names)
	var checks []kpi.Check
	var broken []string // the condition under which a row fails each check
	add := func(name, title, condition string) {
		checks = append(checks, kpi.Check{Kind: "model", Name: m.Name + "." + name, Title: m.Name + "：" + title, Blocking: true,
			Status: kpi.CheckPassed})
		broken = append(broken, condition)
	}
	for _, col := range names {
		spec, quoted := m.Spec.Columns[col], "m."+duck.Ident(col)
		if spec.NotNull {
			add(col+" is never empty", spec.CN+"不为空", quoted+" is null")
		}
		if len(spec.Values) > 0 {
			add(col+" holds known values", spec.CN+"取值有效", quoted+" not in ("+literals(spec.Values)+")")
		}
		if spec.References != "" {
			at := strings.LastIndex(spec.References, ".")
			table, key := spec.References[:max(at, 0)], duck.Ident(spec.References[at+1:])
			add(col+" is in "+spec.References, spec.CN+"可关联",
				quoted+" is not null and "+quoted+" not in (select "+key+" from "+table+" where "+key+" is not null)")
		}
	}
	if c.err != nil || len(checks) == 0 {
		return
	}
	flags, sums, counts := make([]string, len(broken)), make([]string, len(broken)), make([]any, len(broken))
	for i, condition := range broken {
		flags[i] = fmt.Sprintf("case when %s then 1 else 0 end as b%d", condition, i)
		sums[i] = fmt.Sprintf("coalesce(sum(b%d), 0)::bigint", i)
		counts[i] = new(int64)
	}
	q := "select " + strings.Join(sums, ", ") + " from (select " + strings.Join(flags, ", ") + " from " + m.Name + " m)"
	if err := c.db.QueryRowContext(ctx, q).Scan(counts...); err != nil {
		c.err = fmt.Errorf("check the columns of %s: %w", m.Name, err)
		return
	}
	for i, check := range checks {
		if *counts[i].(*int64) == 0 {
			c.checks = append(c.checks, check)
			continue
		}
		c.test(ctx, check, "select m.* from "+m.Name+" m where "+broken[i])
	}
}

// test runs a query whose rows are failures.
func (c *checker) test(ctx context.Context, check kpi.Check, query string) {
	if c.err != nil || query == "" {
		return
	}
	check.Status = kpi.CheckPassed
	if err := c.db.QueryRowContext(ctx, "select count(*) from ("+query+")").Scan(&check.Rows); err != nil {
		c.err = fmt.Errorf("check %q: %w", check.Name, err)
		return
	}
	if check.Rows > 0 {
		check.Status = kpi.CheckFailed
		if !check.Blocking {
			check.Status = kpi.CheckWarned
		}
		f := Failure{Check: check}
		f.Columns, f.Sample, c.err = texts(ctx, c.db, fmt.Sprintf("select * from (%s) limit %d", query, sampleRows))
		c.failures = append(c.failures, f)
	}
	c.checks = append(c.checks, check)
}

func idents(names []string) string { return strings.Join(quoted(names), ", ") }

func quoted(names []string) []string {
	list := make([]string, len(names))
	for i, n := range names {
		list[i] = duck.Ident(n)
	}
	return list
}

func literals(values []string) string {
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = duck.Literal(strings.Trim(v, "'"))
	}
	return strings.Join(quoted, ", ")
}

// texts reads a small result as text, NULL as "".
func texts(ctx context.Context, db *sql.DB, query string) (columns []string, rows [][]string, err error) {
	r, err := db.QueryContext(ctx, query)
	if err != nil {
		return nil, nil, err
	}
	defer r.Close()
	if columns, err = r.Columns(); err != nil {
		return nil, nil, err
	}
	for r.Next() {
		cells := make([]any, len(columns))
		for i := range cells {
			cells[i] = new(any)
		}
		if err := r.Scan(cells...); err != nil {
			return nil, nil, err
		}
		rows = append(rows, slices.Collect(func(yield func(string) bool) {
			for _, c := range cells {
				if !yield(text(*c.(*any))) {
					return
				}
			}
		}))
	}
	return columns, rows, r.Err()
}
