package source

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/syntax"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// ParseContract reads one contract. file is the name errors give; it is not
// opened. The error is a *ContractError that lists every problem found, each
// with its line and what to write instead.
func ParseContract(file string, data []byte) (*Contract, error) {
	p := &contractParser{file: file, c: &Contract{File: file, Search: 15, index: map[string]int{}}}
	tree, err := syntax.Parse(data, parser.AllowDuplicateMapKey())
	switch {
	case err != nil:
		line, what, try := syntax.Told(err)
		if try != "" {
			what += ". Try: " + try
		}
		p.bad(max(1, line), "%s", what)
	case len(tree.Docs) != 1 || tree.Docs[0].Body == nil:
		p.bad(1, "want one YAML document, got %d; keep one contract per file", len(tree.Docs))
	default:
		p.contract(tree.Docs[0].Body)
	}
	if tree != nil && p.lines != nil {
		p.checkRest()
	}
	if len(p.problems) > 0 {
		sort.SliceStable(p.problems, func(i, j int) bool { return p.problems[i].Line < p.problems[j].Line })
		return nil, &ContractError{File: file, Problems: p.problems}
	}
	if err := p.c.seal(); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return p.c, nil
}

// checkRest checks how the parts fit together, without repeating what the
// parts' own lines have been blamed for.
func (p *contractParser) checkRest() {
	blamed := map[int]bool{}
	for _, b := range p.problems {
		blamed[b.Line] = true
	}
	before := p.problems
	p.problems = nil
	p.check()
	for _, b := range p.problems {
		if !blamed[b.Line] {
			before = append(before, b)
		}
	}
	p.problems = before
}

// contractParser walks the YAML tree; it never stops at the first problem.
type contractParser struct {
	file     string
	c        *Contract
	problems []Problem
	lines    map[string]int // where a top-level key or a column stands
}

func (p *contractParser) bad(line int, format string, args ...any) {
	p.problems = append(p.problems, Problem{line, fmt.Sprintf(format, args...)})
}

func line(n ast.Node) int {
	if n != nil && n.GetToken() != nil && n.GetToken().Position != nil {
		return n.GetToken().Position.Line
	}
	return 1
}

// pair is one entry of a mapping.
type pair struct {
	key   string
	line  int
	value ast.Node
}

func (p *contractParser) pairs(n ast.Node, what string) []pair {
	var values []*ast.MappingValueNode
	switch n := n.(type) {
	case *ast.MappingNode:
		values = n.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{n}
	default:
		p.bad(line(n), "%s: want key: value pairs", what)
		return nil
	}
	seen := map[string]bool{}
	var out []pair
	for _, v := range values {
		key, ok := v.Key.(ast.ScalarNode)
		if !ok {
			p.bad(line(v), "%s: a key must be a plain word", what)
			continue
		}
		k := fmt.Sprint(key.GetValue())
		if seen[k] {
			p.bad(line(v.Key), "%s: %s is given twice. Try: keep one of the two", what, k)
			continue
		}
		seen[k] = true
		out = append(out, pair{k, line(v.Key), v.Value})
	}
	return out
}

func (p *contractParser) text(n ast.Node, what string) string {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value
	case *ast.LiteralNode:
		return n.Value.Value
	case *ast.IntegerNode, *ast.FloatNode:
		return n.GetToken().Value
	}
	p.bad(line(n), "%s: want a text", what)
	return ""
}

// list is a list of different words.
func (p *contractParser) list(n ast.Node, what string) []string {
	out := p.items(n, what)
	for i, s := range out {
		if s != "" && slices.Contains(out[:i], s) {
			p.bad(line(n.(*ast.SequenceNode).Values[i]), "%s: %s is given twice. Try: keep one of the two", what, s)
		}
	}
	return out
}

func (p *contractParser) items(n ast.Node, what string) []string {
	seq, ok := n.(*ast.SequenceNode)
	if !ok {
		p.bad(line(n), "%s: want a list, as in [a, b]", what)
		return nil
	}
	var out []string
	for _, v := range seq.Values {
		out = append(out, p.text(v, what))
	}
	return out
}

func (p *contractParser) integer(n ast.Node, what string, low, high int) int {
	if v, ok := n.(*ast.IntegerNode); ok {
		if i, err := strconv.Atoi(v.GetToken().Value); err == nil && i >= low && i <= high {
			return i
		}
	}
	p.bad(line(n), "%s: want a whole number from %d to %d", what, low, high)
	return low
}

func (p *contractParser) boolean(n ast.Node, what string) bool {
	v, ok := n.(*ast.BoolNode)
	if !ok {
		p.bad(line(n), "%s: want true or false", what)
		return false
	}
	return v.Value
}

