// Package project reads a project's folder (citykpi.yml, data/, sql/ over what is shipped) and validates all of it:
// contracts, policies against models and regions, maps, schools. It hands out plain values and the run lock, and knows
// nothing of what was loaded or published.
package project

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"citykpi/data"
	"citykpi/pipeline/duck"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/source/contract"
	"citykpi/pipeline/source/personal"
	"citykpi/pipeline/syntax"
	"citykpi/pipeline/warehouse"
	models "citykpi/sql"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/goccy/go-yaml/ast"
)

// CaseFile is how the name of a file ends that says what must come of a model: it defines nothing. See sql/modeltest.
const CaseFile = ".test.yaml"

// Project is one installation: its folder, and everything it defines, read and validated.
type Project struct {
	Dir         string
	Config      Config
	Data        fs.FS // data/, the project's own over the embedded one
	SQL         fs.FS // sql/, likewise
	Contracts   []*contract.Contract
	Documents   []kpi.Document
	Sentences   map[string]string // commitment → sentence of the installed original
	Regions     []kpi.Region
	Maps        map[string][]kpi.Shape // jurisdiction → outlines of its districts, where installed
	Schools     []warehouse.School
	Recognition warehouse.Recognition
	Given       []warehouse.Given
	Models      warehouse.Models
	Units       map[string]int64 // 万元 → 10000
	Patience    Patience         // with another command that works on the project
	Mask        personal.Masker  // without a key before the first load

	Spare  []kpi.Document  // documents that citykpi.yml leaves out
	Idle   map[string]bool // sources that only they need, or of another jurisdiction than those chosen
	config *ast.File       // citykpi.yml: where what stands in it
}

// Open reads the project in dir. Everything wrong in its YAML and SQL is
// reported at once in an *InvalidError, each with file and line.
func Open(dir string) (*Project, error) {
	return open(dir, shipped, (*Project).load)
}

// OpenOver reads the project in dir with the definitions of another in the place of what is
// shipped: what dir has of data/ and sql/ wins over them, file by file.
func OpenOver(base *Project, dir string) (*Project, error) {
	return open(dir, definitions{base.Data, base.SQL}, (*Project).load)
}

// At is the project with its run state in another folder, where nothing was loaded yet.
func (p *Project) At(dir string) *Project {
	at := *p
	at.Dir, at.Mask, at.Patience = dir, personal.Masker{}, Patience{}
	return &at
}

// OpenSources reads of the project in dir what files are loaded by: contracts, places, units.
// What is wrong with a policy or a model keeps no file out.
func OpenSources(dir string) (*Project, error) {
	return open(dir, shipped, (*Project).loadSources)
}

// definitions are the files that a project's own lie over.
type definitions struct{ data, sql fs.FS }

var shipped = definitions{data.FS, models.FS}

func open(dir string, under definitions, load func(*Project) error) (*Project, error) {
	p := &Project{Dir: dir, Config: DefaultConfig}
	if err := duck.UsablePath(dir); err != nil {
		return nil, err
	}
	text, err := fs.ReadFile(folder(dir), ConfigFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w. Try: citykpi init %s, or --project DIR", dir, ErrNotProject, dir)
	}
	if err != nil {
		return nil, err
	}
	if p.config, err = syntax.Decode(text, &p.Config); err != nil {
		return nil, &InvalidError{[]error{yamlError(ConfigFile, err)}}
	}
	if err := p.checkBounds(p.config); err != nil {
		return nil, err
	}
	if p.Config.Settle < 0 || p.Config.Settle > MaxSettle {
		err := fmt.Errorf("%s:%d: settle: want from 0s to %s, got %s",
			ConfigFile, syntax.Line(p.config, "settle"), MaxSettle, p.Config.Settle)
		return nil, &InvalidError{[]error{err}}
	}
	if err := p.readConnections(p.config); err != nil {
		return nil, err
	}
	if err := p.ReadKey(); err != nil {
		return nil, err
	}
	p.Data = p.Files("data", under.data)
	p.SQL = p.Files("sql", under.sql)
	return p, load(p)
}

// problems collects what is wrong, that of an *InvalidError singly.
type problems []error

func (list *problems) add(err error) {
	var invalid *InvalidError
	if errors.As(err, &invalid) {
		*list = append(*list, invalid.Problems...)
	} else if err != nil {
		*list = append(*list, err)
	}
}

