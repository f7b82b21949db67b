package contract

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/schema"
	"citykpi/pipeline/source/charset"
	"citykpi/pipeline/source/personal"
	"citykpi/pipeline/syntax"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Parse reads one contract. file is the name errors give; it is not
// opened. The error is a *Error that lists every problem found, each
// with its line and what to write instead.
func Parse(file string, data []byte) (*Contract, error) {
	p := &yamlParser{file: file, c: &Contract{File: file, Search: searchRows, index: map[string]int{}}}
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
		p.lines = map[string]int{}
		p.mapping(tree.Docs[0].Body, "contract", "", p.contractKeys())
	}
	if tree != nil && p.lines != nil {
		p.checkRest()
	}
	if len(p.problems) > 0 {
		sort.SliceStable(p.problems, func(i, j int) bool { return p.problems[i].Line < p.problems[j].Line })
		return nil, &Error{File: file, Problems: p.problems}
	}
	if err := p.c.seal(); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return p.c, nil
}

// checkRest checks how the parts fit together, without repeating what the
// parts' own lines have been blamed for.
func (p *yamlParser) checkRest() {
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

// yamlParser walks the YAML tree; it never stops at the first problem.
type yamlParser struct {
	file     string
	c        *Contract
	problems []Problem
	lines    map[string]int // where a top-level key or a column stands
}

func (p *yamlParser) bad(line int, format string, args ...any) {
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

func (p *yamlParser) pairs(n ast.Node, what string) []pair {
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

func (p *yamlParser) text(n ast.Node, what string) string {
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
func (p *yamlParser) list(n ast.Node, what string) []string {
	out := p.items(n, what)
	for i, s := range out {
		if s != "" && slices.Contains(out[:i], s) {
			p.bad(line(n.(*ast.SequenceNode).Values[i]), "%s: %s is given twice. Try: keep one of the two", what, s)
		}
	}
	return out
}

func (p *yamlParser) items(n ast.Node, what string) []string {
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

func (p *yamlParser) integer(n ast.Node, what string, low, high int) int {
	if v, ok := n.(*ast.IntegerNode); ok {
		if i, err := strconv.Atoi(v.GetToken().Value); err == nil && i >= low && i <= high {
			return i
		}
	}
	p.bad(line(n), "%s: want a whole number from %d to %d", what, low, high)
	return low
}

func (p *yamlParser) boolean(n ast.Node, what string) bool {
	v, ok := n.(*ast.BoolNode)
	if !ok {
		p.bad(line(n), "%s: want true or false", what)
		return false
	}
	return v.Value
}

func (p *yamlParser) oneOf(n ast.Node, what string, allowed []string) string {
	s := p.text(n, what)
	if s != "" && !slices.Contains(allowed, s) {
		p.bad(line(n), "%s: %q is unknown; want one of %s", what, s, strings.Join(allowed, ", "))
	}
	return s
}

// contractKeys are those of a contract, in the order in which errors and the reference list them.
func (p *yamlParser) contractKeys() keys {
	c := p.c
	return keys{
		textKey("source", &c.Source,
			"The export's name in tables (lake.<source>) and folders, which nothing else has.").
			like(canonicalName).needed().as("tech_contract"),
		textKey("name", &c.Name, "What the bureau calls the export.").needed().as("技术合同认定登记"),
		textKey("bureau", &c.Bureau, "Who files it: the folder below var/inbox, as the bureau is called.").needed().as("市科技局"),
		textKey("jurisdiction", &c.Jurisdiction,
			"Code of the jurisdiction whose bureau it is; left out: the installation's own region.").as("320600"),
		listKey("files", &c.Files,
			"Patterns of the file's name, with * and ?; a file that fits one may be this export.").
			needed().filled().as([]string{"*技术合同*"}),
		wordKey("mode", &c.Mode, []string{Snapshot, Append},
			"snapshot: each file is the whole register and replaces the one before it. append: each file adds to those before it.").
			needed(),
		listKey("key", &c.Key,
			"Columns that tell one row from another. Of two rows with one key the one that came later counts.").
			needed().filled().as([]string{"contract_no"}),
		groupKey("due", keys{
			wordKey("every", &c.Due.Every, []string{"month", "quarter", "year"}, "The period of which each export tells."),
			wholeKey("within_days", &c.Due.WithinDays, 0, 366, "Days after the period's end within which it must come."),
		}, "When an export must come; one that does not is listed as missing.").as(map[string]any{"every": "quarter", "within_days": 15}),
		wordKey("covers", &c.Covers, []string{Whole, YearSoFar},
			"Of mode append. whole: each file is the list as it stands. year: its figures are those since the beginning of the "+
				"year. Left out: each tells of its own period."),
		p.holdIfKey(),
		listKey("data_date", &c.DataDate,
			"Where the date of the data stands, the most trusted first: file_name, title (above the header), or a date column, "+
				"whose latest day counts.").
			needed().filled().as([]string{"file_name", "title"}),
		groupKey("header", keys{
			wholeKey("search_rows", &c.Search, 1, 100, "The header stands within so many rows from the top.").otherwise(searchRows),
		}, "Where the header is looked for."),
		textKey("unit", &c.Unit, "Unit of money where neither header nor title says one.").as("万元"),
		p.unitFromKey(),
		groupKey("format", keys{
			wordKey("encoding", &c.Format.Encoding, []string{charset.UTF8, charset.GB18030}, "Of a text file."),
			wordKey("delimiter", &c.Format.Delimiter, []string{",", ";", "\t", "|"}, "What parts the cells of a text file."),
			p.sheetKey(),
			p.pathKey(),
		}, "What the file is, where the program should not find out by itself."),
		p.pullKey(),
		p.columnsKey(),
		p.rulesKey(),
		groupKey("region", keys{
			listKey("from", &c.Region,
				"Columns that are looked at in this order: one named …district or …region, one named …address, or a credit code."),
		}, "Where a row's place is looked for. It becomes the column region_code.").
			as(map[string]any{"from": []string{"seller_district", "seller_code"}}),
	}
}

// searchRows is how far down a header is looked for where the contract does not say.
const searchRows = 15

func (p *yamlParser) holdIfKey() key {
	hold := &p.c.HoldIf
	k := groupKey("hold_if", keys{
		makeKey("rows_fall_by",
			"It has fewer rows than the batch before it by more than this share.", schema.Like(share),
			func(p *yamlParser, e pair, where string) {
				s := p.text(e.value, where)
				percent, err := strconv.ParseFloat(strings.TrimSuffix(s, "%"), 64)
				if err != nil || !share.MatchString(s) || percent <= 0 || percent > 100 {
					p.bad(line(e.value), "%s: want a share such as 30%%, got %q", where, s)
				}
				hold.RowsFallBy = percent / 100
			}).as("30%"),
		truthKey("unchanged", &hold.Unchanged, "Its rows are those of the batch before it."),
		truthKey("period_covered", &hold.PeriodCovered, "Its data date is that of another batch."),
	}, "When a batch waits for somebody to confirm it. Left out: what suits the mode. Written with nothing in it ({}): never.")
	group := k.read
	k.read = func(p *yamlParser, e pair, where string) {
		p.ownHold()
		group(p, e, where)
	}
	return k
}

// share is a part of the whole, as 30%.
var share = regexp.MustCompile(`^[0-9]+([.][0-9]+)?%$`)

func (p *yamlParser) ownHold() { p.c.ownHold = true }

var unitPlaces = []string{"header", "title", "contract"}

func (p *yamlParser) unitFromKey() key {
	places := schema.List(schema.OneOf(unitPlaces...))
	places.Unique = true
	s := schema.Schema{AnyOf: []schema.Schema{schema.OneOf("none"), places}}
	says := "Where the unit of money may stand: in the column's header, in the title above it, or in this contract. " +
		"none: there is no money."
	return makeKey("unit_from", says, s, func(p *yamlParser, e pair, where string) {
		if s, ok := e.value.(*ast.StringNode); ok && s.Value == "none" {
			p.c.UnitFrom = []string{"none"}
			return
		}
		p.c.UnitFrom = p.list(e.value, where)
		for _, from := range p.c.UnitFrom {
			if !slices.Contains(unitPlaces, from) {
				p.bad(line(e.value), "%s: %q is unknown; want none, or a list of %s", where, from, strings.Join(unitPlaces, ", "))
			}
		}
	}).as([]string{"header", "title"})
}

// sheetKey takes one name or pattern, or a list of them.
func (p *yamlParser) sheetKey() key {
	several := schema.List(schema.Text())
	several.Unique, several.MinItems = true, 1
	s := schema.Schema{AnyOf: []schema.Schema{schema.Text(), several}}
	says := "Name of the workbook's sheet that holds the rows, or a pattern with * and ?; a list where they stand on several."
	return makeKey("sheet", says, s, func(p *yamlParser, e pair, where string) {
		names := []string{}
		if _, several := e.value.(*ast.SequenceNode); several {
			names = p.list(e.value, where)
		} else {
			names = append(names, p.text(e.value, where))
		}
		for _, name := range names {
			if _, err := path.Match(name, "x"); err != nil || name == "" {
				p.bad(line(e.value), "%s: %q is neither a sheet's name nor a pattern; use * and ?", where, name)
			}
		}
		if len(names) == 0 {
			p.bad(line(e.value), "%s: want the name of a sheet, or a list of them", where)
			return
		}
		p.c.Format.Sheet = names[0]
		if len(names) > 1 {
			p.c.Format.Sheets = names[1:]
		}
	}).as("明细*")
}

func (p *yamlParser) pathKey() key {
	says := "Of JSON: the member that holds the records, with dots between the names on the way to it."
	return makeKey("path", says, schema.Text(), func(p *yamlParser, e pair, where string) {
		p.c.Format.Path = p.text(e.value, where)
		if slices.Contains(strings.Split(p.c.Format.Path, "."), "") {
			p.bad(line(e.value), "%s: want the names of JSON members with dots between, as in data.list, got %q", where, p.c.Format.Path)
		}
	}).as("data.list")
}

var canonicalName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

func (p *yamlParser) columnsKey() key {
	name := schema.Like(canonicalName)
	s := schema.Named(columnKeys(new(Column)).mapping())
	s.Name = &name
	says := "The columns in the order of the file, each under its name in SQL. What a file has besides is noted and not read."
	return makeKey("columns", says, s, func(p *yamlParser, e pair, where string) {
		for _, col := range p.pairs(e.value, where) {
			p.column(col)
		}
	}).needed()
}

func (p *yamlParser) column(e pair) {
	where := "columns." + e.key
	p.lines[where] = e.line
	col := Column{Name: e.key}
	if !canonicalName.MatchString(e.key) {
		p.bad(e.line, "%s: a canonical name has small letters, digits and _ only, as in signed_on", where)
	}
	p.mapping(e.value, where, where+".", columnKeys(&col))
	p.c.index[col.Name] = len(p.c.Columns)
	p.c.Columns = append(p.c.Columns, col)
}

// columnKeys are those of a column.
func columnKeys(col *Column) keys {
	return keys{
		listKey("cn", &col.CN,
			"Headers the column may have, the most trusted first.").needed().filled().as([]string{"合同登记编号", "合同编号"}),
		wordKey("type", &col.Type, Types, "What its cells mean; a cell that is something else rejects its row.").needed(),
		truthKey("required", &col.Required, "A row without it is rejected.").otherwise(false),
		makeKey("pattern",
			"Form of a text, as a regular expression of Go. like says the same in words.", schema.Text(),
			func(p *yamlParser, e pair, where string) {
				col.Pattern = p.text(e.value, where)
				pattern, err := regexp.Compile(col.Pattern)
				if err != nil {
					p.bad(line(e.value), "%s: %v; write a Go regular expression", where, err)
				}
				col.Form = pattern
			}).as("^[0-9]{6}$"),
		textKey("like", &col.Like, "What pattern asks for, in words for the bureau.").as("6位数字"),
		col.rangeKey(),
		textKey("min", &col.Low, "Least value of a date or a number.").as(0),
		textKey("max", &col.High, "Largest value of a date or a number; data_date: the day the data are of.").as(DataDay),
		col.valuesKey(),
		wordKey("personal", &col.Personal, personals, "The column tells of persons, which is masked wherever it leaves the lake: "+
			"name; id: a number of identity, staff or student; phone; party: whom money goes to, where a firm's name stays."),
		textKey("unit", &col.Unit, "Of a money column: its unit where the file says none.").as("万元"),
		keepKey("foreign", &col.Foreign,
			"Of a money column: an amount in foreign currency goes to <column>_foreign and <column>_currency instead of being "+
				"rejected."),
		keepKey("months", &col.Months, "Of a date column: a date may be known to the month only, which <column>_precision says."),
		truthKey("fill_down", &col.FillDown, "A cell that is merged over several rows counts for each of them.").otherwise(false),
	}
}

var personals = []string{personal.Name, personal.ID, personal.Phone, personal.Party}

func (col *Column) rangeKey() key {
	s := schema.List(schema.Text())
	s.MinItems, s.MaxItems = 2, 2
	return makeKey("range", "Least and largest value, both as in min and max.", s, func(p *yamlParser, e pair, where string) {
		bounds := p.items(e.value, where) // both may be the same: only this value then
		if len(bounds) != 2 {
			p.bad(line(e.value), "%s: want two bounds, as in [2018-01-01, data_date]", where)
			return
		}
		col.Low, col.High = bounds[0], bounds[1]
	}).as([]string{"2018-01-01", DataDay})
}

func (col *Column) valuesKey() key {
	words := schema.List(schema.Text())
	words.Unique = true
	says := "Of type category: each value in SQL with the words that mean it in the file, the first of which is shown."
	return makeKey("values", says, schema.Named(words), func(p *yamlParser, e pair, where string) {
		for _, v := range p.pairs(e.value, where) {
			col.Values = append(col.Values, Value{v.key, p.list(v.value, where+"."+v.key)})
		}
	}).as(map[string]any{"transfer": []string{"技术转让"}, "licence": []string{"技术许可"}})
}

func (p *yamlParser) rulesKey() key {
	s := schema.List(ruleKeys(new(Rule)).mapping())
	return makeKey("rules",
		"Comparisons within a row; where one holds, the row is rejected.", s, func(p *yamlParser, e pair, where string) {
			seq, ok := e.value.(*ast.SequenceNode)
			if !ok {
				p.bad(line(e.value), "rules: want a list of {id, when, column, cn}")
				return
			}
			for _, v := range seq.Values {
				r := Rule{line: line(v)}
				p.mapping(v, where, where+".", ruleKeys(&r))
				p.c.Rules = append(p.c.Rules, r)
			}
		})
}

// ruleKeys are those of a rule.
func ruleKeys(r *Rule) keys {
	return keys{
		textKey("id", &r.ID, "Name of the rule.").needed().as("tech_amount_within_amount"),
		textKey("when", &r.When,
			"A column compared with a column or a value, by <, <=, >, >=, = or !=.").needed().as("tech_amount > amount"),
		textKey("column", &r.Column, "The column whose cell is to blame.").needed().as("tech_amount"),
		textKey("cn", &r.CN, "The reason that the bureau reads.").needed().as("技术交易额大于合同成交总金额"),
	}
}

// dateBound parses a bound of a date column.
func dateBound(s string) (kpi.Date, error) {
	if s == "" {
		return kpi.Date{}, nil
	}
	return kpi.ParseDate(s)
}