func (p *contractParser) oneOf(n ast.Node, what string, allowed ...string) string {
	s := p.text(n, what)
	if s != "" && !slices.Contains(allowed, s) {
		p.bad(line(n), "%s: %q is unknown; want one of %s", what, s, strings.Join(allowed, ", "))
	}
	return s
}

func (p *contractParser) unknown(e pair, where string, known ...string) {
	near := nearest(e.key, known)
	p.bad(e.line, "%s: unknown key %s; did you mean %s? Known: %s", where, e.key, near, strings.Join(known, ", "))
}

func (p *contractParser) contract(n ast.Node) {
	p.lines = map[string]int{}
	for _, e := range p.pairs(n, "contract") {
		p.lines[e.key] = e.line
		switch e.key {
		case "source":
			p.c.Source = p.text(e.value, e.key)
		case "name":
			p.c.Name = p.text(e.value, e.key)
		case "bureau":
			p.c.Bureau = p.text(e.value, e.key)
		case "jurisdiction":
			p.c.Jurisdiction = p.text(e.value, e.key)
		case "files":
			p.c.Files = p.list(e.value, e.key)
		case "mode":
			p.c.Mode = p.oneOf(e.value, e.key, Snapshot, Append)
		case "key":
			p.c.Key = p.list(e.value, e.key)
		case "due":
			p.due(e.value)
		case "covers":
			p.c.Covers = p.oneOf(e.value, e.key, Whole, YearSoFar)
		case "hold_if":
			p.holdIf(e.value)
		case "data_date":
			p.c.DataDate = p.list(e.value, e.key)
		case "header":
			p.header(e.value)
		case "unit":
			p.c.Unit = p.text(e.value, e.key)
		case "unit_from":
			p.unitFrom(e.value)
		case "format":
			p.format(e.value)
		case "pull":
			p.pull(e.value)
		case "columns":
			for _, col := range p.pairs(e.value, e.key) {
				p.column(col)
			}
		case "rules":
			p.rules(e.value)
		case "region":
			for _, r := range p.pairs(e.value, e.key) {
				if r.key != "from" {
					p.unknown(r, "region", "from")
					continue
				}
				p.c.Region = p.list(r.value, "region.from")
			}
		default:
			p.unknown(e, "contract", "source", "name", "bureau", "jurisdiction", "files", "mode", "key", "due", "covers", "hold_if",
				"data_date", "header", "unit", "unit_from", "format", "pull", "columns", "rules", "region")
		}
	}
}

func (p *contractParser) due(n ast.Node) {
	for _, e := range p.pairs(n, "due") {
		switch e.key {
		case "every":
			p.c.Due.Every = p.oneOf(e.value, "due.every", "month", "quarter", "year")
		case "within_days":
			p.c.Due.WithinDays = p.integer(e.value, "due.within_days", 0, 366)
		default:
			p.unknown(e, "due", "every", "within_days")
		}
	}
}

func (p *contractParser) holdIf(n ast.Node) {
	p.c.ownHold = true
	for _, e := range p.pairs(n, "hold_if") {
		switch e.key {
		case "unchanged":
			p.c.HoldIf.Unchanged = p.boolean(e.value, "hold_if.unchanged")
		case "period_covered":
			p.c.HoldIf.PeriodCovered = p.boolean(e.value, "hold_if.period_covered")
		case "rows_fall_by":
			s := p.text(e.value, "hold_if.rows_fall_by")
			percent, err := strconv.ParseFloat(strings.TrimSuffix(s, "%"), 64)
			if err != nil || !strings.HasSuffix(s, "%") || percent <= 0 || percent > 100 {
				p.bad(line(e.value), "hold_if.rows_fall_by: want a share such as 30%%, got %q", s)
			}
			p.c.HoldIf.RowsFallBy = percent / 100
		default:
			p.unknown(e, "hold_if", "rows_fall_by", "unchanged", "period_covered")
		}
	}
}

func (p *contractParser) header(n ast.Node) {
	for _, e := range p.pairs(n, "header") {
		if e.key != "search_rows" {
			p.unknown(e, "header", "search_rows")
			continue
		}
		p.c.Search = p.integer(e.value, "header.search_rows", 1, 100)
	}
}

func (p *contractParser) unitFrom(n ast.Node) {
	if s, ok := n.(*ast.StringNode); ok && s.Value == "none" {
		p.c.UnitFrom = []string{"none"}
		return
	}
	p.c.UnitFrom = p.list(n, "unit_from")
	for _, from := range p.c.UnitFrom {
		if !slices.Contains([]string{"header", "title", "contract"}, from) {
			p.bad(line(n), "unit_from: %q is unknown; want none, or a list of header, title, contract", from)
		}
	}
}

