//go:build duckdb_arrow

package warehouse

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"slices"
	"sort"
	"strings"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/lake"
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
// Checks are in model order; what fails is listed again with rows.
func (db *DB) Check(ctx context.Context, in Inputs, files fs.FS) ([]kpi.Check, []Failure, error) {
	c := &checker{db: db.sql, files: files}
	for _, t := range in.Tables {
		c.test(ctx, kpi.Check{Kind: "contract", Name: "lake." + t.Source + ": a natural key stands once in a file", Title: t.Name + "：同一文件内主键不重复"},
			repeatedKeys(t, in.Batches))
	}
	for _, m := range in.Models {
		c.model(ctx, m)
	}
	return c.checks, c.failures, c.err
}

type checker struct {
	db       *sql.DB
	files    fs.FS
	checks   []kpi.Check
	failures []Failure
	err      error
}

func (c *checker) model(ctx context.Context, m Model) {
	name := m.Name
	if len(m.Spec.Key) > 0 {
		key := idents(m.Spec.Key)
		c.test(ctx, kpi.Check{Kind: "model", Name: name + ": " + m.Spec.Grain, Title: name + "：行不重复", Blocking: true},
			"select "+key+", count(*) as rows from "+name+" group by "+key+" having count(*) > 1")
	}
	columns := make([]string, 0, len(m.Spec.Columns))
	for col := range m.Spec.Columns {
		columns = append(columns, col)
	}
	sort.Strings(columns)
	for _, col := range columns {
		spec := m.Spec.Columns[col]
		if spec.NotNull {
			c.test(ctx, kpi.Check{Kind: "model", Name: name + "." + col + " is never empty", Title: name + "：" + spec.CN + "不为空", Blocking: true},
				"select * from "+name+" where "+Ident(col)+" is null")
		}
		if len(spec.Values) > 0 {
			c.test(ctx, kpi.Check{Kind: "model", Name: name + "." + col + " holds known values", Title: name + "：" + spec.CN + "取值有效", Blocking: true},
				"select * from "+name+" where "+Ident(col)+" not in ("+literals(spec.Values)+")")
		}
		if spec.References != "" {
			at := strings.LastIndex(spec.References, ".")
			table, key := spec.References[:max(at, 0)], spec.References[at+1:]
			c.test(ctx, kpi.Check{Kind: "model", Name: name + "." + col + " is in " + spec.References, Title: name + "：" + spec.CN + "可关联", Blocking: true},
				"select m.* from "+name+" m where m."+Ident(col)+" is not null and m."+Ident(col)+
					" not in (select "+Ident(key)+" from "+table+" where "+Ident(key)+" is not null)")
		}
	}
	for _, s := range m.Spec.Checks {
		text, err := fs.ReadFile(c.files, s.Rows)
		if err != nil && c.err == nil {
			c.err = fmt.Errorf("sql/%s: check %q: %w", strings.TrimSuffix(m.File, ".sql")+".yml", s.Name, err)
			return
		}
		kind := "model"
		if strings.HasPrefix(name, "mart.") {
			kind = "reconciliation"
		}
		c.test(ctx, kpi.Check{Kind: kind, Name: name + ": " + s.Name, Title: s.CN, Blocking: !s.Warn}, string(text))
	}
}

// test runs a query whose rows are failures.
func (c *checker) test(ctx context.Context, check kpi.Check, query string) {
	if c.err != nil || query == "" {
		return
	}
	check.Status = "passed"
	if err := c.db.QueryRowContext(ctx, "select count(*) from ("+query+")").Scan(&check.Rows); err != nil {
		c.err = fmt.Errorf("check %q: %w", check.Name, err)
		return
	}
	if check.Rows > 0 {
		check.Status = "failed"
		if !check.Blocking {
			check.Status = "warned"
		}
		f := Failure{Check: check}
		f.Columns, f.Sample, c.err = texts(ctx, c.db, fmt.Sprintf("select * from (%s) limit %d", query, sampleRows))
		c.failures = append(c.failures, f)
	}
	c.checks = append(c.checks, check)
}

// repeatedKeys finds rows of one file that share a natural key but differ; the
// last of them counts, the bureau should know.
func repeatedKeys(t LakeTable, batches []lake.Batch) string {
	groups := byColumns(t.Source, batches)
	if len(groups) == 0 || len(t.Key) == 0 {
		return ""
	}
	var parts []string
	for _, g := range groups {
		files := make([]string, len(g))
		for i, b := range g {
			files[i] = Literal(b.Rows())
		}
		parts = append(parts, "select batch_id, "+idents(t.Key)+", row_no from read_parquet(["+strings.Join(files, ", ")+"])")
	}
	return "select batch_id, " + idents(t.Key) + ", count(*) as rows, min(row_no) as first_row from (" +
		strings.Join(parts, " union all ") + ") group by batch_id, " + idents(t.Key) + " having count(*) > 1"
}

func idents(names []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = Ident(n)
	}
	return strings.Join(quoted, ", ")
}

func literals(values []string) string {
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = Literal(strings.Trim(v, "'"))
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
