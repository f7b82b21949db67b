package pipeline

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"citykpi/data"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/pull"
	"citykpi/pipeline/release"
	"citykpi/pipeline/source/contract"
	"citykpi/pipeline/source/personal"
	"citykpi/pipeline/syntax"
	"citykpi/pipeline/warehouse"
	models "citykpi/sql"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/parser"
)

// ConfigFile makes a folder a project.
const ConfigFile = "citykpi.yml"

// CaseFile is how the name of a file ends that says what must come of a model: it defines nothing. See sql/modeltest.
const CaseFile = ".test.yaml"

// Config is citykpi.yml.
type Config struct {
	Title  string `yaml:"title"`  // heading of the dashboard
	Region string `yaml:"region"` // code of the jurisdiction whose bureaus file

	// Codes of the jurisdictions that are used, region among them; left out: all that are installed.
	Jurisdictions []string `yaml:"jurisdictions,omitempty"`
	Documents     []string `yaml:"documents,omitempty"` // ids of the documents that are used; left out: all that are installed

	Since  kpi.Date       `yaml:"since"`  // the first quarter end that is computed
	Lights kpi.Thresholds `yaml:"lights"` // from which gap to the pace a light has which colour

	ReturnDays int `yaml:"return_days"` // days that bureaus have to correct rows that went back to them

	Retain   Retain `yaml:"retain" json:"-"`   // how much of what only tells of the past is kept
	Parallel int    `yaml:"parallel" json:"-"` // jobs of the schedule that run at once

	Settle time.Duration `yaml:"settle" json:"-"` // for so long a file in the inbox must not have changed before it is loaded

	SiteGroup string `yaml:"site_group,omitempty" json:"-"` // group of the system that may read the site and the reports: www-data

	RequireSandbox bool `yaml:"require_sandbox,omitempty" json:"-"` // whether sql is refused on a kernel that lacks a wall around it

	// Databases that contracts pull from, by names of your own.
	Connections map[string]pull.Connection `yaml:"connections,omitempty" json:"-"`
}

// DefaultConfig is what citykpi.yml need not say; init writes it with the documents and
// jurisdictions of FirstConfig.
var DefaultConfig = Config{
	Title:  "南京市政策承诺指标调度",
	Region: "320100",
	Since:  kpi.Date{Year: 2022, Month: 9, Day: 30},
	Lights: kpi.DefaultThresholds,

	ReturnDays: 7,
	Settle:     3 * time.Second,

	Retain:   Retain{Releases: 60, History: 400, Runs: 100, Logs: 90},
	Parallel: 2,
}

// FirstConfig is citykpi.yml of a new project, which speaks of its own jurisdiction alone.
func FirstConfig() Config {
	c := DefaultConfig
	c.Jurisdictions, c.Documents = []string{c.Region}, []string{"NJ88", "NJGT", "NJSG"}
	return c
}

// Project is one installation: its folder, and everything it defines, read and validated.
type Project struct {
	Dir       string
	Config    Config
	Data      fs.FS // data/, the project's own over the embedded one
	SQL       fs.FS // sql/, likewise
	Contracts []*contract.Contract
	Documents []kpi.Document
	Sentences map[string]string // commitment → sentence of the installed original
	Regions   []kpi.Region
	Maps      map[string][]kpi.Shape // jurisdiction → outlines of its districts, where installed
	Schools   []warehouse.School
	Models    warehouse.Models
	Units     map[string]int64 // 万元 → 10000
	Patience  Patience         // with another command that works on the project
	Mask      personal.Masker  // without a key before the first load

	spare        []kpi.Document  // documents that citykpi.yml leaves out
	spareSources map[string]bool // sources that only they need
	config       []byte          // citykpi.yml as it stands
}

// OpenProject reads the project in dir. Everything wrong in its YAML and SQL is
// reported at once in an *InvalidError, each with file and line.
func OpenProject(dir string) (*Project, error) {
	return openProject(dir, shipped, (*Project).load)
}

// OpenOver reads the project in dir with the definitions of another in the place of what is
// shipped: what dir has of data/ and sql/ wins over them, file by file.
func OpenOver(base *Project, dir string) (*Project, error) {
	return openProject(dir, definitions{base.Data, base.SQL}, (*Project).load)
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
	return openProject(dir, shipped, (*Project).loadSources)
}

// definitions are the files that a project's own lie over.
type definitions struct{ data, sql fs.FS }

var shipped = definitions{data.FS, models.FS}

