package demo

import (
	"cmp"
	_ "embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"citykpi/data"
	layout "citykpi/pipeline/source/contract"
)

//go:embed exports.yaml
var exportsYAML []byte

// look is what the exports of a source look like: its contract, and what exports.yaml says beside it.
type look struct {
	*layout.Contract `yaml:"-"`

	Of      string              `yaml:"source"`
	Path    string              `yaml:"file"`
	Title   string              `yaml:"title"`
	ByDay   []bool              `yaml:"by_day"`
	Filled  []string            `yaml:"columns"`
	Shares  map[string]int      `yaml:"shares"`
	Heads   map[string][]string `yaml:"heads"`
	Words   words               `yaml:"words"`
	InForms []form              `yaml:"forms"`
	Layouts [][]string          `yaml:"layouts"`
}

// words are those that a file may have for the values of a column.
type words map[string]map[string][]string

// form is the file format a bureau chose for one file.
type form struct {
	CSV      string   `yaml:"csv"` // its encoding, utf8 or gb18030; "": a workbook
	Titles   []string `yaml:"titles"`
	Numbered bool     `yaml:"numbered"` // 序号 first
	Total    bool     `yaml:"total"`    // 合计 last
	Unit     string   `yaml:"unit"`     // 元 or 万元; "": no money
	InHeader bool     `yaml:"in_header"`
}

// readContracts reads those that are shipped, in the order of their names.
func readContracts() ([]*layout.Contract, error) {
	paths, err := fs.Glob(data.FS, "sources/*.yaml")
	if err != nil {
		return nil, err
	}
	var list []*layout.Contract
	for _, p := range paths {
		raw, err := data.FS.ReadFile(p)
		if err != nil {
			return nil, fmt.Errorf("read data/%s: %w", p, err)
		}
		k, err := layout.Parse("data/"+p, raw)
		if err != nil {
			return nil, err
		}
		list = append(list, k)
	}
	return list, nil
}

// readLooks puts exports.yaml beside the contracts. A look of a source or column that no contract has is an error.
func readLooks(contracts []*layout.Contract) (map[string]*look, error) {
	var looks map[string]*look
	if err := yaml.UnmarshalWithOptions(exportsYAML, &looks, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("data/demo/exports.yaml: %w", err)
	}
	for name, k := range looks {
		source := cmp.Or(k.Of, name)
		i := slices.IndexFunc(contracts, func(c *layout.Contract) bool { return c.Source == source })
		if i < 0 {
			return nil, fmt.Errorf("data/demo/exports.yaml: %s: no contract of the source %s", name, source)
		}
		k.Contract = contracts[i].Corrected()
		k.Path = cmp.Or(k.Path, k.Bureau+"/"+k.Name)
		if k.Title == "" {
			_, k.Title, _ = strings.Cut(k.Path, "/")
		}
		if k.Filled == nil {
			for _, col := range contracts[i].Columns {
				k.Filled = append(k.Filled, col.Name)
			}
		}
		for _, col := range k.Filled {
			if len(k.heads(col)) == 0 {
				return nil, fmt.Errorf("data/demo/exports.yaml: %s: neither it nor the contract has headings for %s", name, col)
			}
		}
	}
	return looks, nil
}

// heads are the words bureaus head a column with.
func (k *look) heads(column string) []string {
	if own := k.Heads[column]; own != nil {
		return own
	}
	if col := k.Column(column); col != nil {
		return col.CN
	}
	return nil
}

func (k *look) holdsMoney(column string) bool {
	col := k.Column(column)
	return col != nil && col.Type == layout.Money
}

// word is one of the words for a value of a column, now this one, now that; what is no value of it stands as it is.
func (k *look) word(column, value string, turn int) string {
	words := k.Words[column][value]
	if col := k.Column(column); words == nil && col != nil {
		if i := slices.IndexFunc(col.Values, func(v layout.Value) bool { return v.Canonical == value }); i >= 0 {
			words = col.Values[i].Words
		}
	}
	if len(words) == 0 {
		return value
	}
	return words[turn%len(words)]
}

// without is a look that leaves out columns.
func (k *look) without(columns ...string) *look {
	less := *k
	less.Filled = slices.DeleteFunc(slices.Clone(k.Filled), func(c string) bool { return slices.Contains(columns, c) })
	return &less
}

