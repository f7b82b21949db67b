// Package modeltest runs the cases that lie beside the models of sql/: exports as bureaus write them, dates, and
// the figures that must come of them. A case goes all the way, from the inbox to a release, on the real DuckDB.
// The format is documented in sql/TESTING.md.
package modeltest

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"citykpi/pipeline"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/project"
	"citykpi/pipeline/syntax"
	"citykpi/pipeline/warehouse"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// Case is what a domain expert writes. Keys that are not known are errors.
type Case struct {
	File  string `yaml:"-"` // sql/kpi/enterprise_tier.expired.test.yaml
	Model string `yaml:"-"` // beside which it lies: kpi.enterprise_tier; "" if beside none

	Says   string        `yaml:"case"`   // what must hold, in a sentence
	Region string        `yaml:"region"` // the jurisdiction whose bureaus file; "": the project's
	AsOf   []kpi.Date    `yaml:"as_of"`
	Files  yaml.MapSlice `yaml:"files"` // path below the inbox → content, loaded one after the other
	Adds   yaml.MapSlice `yaml:"adds"`  // the case's own data/… and sql/…, over the project's
	Expect struct {
		Values  []Value   `yaml:"values"`
		Rejects []Reject  `yaml:"rejects"`
		Refused []Refused `yaml:"refused"`
	} `yaml:"expect"`

	text []byte
	tree *ast.File
}

// Value is a figure on each date of the case.
type Value struct {
	ID      string     `yaml:"id"`
	Region  string     `yaml:"region"` // "": the document's jurisdiction as a whole
	Measure string     `yaml:"measure"`
	Values  []*float64 `yaml:"values"` // one for each as_of; null: no value, which is not 0; none: they are to be written
}

// Reject is a row that must not be loaded. Every other row must.
type Reject struct {
	File   string `yaml:"file"`
	Row    int64  `yaml:"row"`
	Column string `yaml:"column"`
	Rule   string `yaml:"rule"`
}

func (r Reject) String() string {
	return strings.TrimRight(fmt.Sprintf("%s row %d %s %s", r.File, r.Row, r.Column, r.Rule), " ")
}

// Refused is a file of which nothing must be loaded. Every other file must be.
type Refused struct {
	File  string `yaml:"file"`
	Error string `yaml:"error"` // part of it
}

// Find reads the cases of a project, its own and those that are shipped, in the order of their names. All that is
// wrong with any is in the error, with file and line.
func Find(p *project.Project) ([]Case, error) {
	files, err := fs.Glob(p.SQL, "*/*"+project.CaseFile)
	if err != nil {
		return nil, err
	}
	var cases []Case
	var wrong []error
	for _, file := range files {
		text, err := fs.ReadFile(p.SQL, file)
		if err != nil {
			return nil, err
		}
		c, badText := Parse("sql/"+file, text)
		model, badName := beside(p, file)
		if err := errors.Join(badName, badText); err != nil {
			wrong = append(wrong, err)
			continue
		}
		c.Model = model
		cases = append(cases, c)
	}
	if wrong != nil {
		return nil, &project.InvalidError{Problems: wrong}
	}
	return cases, nil
}

// beside is the model whose name a case's file begins with: kpi/enterprise_tier.expired.test.yaml.
func beside(p *project.Project, file string) (string, error) {
	layer, base := path.Split(file)
	name, _, _ := strings.Cut(base, ".")
	model := strings.TrimSuffix(layer, "/") + "." + name
	if _, ok := p.Models.Find(model); !ok {
		return "", fmt.Errorf("sql/%s: no %s.sql beside it. Try: begin its name with that of a model, %s%s",
			file, name, nearest(p, layer, name), project.CaseFile)
	}
	return model, nil
}

func nearest(p *project.Project, layer, name string) string {
	var names []string
	for _, m := range p.Models {
		if path.Dir(m.File)+"/" == layer {
			names = append(names, strings.TrimSuffix(path.Base(m.File), ".sql"))
		}
	}
	if best := kpi.Nearest(name, names); best != "" {
		return best
	}
	return "<model>"
}

// Parse reads one case. file is its name in errors.
func Parse(file string, text []byte) (Case, error) {
	c := Case{File: file, text: text}
	var err error
	if c.tree, err = syntax.Decode(text, &c); err != nil {
		line, what, try := syntax.Told(err)
		if try != "" {
			what += ". Try: " + try
		}
		return c, fmt.Errorf("%s:%d: %s", file, max(1, line), what)
	}
	return c, errors.Join(c.problems()...)
}