func (p *contractParser) format(n ast.Node) {
	for _, e := range p.pairs(n, "format") {
		switch e.key {
		case "encoding":
			p.c.Format.Encoding = p.oneOf(e.value, "format.encoding", UTF8, GB18030)
		case "delimiter":
			p.c.Format.Delimiter = p.oneOf(e.value, "format.delimiter", ",", ";", "\t", "|")
		case "sheet":
			p.sheets(e.value)
		case "path":
			p.c.Format.Path = p.text(e.value, "format.path")
			if slices.Contains(strings.Split(p.c.Format.Path, "."), "") {
				p.bad(line(e.value), "format.path: want the names of JSON members with dots between, as in data.list, got %q", p.c.Format.Path)
			}
		default:
			p.unknown(e, "format", "encoding", "delimiter", "sheet", "path")
		}
	}
}

// sheets takes one name or pattern, or a list of them.
func (p *contractParser) sheets(n ast.Node) {
	names := []string{}
	if _, several := n.(*ast.SequenceNode); several {
		names = p.list(n, "format.sheet")
	} else {
		names = append(names, p.text(n, "format.sheet"))
	}
	for _, name := range names {
		if _, err := path.Match(name, "x"); err != nil || name == "" {
			p.bad(line(n), "format.sheet: %q is neither a sheet's name nor a pattern; use * and ?", name)
		}
	}
	if len(names) == 0 {
		p.bad(line(n), "format.sheet: want the name of a sheet, or a list of them")
		return
	}
	p.c.Format.Sheet = names[0]
	if len(names) > 1 {
		p.c.Format.Sheets = names[1:]
	}
}

var canonicalName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

func (p *contractParser) column(e pair) {
	where := "columns." + e.key
	p.lines[where] = e.line
	col := Column{Name: e.key}
	if !canonicalName.MatchString(e.key) {
		p.bad(e.line, "%s: a canonical name has small letters, digits and _ only, as in signed_on", where)
	}
	for _, a := range p.pairs(e.value, where) {
		key := where + "." + a.key
		switch a.key {
		case "cn":
			col.CN = p.list(a.value, key)
		case "type":
			names := make([]string, len(Types))
			for i, t := range Types {
				names[i] = string(t)
			}
			col.Type = Type(p.oneOf(a.value, key, names...))
		case "required":
			col.Required = p.boolean(a.value, key)
		case "pattern":
			col.Pattern = p.text(a.value, key)
			pattern, err := regexp.Compile(col.Pattern)
			if err != nil {
				p.bad(line(a.value), "%s: %v; write a Go regular expression", key, err)
			}
			col.pattern = pattern
		case "like":
			col.Like = p.text(a.value, key)
		case "range":
			bounds := p.items(a.value, key) // both may be the same: only this value then
			if len(bounds) != 2 {
				p.bad(line(a.value), "%s: want two bounds, as in [2018-01-01, data_date]", key)
				continue
			}
			col.Low, col.High = bounds[0], bounds[1]
		case "min":
			col.Low = p.text(a.value, key)
		case "max":
			col.High = p.text(a.value, key)
		case "values":
			for _, v := range p.pairs(a.value, key) {
				col.Values = append(col.Values, Value{v.key, p.list(v.value, key+"."+v.key)})
			}
		case "personal":
			col.Personal = p.oneOf(a.value, key, PersonalName, PersonalID, PersonalPhone, PersonalParty)
		case "unit":
			col.Unit = p.text(a.value, key)
		case "foreign":
			col.Foreign = p.oneOf(a.value, key, "keep") == "keep"
		case "months":
			col.Months = p.oneOf(a.value, key, "keep") == "keep"
		case "fill_down":
			col.FillDown = p.boolean(a.value, key)
		default:
			p.unknown(a, where, "cn", "type", "required", "pattern", "like", "range", "min", "max", "values", "personal", "unit", "foreign", "months", "fill_down")
		}
	}
	p.c.index[col.Name] = len(p.c.Columns)
	p.c.Columns = append(p.c.Columns, col)
}

func (p *contractParser) rules(n ast.Node) {
	seq, ok := n.(*ast.SequenceNode)
	if !ok {
		p.bad(line(n), "rules: want a list of {id, when, column, cn}")
		return
	}
	for _, v := range seq.Values {
		var r Rule
		for _, e := range p.pairs(v, "rules") {
			switch e.key {
			case "id":
				r.ID = p.text(e.value, "rules.id")
			case "when":
				r.When = p.text(e.value, "rules.when")
			case "column":
				r.Column = p.text(e.value, "rules.column")
			case "cn":
				r.CN = p.text(e.value, "rules.cn")
			default:
				p.unknown(e, "rules", "id", "when", "column", "cn")
			}
		}
		p.lines["rules."+r.ID] = line(v)
		p.c.Rules = append(p.c.Rules, r)
	}
}

// dateBound parses a bound of a date column.
func dateBound(s string) (kpi.Date, error) {
	if s == "" {
		return kpi.Date{}, nil
	}
	return kpi.ParseDate(s)
}