func (list problems) err() error {
	if list == nil {
		return nil
	}
	return &InvalidError{list}
}

func (p *Project) loadSources() error {
	var wrong problems
	wrong.add(p.readRegions())
	wrong.add(p.readUnits())
	wrong.add(p.readContracts())
	var err error
	p.Given, err = warehouse.LoadGiven(p.SQL)
	wrong.add(err)
	return wrong.err()
}

func (p *Project) load() error {
	if err := p.loadSources(); err != nil {
		return err // models and policies would only complain about what is missing
	}
	var wrong problems
	wrong.add(p.readSchools())
	var err error
	p.Recognition, err = LoadRecognition(p.Data)
	wrong.add(err)
	p.Maps, err = readMaps(p.Data, p.Regions)
	wrong.add(err)
	p.Models, err = warehouse.LoadModels(p.SQL, warehouse.GivenTables(p.Given, p.LakeTables()))
	wrong.add(err)
	if err == nil {
		p.Documents, err = LoadPolicies(p.Data, p.Models, p.Regions)
		wrong.add(err)
		p.Sentences, err = originals(p.Data, p.Documents)
		wrong.add(err)
	}
	if wrong == nil {
		wrong.add(p.choose(p.config))
	}
	return wrong.err()
}

func readYAML(fsys fs.FS, file string, into any) error {
	text, err := fs.ReadFile(fsys, file)
	if err != nil {
		return err
	}
	if _, err := syntax.Decode(text, into); err != nil {
		return yamlError("data/"+file, err)
	}
	return nil
}

func (p *Project) readUnits() error {
	var units struct {
		Money map[string]int64 `yaml:"money"`
	}
	if err := readYAML(p.Data, "units.yaml", &units); err != nil {
		return err
	}
	for name, worth := range units.Money {
		if name == "" || worth < 1 {
			return fmt.Errorf("data/units.yaml: money: %q is worth %d. Try: how many 元 one of it is", name, worth)
		}
	}
	p.Units = units.Money
	return nil
}

func (p *Project) readRegions() error {
	files, err := fs.Glob(p.Data, "regions/*.yaml")
	if err != nil {
		return err
	}
	for _, file := range files {
		var list struct {
			Regions []kpi.Region `yaml:"regions"`
		}
		if err := readYAML(p.Data, file, &list); err != nil {
			return err
		}
		p.Regions = append(p.Regions, list.Regions...)
	}
	if _, ok := p.Region(p.Config.Region); !ok {
		return fmt.Errorf("%s: region %q is not in data/regions", ConfigFile, p.Config.Region)
	}
	for _, r := range p.Regions {
		if _, ok := p.Region(r.Parent); r.Parent != "" && !ok {
			return fmt.Errorf("data/regions: %s %s: parent %q does not exist", r.Code, r.Name, r.Parent)
		}
		for at, steps := r, 0; at.Parent != ""; steps++ {
			if steps == len(p.Regions) {
				return fmt.Errorf("data/regions: %s %s lies in itself by way of %s. Try: leave out the parent of the jurisdiction",
					r.Code, r.Name, r.Parent)
			}
			at, _ = p.Region(at.Parent)
		}
	}
	return p.checkPlaces()
}

// checkPlaces refuses regions that one word or code means both: whose a row is would be a guess.
func (p *Project) checkPlaces() error {
	means := map[string]kpi.Region{} // by jurisdiction and word
	codes := map[string]kpi.Region{}
	for _, r := range p.Regions {
		if other, ok := codes[r.Code]; ok {
			return fmt.Errorf("data/regions: %s is the code of %s and of %s. Try: give each region a code of its own",
				r.Code, other.Name, r.Name)
		}
		codes[r.Code] = r
		top := r
		for top.Parent != "" {
			top, _ = p.Region(top.Parent)
		}
		for _, word := range slices.Compact(slices.Sorted(slices.Values(slices.Concat([]string{r.Name, r.Short}, r.Alias, r.Codes)))) {
			key := top.Code + " " + word
			if other, ok := means[key]; ok && word != "" {
				return fmt.Errorf("data/regions: %s means %s %s and %s %s. Try: take the word from one of them",
					word, other.Code, other.Name, r.Code, r.Name)
			}
			means[key] = r
		}
	}
	return nil
}

