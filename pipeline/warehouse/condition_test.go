package warehouse

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"

	models "citykpi/sql"
)

// TestEveryConditionOfAModelIsAFilter reads the SQL of every model of sql/kpi and the .yml beside it.
func TestEveryConditionOfAModelIsAFilter(t *testing.T) {
	files, err := fs.Glob(models.FS, "kpi/*.sql")
	if err != nil || len(files) < 60 {
		t.Fatal(len(files), err)
	}
	shared, err := LoadLayer(models.FS, "kpi")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		m, err := loadModel(models.FS, f, shared)
		if err == nil {
			err = findRefs(models.FS, []*Model{m})
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, err := range m.checkFilters() {
			t.Error(err)
		}
	}
}

// condition is one of the conditions of a WHERE, HAVING or inner ON, joined by AND.
type condition struct {
	text    string
	variant string // the literal that the SELECT begins with
	labeled bool
}

// unfiltered are tables that hold something for every row of whoever joins them.
var unfiltered = []string{"core.batch", "core.region", "core.enterprise", "core.jurisdiction", "core.source"}

// checkFilters holds a model's filters against its SQL: every condition that leaves rows
// out is one of them, every filter stands there, and every table that is joined and holds
// less than all is named by one.
func (m Model) checkFilters() []error {
	var errs []error
	bad := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf("sql/%s: %s. Try: filters in the .yml beside it", m.File, fmt.Sprintf(format, args...)))
	}
	found := conditions(m.SQL)
	stands := func(text string) bool {
		return slices.ContainsFunc(found, func(c condition) bool { return c.text == text })
	}
	for _, c := range found {
		if slices.ContainsFunc(m.Spec.Keeps, func(text string) bool { return squeeze(text) == c.text }) {
			continue
		}
		var covers bool
		for _, f := range m.Spec.Filters {
			if slices.ContainsFunc(f.SQL, func(text string) bool { return squeeze(text) == c.text }) {
				covers = covers || !c.labeled || f.holds(c.variant)
			}
		}
		if !covers && c.labeled {
			bad("variant %q has the condition %q, which no filter of it says", c.variant, c.text)
		} else if !covers {
			bad("the condition %q is no filter", c.text)
		}
	}
	for _, text := range m.Spec.Keeps {
		if !stands(squeeze(text)) && !slices.Contains(joined(m.SQL), text) {
			bad("keeps %q, which is no condition of the SQL and no table joined there", text)
		}
	}
	for _, f := range m.Spec.Filters {
		if f.Says == "" || len(f.SQL) == 0 && f.By == "" && len(f.Variants) == 0 {
			bad("filter %q needs words, and sql, by or the variants whose meaning it is", f.Says)
		}
		for _, text := range f.SQL {
			if !stands(squeeze(text)) {
				bad("filter %q has %q, which is no condition of the SQL", f.Says, text)
			}
		}
		if f.By != "" && !slices.ContainsFunc(m.Refs, func(r Ref) bool { return r.Table == f.By }) {
			bad("filter %q is by %s, which the SQL does not read", f.Says, f.By)
		}
		errs = append(errs, m.filterVariants(f, found)...)
	}
	for _, table := range joined(m.SQL) {
		if slices.Contains(unfiltered, table) || slices.Contains(m.Spec.Keeps, table) {
			continue
		}
		if !slices.ContainsFunc(m.Spec.Filters, func(f Filter) bool { return f.By == table }) {
			bad("only what %s holds is counted, and no filter is by it", table)
		}
	}
	return errs
}

// filterVariants holds the variants of a filter against those there are: a variant that has a
// SELECT of its own has one of the filter's conditions there, unless they stand for all.
func (m Model) filterVariants(f Filter, found []condition) []error {
	var errs []error
	known := slices.Concat(m.Spec.Columns["variant"].Values, m.Spec.Columns["variant"].IDs)
	for _, v := range f.Variants {
		if !slices.Contains(known, v) {
			errs = append(errs, fmt.Errorf("sql/%s: filter %q is of variant %q, which is none of %q", m.File, f.Says, v, known))
		}
	}
	in := map[string]bool{}
	for _, c := range found {
		if slices.ContainsFunc(f.SQL, func(text string) bool { return squeeze(text) == c.text }) {
			if !c.labeled {
				return errs
			}
			in[c.variant] = true
		}
	}
	for _, v := range labels(m.SQL) {
		if len(in) > 0 && f.holds(v) && !in[v] {
			errs = append(errs, fmt.Errorf("sql/%s: filter %q is of variant %q, and its select has no such condition", m.File, f.Says, v))
		}
	}
	return errs
}

// labels are the variants that have a SELECT of their own.
func labels(sql string) []string {
	var list []string
	words := tokens(sql)
	for i := range words {
		if v, ok := label(words, i); ok {
			list = append(list, v)
		}
	}
	return list
}

