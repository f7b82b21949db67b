package warehouse

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"citykpi/pipeline/duck"
)

// Given is a table that exists before any model runs, as sql/given/<name>.yml describes it. The
// warehouse makes it from the batches, the contracts and the policies.
type Given struct {
	Table   string        `yaml:"table"`   // its name: core, a dot, its file's name
	Grain   string        `yaml:"grain"`   // what one row is
	Key     []string      `yaml:"key"`     // the grain as columns; left out: rows may repeat
	Columns []GivenColumn `yaml:"columns"` // in their order
}

// GivenColumn is one column of a given table.
type GivenColumn struct {
	Name string `yaml:"name"` // as SQL names it
	Type string `yaml:"type"` // its type in SQL
	CN   string `yaml:"cn"`   // its name for readers
}

// LoadGiven reads sql/given. Everything wrong is reported, each with its file.
func LoadGiven(fsys fs.FS) ([]Given, error) {
	files, err := fs.Glob(fsys, "given/*.yml")
	if err != nil {
		return nil, err
	}
	var list []Given
	var errs []error
	for _, file := range files {
		g, err := loadGiven(fsys, file)
		list, errs = append(list, g), append(errs, err)
	}
	return list, errors.Join(errs...)
}

func loadGiven(fsys fs.FS, file string) (g Given, err error) {
	if err := decodeSpec(fsys, file, &g); err != nil {
		return g, err
	}
	if want := "core." + strings.TrimSuffix(path.Base(file), ".yml"); g.Table != want {
		return g, fmt.Errorf("sql/%s: table is %q, want %q", file, g.Table, want)
	}
	if g.Grain == "" || len(g.Columns) == 0 {
		return g, fmt.Errorf("sql/%s: grain and columns are both needed", file)
	}
	seen := map[string]bool{}
	for _, c := range g.Columns {
		if c.Name == "" || c.Type == "" || seen[c.Name] {
			return g, fmt.Errorf("sql/%s: column %q has no name, no type or stands there twice", file, c.Name)
		}
		seen[c.Name] = true
	}
	for _, k := range g.Key {
		if !seen[k] {
			return g, fmt.Errorf("sql/%s: key %q is not among the columns", file, k)
		}
	}
	return g, nil
}

// ddl is what stands between the parentheses of create table.
func (g Given) ddl() string {
	columns := make([]string, len(g.Columns))
	for i, c := range g.Columns {
		columns[i] = duck.Ident(c.Name) + " " + c.Type
	}
	return strings.Join(columns, ", ")
}

// values is a row of a given table by the names of its columns.
type values map[string]any

// in lays a row out in the order of the table's columns, of which it has to have all and no others.
func (g Given) in(v values) ([]any, error) {
	list := make([]any, len(g.Columns))
	for i, c := range g.Columns {
		value, ok := v[c.Name]
		if !ok {
			return nil, fmt.Errorf("nothing is known of column %s. Try: take it out of %s", c.Name, g.file())
		}
		list[i] = value
	}
	for name := range v {
		if !slices.ContainsFunc(g.Columns, func(c GivenColumn) bool { return c.Name == name }) {
			return nil, fmt.Errorf("column %s is missing. Try: describe it in %s", name, g.file())
		}
	}
	return list, nil
}

func (g Given) file() string { return "sql/given/" + strings.TrimPrefix(g.Table, "core.") + ".yml" }

// GivenTables names the tables that exist before any model runs: those given and those of the lake.
func GivenTables(given []Given, tables []LakeTable) []string {
	var names []string
	for _, g := range given {
		names = append(names, g.Table)
	}
	for _, t := range tables {
		names = append(names, "lake."+t.Source)
	}
	return names
}