func (p *Project) readSchools() error {
	files, err := fs.Glob(p.Data, "schools/*.yaml")
	if err != nil {
		return err
	}
	for _, file := range files {
		var list struct {
			Schools []warehouse.School `yaml:"schools"`
		}
		if err := readYAML(p.Data, file, &list); err != nil {
			return err
		}
		ours := strings.TrimSuffix(path.Base(file), ".yaml") == p.Config.Region
		for _, s := range list.Schools {
			s.InCity = s.InCity && ours // those of another city are not in this one
			p.Schools = append(p.Schools, s)
		}
	}
	return nil
}

func (p *Project) readContracts() error {
	files, err := fs.Glob(p.Data, "sources/*.yaml")
	if err != nil {
		return err
	}
	var wrong problems
	for _, file := range files {
		text, err := fs.ReadFile(p.Data, file)
		if err != nil {
			return err
		}
		c, err := contract.Parse("data/"+file, text)
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		_, known := p.Region(c.Jurisdiction)
		switch first := p.Contract(c.Source); {
		case first != nil:
			wrong = append(wrong, fmt.Errorf("data/%s: source %s is defined in %s already", file, c.Source, first.File))
		case c.Jurisdiction != "" && !known:
			wrong = append(wrong, fmt.Errorf("data/%s: jurisdiction %q is not in data/regions", file, c.Jurisdiction))
		default:
			p.Contracts = append(p.Contracts, c)
		}
	}
	return wrong.err()
}

// Contract finds the contract of a source, nil if none names it.
func (p *Project) Contract(of string) *contract.Contract {
	for _, c := range p.Contracts {
		if c.Source == of {
			return c
		}
	}
	return nil
}

// Region finds a region by its code.
func (p *Project) Region(code string) (kpi.Region, bool) {
	i := slices.IndexFunc(p.Regions, func(r kpi.Region) bool { return r.Code == code })
	if i < 0 {
		return kpi.Region{}, false
	}
	return p.Regions[i], true
}

// Within lists the regions of one jurisdiction, itself first.
func (p *Project) Within(jurisdiction string) []kpi.Region {
	codes := []string{jurisdiction}
	var list []kpi.Region
	for _, r := range p.Regions { // parents stand before their children
		if r.Code == jurisdiction || slices.Contains(codes, r.Parent) {
			codes = append(codes, r.Code)
			list = append(list, r)
		}
	}
	return list
}

// Var is a path below the project's run state.
func (p *Project) Var(parts ...string) string {
	return filepath.Join(append([]string{p.Dir, "var"}, parts...)...)
}

// LakeTables gives the warehouse the shape of every source's batches.
func (p *Project) LakeTables() []warehouse.LakeTable {
	tables := make([]warehouse.LakeTable, len(p.Contracts))
	for i, c := range p.Contracts {
		tables[i] = warehouse.LakeTable{
			Source: c.Source, Name: c.Name, Bureau: c.Bureau, Region: c.Jurisdiction, Key: c.Key,
			Snapshot: c.Mode == contract.Snapshot, Every: c.Due.Every,
		}
		for _, f := range c.Schema().Fields() {
			column := warehouse.LakeColumn{Name: f.Name, Type: sqlType(f.Type)}
			if own := c.Column(f.Name); own != nil {
				column.Personal, column.Free = own.Personal, own.Type.Free()
				for _, v := range own.Values {
					if len(v.Words) > 0 {
						column.Words = append(column.Words, [2]string{v.Canonical, v.Words[0]})
					}
				}
			}
			tables[i].Columns = append(tables[i].Columns, column)
		}
		tables[i].Columns = append(tables[i].Columns, warehouse.LakeColumn{Name: contract.BatchColumn, Type: "varchar"})
	}
	return tables
}

// sqlType is the SQL name of an Arrow type that contracts use.
func sqlType(t arrow.DataType) string {
	switch t := t.(type) {
	case *arrow.DictionaryType:
		return sqlType(t.ValueType)
	case *arrow.Decimal128Type:
		return fmt.Sprintf("decimal(%d, %d)", t.Precision, t.Scale)
	case *arrow.Date32Type:
		return "date"
	case *arrow.Int64Type:
		return "bigint"
	case *arrow.BooleanType:
		return "boolean"
	}
	return "varchar"
}