// label is the literal that the SELECT at words[i] begins with.
func label(words []string, i int) (string, bool) {
	if words[i] != "select" || i+2 >= len(words) || words[i+1][0] != '\'' || words[i+2] != "as" && words[i+2] != "," {
		return "", false
	}
	return strings.Trim(words[i+1], "'"), true
}

func squeeze(text string) string { return strings.Join(tokens(text), " ") }

// clauseEnds are the words that end a list of conditions at their own depth.
var clauseEnds = []string{"select", "from", "where", "group", "having", "order", "union", "join", "left", "cross", "inner",
	"window", "limit", "on"}

// conditions lists what a model's SQL demands of rows, but for what only ties two tables
// together: comparisons of two columns in an ON. The conditions of a LEFT JOIN leave nothing out.
func conditions(sql string) []condition {
	var list []condition
	words := tokens(sql)
	type level struct {
		variant string
		labeled bool
		left    bool // the join whose ON comes next is a LEFT JOIN
	}
	levels := []level{{}}
	for i := 0; i < len(words); i++ {
		at := &levels[len(levels)-1]
		switch words[i] {
		case "(":
			levels = append(levels, level{})
		case ")":
			levels = levels[:max(1, len(levels)-1)]
		case "select":
			*at = level{}
			at.variant, at.labeled = label(words, i)
		case "left":
			at.left = true
		case "cross", "inner":
			at.left = false
		case "where", "having", "on":
			end, parts := conjuncts(words, i+1)
			join := words[i] == "on"
			for _, p := range parts {
				if join && (at.left || ties(p)) || len(p) == 0 {
					continue
				}
				list = append(list, condition{strings.Join(p, " "), at.variant, at.labeled})
			}
			if join {
				at.left = false
			}
			i = end - 1
		}
	}
	return list
}

// conjuncts splits the conditions that begin at words[i] and tells where they end.
func conjuncts(words []string, i int) (end int, parts [][]string) {
	var part []string
	depth, between, cases := 0, 0, 0
	for ; i < len(words); i++ {
		w := words[i]
		switch {
		case w == "(":
			depth++
		case w == ")":
			if depth--; depth < 0 {
				return i, append(parts, part)
			}
		case w == "case":
			cases++
		case w == "end":
			cases--
		case w == "between" && depth == 0:
			between++
		case w == "and" && depth == 0 && between > 0:
			between--
		case w == "and" && depth == 0 && cases == 0:
			parts, part = append(parts, part), nil
			continue
		case depth == 0 && slices.Contains(clauseEnds, w):
			return i, append(parts, part)
		}
		part = append(part, w)
	}
	return i, append(parts, part)
}

// ties reports whether a condition compares columns with columns and nothing else.
func ties(part []string) bool {
	columns := 0
	for _, w := range part {
		switch {
		case wordByte(w[0]) && strings.Contains(w, ".") && (w[0] < '0' || w[0] > '9'):
			columns++
		case slices.Contains([]string{"=", "<", "<=", ">", ">=", "in", "(", ")", ",", "extract", "year", "from"}, w):
		default:
			return false
		}
	}
	return columns >= 2
}

// joined are the tables of other models that rows come from or are joined to, LEFT JOINs apart.
func joined(sql string) []string {
	var list []string
	words := tokens(sql)
	for i, w := range words {
		if w != "join" && w != "from" || i+1 == len(words) || w == "join" && words[i-1] == "left" {
			continue
		}
		schema, _, ok := strings.Cut(words[i+1], ".")
		if ok && (schema == "core" || schema == "mart" || schema == "staging" || schema == "lake" && w == "join") &&
			!slices.Contains(list, words[i+1]) {
			list = append(list, words[i+1])
		}
	}
	return list
}

// tokens cuts SQL into words, literals and signs, without comments.
func tokens(sql string) []string {
	var out []string
	for i := 0; i < len(sql); {
		start := i
		switch c := sql[i]; {
		case c == ' ' || c == '\n' || c == '\t' || c == '\r':
			i++
			continue
		case strings.HasPrefix(sql[i:], "--"):
			for i < len(sql) && sql[i] != '\n' {
				i++
			}
			continue
		case c == '\'':
			for i++; i < len(sql) && sql[i] != '\''; i++ {
			}
			i = min(i+1, len(sql))
			out = append(out, sql[start:i])
			continue
		case wordByte(c):
			for i < len(sql) && (wordByte(sql[i]) || sql[i] == '.') {
				i++
			}
			out = append(out, strings.ToLower(sql[start:i]))
			continue
		case i+1 < len(sql) && slices.Contains([]string{"<=", ">=", "<>", "||"}, sql[i:i+2]):
			i += 2
		default:
			i++
		}
		out = append(out, sql[start:i])
	}
	return out
}

func wordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