func (c Case) problems() (wrong []error) {
	bad := func(line int, format string, args ...any) {
		wrong = append(wrong, fmt.Errorf("%s:%d: %s", c.File, line, fmt.Sprintf(format, args...)))
	}
	if c.Says == "" {
		bad(1, "case is missing. Try: say in a sentence what must hold")
	}
	if len(c.AsOf) == 0 {
		bad(c.line("as_of"), "as_of is missing. Try: the dates that figures are expected for, as_of: [2025-12-31]")
	}
	if len(c.Files) == 0 {
		bad(c.line("files"), "files is missing. Try: an export as its bureau writes it")
	}
	if len(c.Expect.Values)+len(c.Expect.Rejects)+len(c.Expect.Refused) == 0 {
		bad(c.line("expect"), "nothing is expected. Try: expect: {values: [{id: …, region: …, values: […]}]}")
	}
	for i, v := range c.Expect.Values {
		if len(v.Values) != len(c.AsOf) && len(v.Values) > 0 {
			bad(c.valueLine(i), "%s has %d values for %d dates. Try: one for each as_of, null where there is none", v.ID,
				len(v.Values), len(c.AsOf))
		}
	}
	for _, list := range []yaml.MapSlice{c.Files, c.Adds} {
		for _, f := range list {
			name, isName := f.Key.(string)
			if _, isText := f.Value.(string); !isName || !isText {
				bad(c.lineOf(fmt.Sprint(f.Key)), "%v is no file. Try: its name, and its text after a |", f.Key)
			} else if !fs.ValidPath(name) || name == "." {
				bad(c.lineOf(name), "%q leads elsewhere. Try: a path without .. below the folder", name)
			}
		}
	}
	for _, f := range c.Adds {
		if name, _ := f.Key.(string); !strings.HasPrefix(name, "data/") && !strings.HasPrefix(name, "sql/") {
			bad(c.lineOf(name), "adds %q. Try: a file of data/ or sql/", name)
		}
	}
	return wrong
}

// check holds what is expected against what the project has.
func (c Case) check(p *project.Project) error {
	var wrong []error
	for i, v := range c.Expect.Values {
		what := ""
		_, lines := linesOf(p, v.ID)
		switch _, region := p.Region(v.Region); {
		case lines == nil: // no policy has it, or no model answers it
			if _, _, err := (pipeline.Catalogue{Documents: p.Documents}).Find(v.ID); err != nil {
				what = err.Error()
			}
		case v.Region != "" && !region:
			what = fmt.Sprintf("region %q is not in data/regions. Try: its code in quotes, \"320115\"", v.Region)
		case !slices.ContainsFunc(lines, func(l warehouse.Line) bool { return l.Measure == v.Measure }):
			var has []string
			for _, l := range lines {
				has = append(has, fmt.Sprintf("%q", l.Measure))
			}
			what = fmt.Sprintf("%s has no measure %q. Try: one of %s", v.ID, v.Measure, strings.Join(has, ", "))
		}
		if what != "" {
			wrong = append(wrong, fmt.Errorf("%s:%d: %s", c.File, c.valueLine(i), what))
		}
	}
	return errors.Join(wrong...)
}

// linesOf are the lines of a commitment, and its document; none if no policy has it, or no model answers it.
func linesOf(p *project.Project, id string) (d kpi.Document, lines []warehouse.Line) {
	for _, d := range p.Installed() { // cases are run with all
		for _, l := range warehouse.Lines(d) {
			if l.ID == id {
				lines = append(lines, l)
			}
		}
		if lines != nil {
			return d, lines
		}
	}
	return d, nil
}

// valueLine is the line of an expected figure.
func (c Case) valueLine(i int) int { return c.line("expect", "values", fmt.Sprint(i)) }

// line is that of a value of the case, or of the nearest key above it.
func (c Case) line(keys ...string) int { return syntax.Line(c.tree, keys...) }

// lineOf is the line in which a file of the case begins.
func (c Case) lineOf(name string) int {
	for _, key := range []string{"files", "adds"} {
		if syntax.Child(syntax.Child(syntax.Body(c.tree), key), name) != nil {
			return c.line(key, name)
		}
	}
	return 1
}