// form is the one of quarter q; year is what its titles may name beside the quarter.
func (k *look) form(c *city, q, year int) form {
	var f form
	if len(k.InForms) > 0 {
		f = k.InForms[q%len(k.InForms)]
	}
	if f.CSV == "" && f.Titles == nil {
		own := f
		f = c.workbook(q, k.Title)
		if f.Unit, f.InHeader = own.Unit, own.InHeader; f.Unit != "" && !f.InHeader {
			f.Titles = append(f.Titles, "单位："+f.Unit)
		}
		return f
	}
	f.Titles = slices.Clone(f.Titles)
	for i, t := range f.Titles {
		f.Titles[i] = strings.NewReplacer("{quarter}", c.quarter(q).Chinese(), "{year}", fmt.Sprint(year)).Replace(t)
	}
	return f
}

// workbook is the usual form of the smaller lists: titles, 序号 and, at times, 合计.
func (c *city) workbook(q int, title string) form {
	f := form{Titles: []string{title}, Numbered: true, Total: q%3 == 1}
	if q%2 == 0 {
		f.Titles = append(f.Titles, "填报日期："+c.quarter(q).End().Chinese())
	}
	return f
}

// named is the path of a quarter's file without its ending.
func (k *look) named(c *city, q int) string {
	return c.named(k.Path, q, len(k.ByDay) > 0 && k.ByDay[q%len(k.ByDay)])
}

func (f form) extension() string {
	if f.CSV == "" {
		return ".xlsx"
	}
	return ".csv"
}

// column is one that a file has: its name in the contract and its heading.
type column struct{ name, head string }

// arrange chooses headings and order. Bureaus add a column of their own now and then; money may carry its unit in brackets.
func (k *look) arrange(r *rng, f form) []column {
	var names []string
	for _, c := range k.Filled {
		if share := k.Shares[c]; share == 0 || r.n(100) < share {
			names = append(names, c)
		}
	}
	for range r.n(3) { // neighbours change places
		if n := len(names); n > 2 {
			i := 1 + r.n(n-2)
			names[i], names[i+1] = names[i+1], names[i]
		}
	}
	if r.chance(300) {
		names = append(names, ownColumn)
	}
	brackets := pick(r, []string{"（%s）", "(%s)"})
	var columns []column
	for _, name := range names {
		heads := k.heads(name)
		if name == ownColumn {
			heads = []string{"经办人", "审核意见", "数据来源"}
		}
		head := pick(r, heads)
		if f.InHeader && k.holdsMoney(name) {
			head += fmt.Sprintf(brackets, f.Unit)
		}
		columns = append(columns, column{name, head})
	}
	return columns
}

const ownColumn = "" // which a bureau added

// later is a day that files of before know nothing of.
type later day

// cells writes a row's values under the columns of a file that is of end.
func (k *look) cells(v row, columns []column, end day) ([]cell, error) {
	cells := make([]cell, len(columns))
	for i, col := range columns {
		value, ok := v.values[col.name]
		switch {
		case col.name == ownColumn:
			value = "示例"
		case !ok:
			return nil, fmt.Errorf("%s: the demo has no value for %s", k.Source, col.name)
		}
		switch x := value.(type) {
		case nil:
		case cell:
			cells[i] = x
		case string:
			cells[i] = text(k.word(col.name, x, v.turn))
		case School:
			cells[i] = text(x.Name)
		case int:
			cells[i] = number(x)
		case int64:
			cells[i] = money(x)
		case bool:
			cells[i] = text(map[bool]string{true: "是", false: "否"}[x])
		case day:
			cells[i] = dateOr(x, false)
		case later:
			if day(x) <= end {
				cells[i] = dateOr(day(x), false)
			}
		default:
			return nil, fmt.Errorf("%s: %s is a %T", k.Source, col.name, value)
		}
	}
	return cells, nil
}

// key is the natural key of a row, by which a second one of a file is told.
func (k *look) key(v row) string {
	var key strings.Builder
	for _, col := range k.Key {
		fmt.Fprint(&key, v.values[col], "|")
	}
	return key.String()
}
