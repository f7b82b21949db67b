package project

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/pull"
	"citykpi/pipeline/syntax"

	"github.com/goccy/go-yaml/ast"
)

// ConfigFile makes a folder a project.
const ConfigFile = "citykpi.yml"

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

// Retain is how much is kept of what tells of the past. Batches, originals and closed quarters
// are no part of it: they are kept for ever.
type Retain struct {
	Releases int `yaml:"releases"` // newest releases, besides what serves, is pinned, came before that, or was closed
	History  int `yaml:"history"`  // days of the schedule's history
	Runs     int `yaml:"runs"`     // newest runs that made no release
	Logs     int `yaml:"logs"`     // days of files in var/logs, counted back from the newest
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

// MaxSettle keeps a slip of the pen from stopping all loads.
const MaxSettle = 10 * time.Minute

// readConnections checks the databases of citykpi.yml. A dsn_file is looked for from the project's folder.
func (p *Project) readConnections(tree *ast.File) error {
	var wrong problems
	for _, name := range slices.Sorted(maps.Keys(p.Config.Connections)) {
		c := p.Config.Connections[name]
		if key, what := c.Problem(); what != "" {
			wrong = append(wrong, fmt.Errorf("%s:%d: connections.%s: %s", ConfigFile,
				syntax.Line(tree, "connections", name, key), name, what))
		}
		c.Name = name
		if c.DSNFile != "" && !filepath.IsAbs(c.DSNFile) {
			c.DSNFile = filepath.Join(p.Dir, c.DSNFile)
		}
		p.Config.Connections[name] = c
	}
	return wrong.err()
}

// Bound is from where to where a number of citykpi.yml may go.
type Bound struct {
	Key         string // retain.releases
	Least, Most int
	of          string
	is          func(Config) int
}

// Bounds are those of the numbers that would keep nothing, or more than the program can read.
var Bounds = []Bound{
	{"retain.releases", 2, 10_000, "releases, at least 2: the one that serves and the one before it",
		func(c Config) int { return c.Retain.Releases }},
	{"retain.history", 1, 36_500, "days", func(c Config) int { return c.Retain.History }},
	{"retain.runs", 1, 10_000, "runs", func(c Config) int { return c.Retain.Runs }},
	{"retain.logs", 1, 36_500, "days", func(c Config) int { return c.Retain.Logs }},
	{"parallel", 1, 64, "jobs", func(c Config) int { return c.Parallel }},
}

// checkBounds refuses numbers outside them.
func (p *Project) checkBounds(tree *ast.File) error {
	var wrong problems
	for _, b := range Bounds {
		if is := b.is(p.Config); is < b.Least || is > b.Most {
			keys := strings.Split(b.Key, ".")
			wrong.add(fmt.Errorf("%s:%d: %s: %d is not from %d to %d %s. Try: %s: %d", ConfigFile, syntax.Line(tree, keys...), b.Key,
				is, b.Least, b.Most, b.of, keys[len(keys)-1], b.is(DefaultConfig)))
		}
	}
	return wrong.err()
}