func openProject(dir string, under definitions, load func(*Project) error) (*Project, error) {
	p := &Project{Dir: dir, Config: DefaultConfig}
	if err := warehouse.UsablePath(dir); err != nil {
		return nil, err
	}
	text, err := fs.ReadFile(folder(dir), ConfigFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w. Try: citykpi init %s, or --project DIR", dir, ErrNotProject, dir)
	}
	if err != nil {
		return nil, err
	}
	if err := syntax.Decode(text, &p.Config); err != nil {
		return nil, &InvalidError{[]error{yamlError(ConfigFile, err)}}
	}
	if err := p.checkBounds(text); err != nil {
		return nil, err
	}
	if p.Config.Settle < 0 || p.Config.Settle > MaxSettle {
		return nil, &InvalidError{[]error{fmt.Errorf("%s:%d: settle: want from 0s to %s, got %s", ConfigFile, configLine(text, "settle"), MaxSettle, p.Config.Settle)}}
	}
	if err := p.readConnections(text); err != nil {
		return nil, err
	}
	if err := p.readKey(); err != nil {
		return nil, err
	}
	p.config = text
	p.Data = p.Files("data", under.data)
	p.SQL = p.Files("sql", under.sql)
	return p, load(p)
}

// MaxSettle keeps a slip of the pen from stopping all loads.
const MaxSettle = 10 * time.Minute

// readConnections checks the databases of citykpi.yml. A dsn_file is looked for from the project's folder.
func (p *Project) readConnections(text []byte) error {
	var problems []error
	for _, name := range slices.Sorted(maps.Keys(p.Config.Connections)) {
		c := p.Config.Connections[name]
		if key, what := c.Problem(); what != "" {
			problems = append(problems, fmt.Errorf("%s:%d: connections.%s: %s", ConfigFile, configLine(text, "connections", name, key), name, what))
		}
		c.Name = name
		if c.DSNFile != "" && !filepath.IsAbs(c.DSNFile) {
			c.DSNFile = filepath.Join(p.Dir, c.DSNFile)
		}
		p.Config.Connections[name] = c
	}
	if problems != nil {
		return &InvalidError{problems}
	}
	return nil
}

// configLine is the line of a value in citykpi.yml, or of the nearest key above it.
func configLine(text []byte, keys ...string) int {
	line := 1
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		return line
	}
	at := "$"
	for _, key := range keys {
		at += ".'" + key + "'"
		where, err := yaml.PathString(at)
		if err != nil {
			return line
		}
		node, err := where.FilterFile(file)
		if err != nil {
			return line
		}
		line = node.GetToken().Position.Line
	}
	return line
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
	return wrong.err()
}

func (p *Project) load() error {
	if err := p.loadSources(); err != nil {
		return err // models and policies would only complain about what is missing
	}
	var wrong problems
	wrong.add(p.readSchools())
	var err error
	p.Maps, err = readMaps(p.Data, p.Regions)
	wrong.add(err)
	p.Models, err = warehouse.LoadModels(p.SQL, warehouse.Given(p.LakeTables()))
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
	if err := syntax.Decode(text, into); err != nil {
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
				return fmt.Errorf("data/regions: %s %s lies in itself by way of %s. Try: leave out the parent of the jurisdiction", r.Code, r.Name, r.Parent)
			}
			at, _ = p.Region(at.Parent)
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
		for _, s := range list.Schools {
			s.InCity = s.InCity && strings.TrimSuffix(path.Base(file), ".yaml") == p.Config.Region // those of another city are not in this one
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
	var problems []error
	for _, file := range files {
		text, err := fs.ReadFile(p.Data, file)
		if err != nil {
			return err
		}
		c, err := contract.Parse("data/"+file, text)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		if i := slices.IndexFunc(p.Contracts, func(o *contract.Contract) bool { return o.Source == c.Source }); i >= 0 {
			problems = append(problems, fmt.Errorf("data/%s: source %s is defined in %s already", file, c.Source, p.Contracts[i].File))
			continue
		}
		if _, ok := p.Region(c.Jurisdiction); c.Jurisdiction != "" && !ok {
			problems = append(problems, fmt.Errorf("data/%s: jurisdiction %q is not in data/regions", file, c.Jurisdiction))
			continue
		}
		p.Contracts = append(p.Contracts, c)
	}
	if problems != nil {
		return &InvalidError{problems}
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

// within lists the regions of one jurisdiction, itself first.
func (p *Project) within(jurisdiction string) []kpi.Region {
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

// Releases is the project's release store.
func (p *Project) Releases() release.Store {
	return release.NewStore(p.Var()).ServedTo(p.Config.SiteGroup)
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
