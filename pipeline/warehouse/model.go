package warehouse

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"citykpi/pipeline/duck"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/syntax"
)

// Layers of the warehouse, from the batches to what people read.
// lake and given tables are made by the warehouse itself; see build.go.
var layers = []string{"staging", "core", "kpi", "mart"}

// Model is one SELECT of sql/<layer>/<name>.sql, with the spec beside it.
type Model struct {
	Name string // kpi.enterprise_tier
	File string // sql/kpi/enterprise_tier.sql
	SQL  string
	Spec Spec
	Refs []Ref
}

// Spec is sql/<layer>/<name>.yml: the grain, the columns and what must be true of them.
type Spec struct {
	Model string   `yaml:"model"` // name of the table it makes: its folder, a dot, its file's name
	Grain string   `yaml:"grain"` // what one row is
	Key   []string `yaml:"key"`   // the grain as columns, which are tested to be unique
	View  bool     `yaml:"view"`  // whether it is a view, as it is not worth a table
	// Whether figures stand without its sources: then these are not asked for.
	Optional bool `yaml:"optional"`
	// Variants whose facts belong to the jurisdiction as a whole and to no district; "*": all.
	Whole []string `yaml:"whole"`
	// Variants whose facts are reports that each district files: one that filed none has no value, which is not 0; "*": all.
	ByRegion []string `yaml:"by_region"`
	// Variants of which mart.duty says what each subject had to do, with the rhythm of that (quarter, half_year, year), or of which
	// mart.bound says what each has (always). Of variants that are ids of commitments: what follows the id.
	Each map[string]string `yaml:"each"`
	// The sources that a variant is answered from, where the model reads more for others; "*": of those that are not named.
	Needs    map[string][]string `yaml:"needs"`
	Evidence string              `yaml:"evidence"` // of scorecard items: the model whose needs say where each kind of evidence is from
	// Variants of which an entity counts once, at its first fact since the commitment counts; "*": all.
	Once    []string          `yaml:"once"`
	Terms   []Term            `yaml:"terms"`   // numbers and words of a document that it counts by: it finds them in core.term
	Filters []Filter          `yaml:"filters"` // the conditions by which it leaves rows out, in words
	Keeps   []string          `yaml:"keeps"`   // conditions and tables of its SQL that leave nothing out
	Columns map[string]Column `yaml:"columns"` // what must hold of each column; in sql/kpi what sql/kpi.yml does not say
	Checks  []SpecCheck       `yaml:"checks"`  // queries whose rows are failures
}

// Column is what must hold of one column.
type Column struct {
	CN         string   `yaml:"cn"`         // its name for readers
	NotNull    bool     `yaml:"not_null"`   // no row is without it
	Values     []string `yaml:"values"`     // all it may be
	IDs        []string `yaml:"ids"`        // it holds ids of commitments, each followed by one of these, as "" or ":signed"
	References string   `yaml:"references"` // table and column that have all its values: core.enterprise.enterprise_id
}

// Layer is what all models of a folder say of their columns, sql/<folder>.yml. Their own .yml says what each
// says besides, and names of columns of its own.
type Layer struct {
	Layer   string            `yaml:"layer"`   // the folder
	Columns map[string]Column `yaml:"columns"` // what must hold of each column, in every model
}

// in adds what holds in every model to what one says of its columns.
func (l Layer) in(own map[string]Column) {
	for name, all := range l.Columns {
		c := own[name]
		c.CN, c.References, c.NotNull = cmp.Or(c.CN, all.CN), cmp.Or(c.References, all.References), c.NotNull || all.NotNull
		if c.Values == nil && c.IDs == nil {
			c.Values, c.IDs = all.Values, all.IDs
		}
		own[name] = c
	}
}

// LoadLayer reads what the models of a folder share, nothing where there is no such file.
func LoadLayer(fsys fs.FS, layer string) (l Layer, err error) {
	file := layer + ".yml"
	if err := decodeSpec(fsys, file, &l); errors.Is(err, fs.ErrNotExist) {
		return l, nil
	} else if err != nil {
		return l, err
	}
	if l.Layer != layer || len(l.Columns) == 0 {
		return l, fmt.Errorf("sql/%s: layer is %q with %d columns, want %q and those that its models share",
			file, l.Layer, len(l.Columns), layer)
	}
	return l, nil
}

// SpecCheck is a query of sql/checks whose rows are failures.
type SpecCheck struct {
	Name string `yaml:"name"` // what holds where it finds no row
	CN   string `yaml:"cn"`   // the same for readers of reports
	Rows string `yaml:"rows"` // the query: a file of sql/checks
	Warn bool   `yaml:"warn"` // rows are reported and do not keep the release back

	query *Model // Rows as it was read: its text, and which tables that names
}

// Models are all models in an order in which each follows what it reads.
type Models []Model

// LoadModels reads the models of a folder of SQL. given lists the tables that
// exist before any model runs. What does not parse, unknown tables and cycles are errors
// that name file and line; all of them are reported.
func LoadModels(fsys fs.FS, given []string) (Models, error) {
	byName := map[string]*Model{}
	var names []string
	var errs []error
	files, err := queryFiles(fsys, layers)
	if err != nil {
		return nil, err
	}
	shared := map[string]Layer{}
	for _, layer := range layers {
		if shared[layer], err = LoadLayer(fsys, layer); err != nil {
			return nil, err
		}
	}
	var models, checks []*Model
	for _, file := range files {
		if name := modelName(file); name == factName || slices.Contains(given, name) {
			errs = append(errs, fmt.Errorf(
				"sql/%s: %s is made by the program. Try: another name, or read that table in a model of your own", file, name))
			continue
		}
		m, err := loadModel(fsys, file, shared[path.Dir(file)])
		if err != nil {
			errs = append(errs, err)
			continue
		}
		models, names, byName[m.Name] = append(models, m), append(names, m.Name), m
		for _, c := range m.Spec.Checks {
			checks = append(checks, c.query)
		}
	}
	errs = append(errs, findRefs(fsys, slices.Concat(models, checks)))
	if fact := factModel(names, byName); len(fact.Refs) > 1 {
		byName[fact.Name] = fact
		names = append(names, fact.Name)
	}
	for _, m := range slices.Concat(models, checks) {
		for _, r := range m.Refs {
			if byName[r.Table] == nil && !slices.Contains(given, r.Table) {
				meant := hint(r.Table, append(given, names...))
				errs = append(errs, fmt.Errorf("sql/%s:%d: unknown table %s%s", m.File, r.Line, r.Table, meant))
			}
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	ordered, err := inOrder(names, byName)
	if err != nil {
		return nil, err
	}
	return ordered, errors.Join(ordered.checkNeeds()...)
}

// queryFiles lists the queries in some folders of a folder of SQL, folder by folder.
func queryFiles(fsys fs.FS, folders []string) (files []string, err error) {
	for _, folder := range folders {
		of, err := fs.Glob(fsys, folder+"/*.sql")
		if err != nil {
			return nil, err
		}
		files = append(files, of...)
	}
	return files, nil
}

func modelName(file string) string {
	return strings.ReplaceAll(strings.TrimSuffix(file, ".sql"), "/", ".")
}

func loadModel(fsys fs.FS, file string, shared Layer) (*Model, error) {
	text, err := fs.ReadFile(fsys, file)
	if err != nil {
		return nil, fmt.Errorf("read model: %w", err)
	}
	base := strings.TrimSuffix(file, ".sql")
	m := &Model{Name: modelName(file), File: file, SQL: string(text)}
	err = decodeSpec(fsys, base+".yml", &m.Spec)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("sql/%s: no %s beside it. Try: write its grain, key and columns there", file, path.Base(base)+".yml")
	}
	if err != nil {
		return nil, err
	}
	switch {
	case m.Spec.Model != m.Name:
		return nil, fmt.Errorf("sql/%s.yml: model is %q, want %q", base, m.Spec.Model, m.Name)
	case m.Spec.Grain == "" || len(m.Spec.Key) == 0 || len(m.Spec.Columns) == 0:
		return nil, fmt.Errorf("sql/%s.yml: grain, key and columns are all needed", base)
	}
	shared.in(m.Spec.Columns)
	for i := range m.Spec.Checks {
		c := &m.Spec.Checks[i]
		if c.Rows == "" {
			const try = "Try: rows: checks/….sql, a query whose rows are failures"
			return nil, fmt.Errorf("sql/%s.yml: the check %q has no rows. %s", base, c.Name, try)
		}
		text, err := fs.ReadFile(fsys, c.Rows)
		if err != nil {
			return nil, fmt.Errorf("sql/%s.yml: check %q: %w", base, c.Name, err)
		}
		c.query = &Model{Name: modelName(c.Rows), File: c.Rows, SQL: string(text)}
	}
	for _, f := range m.Spec.Filters {
		if f.Says == "" {
			return nil, fmt.Errorf("sql/%s.yml: a filter says nothing. Try: says: …, in the words of a decision", base)
		}
		for _, p := range placeholder.FindAllString(f.Says, -1) {
			if !slices.ContainsFunc(m.Spec.Terms, func(t Term) bool { return "{"+t.Name+"}" == p }) {
				return nil, fmt.Errorf("sql/%s.yml: a filter says %s, which is no term of the model. Try: a term of that name", base, p)
			}
		}
	}
	for _, v := range m.Spec.Once {
		if v != "*" && !slices.Contains(m.Spec.Columns["variant"].Values, v) {
			return nil, fmt.Errorf("sql/%s.yml: once names the variant %q, which the model has not", base, v)
		}
	}
	for _, t := range m.Spec.Terms {
		if t.Name == "" || t.CN == "" {
			return nil, fmt.Errorf("sql/%s.yml: a term has no name or no cn. Try: {name: amount, cn: 金额下限（元）, number: true}", base)
		}
		for _, v := range t.Variants {
			if of := m.Spec.Columns["variant"]; !slices.Contains(of.Values, v) && !slices.Contains(of.IDs, v) {
				return nil, fmt.Errorf("sql/%s.yml: the term %q is of the variant %q, which the model has not", base, t.Name, v)
			}
		}
	}
	for _, k := range m.Spec.Key {
		if _, ok := m.Spec.Columns[k]; !ok {
			return nil, fmt.Errorf("sql/%s.yml: key %q is not among the columns", base, k)
		}
	}
	return m, nil
}

// decodeSpec reads a .yml of sql/, whose errors name file and line.
func decodeSpec(fsys fs.FS, file string, into any) error {
	text, err := fs.ReadFile(fsys, file)
	if err != nil {
		return fmt.Errorf("read sql/%s: %w", file, err)
	}
	if _, err := syntax.Decode(text, into); err != nil {
		line, what, try := syntax.Told(err)
		if try != "" {
			what += ". Try: " + try
		}
		return fmt.Errorf("sql/%s:%d: %s", file, max(1, line), what)
	}
	return nil
}

const factName = "mart.fact"

// factModel is mart.fact: the facts of every commitment, from whichever model of
// sql/kpi it names; of what adds up only what happened since it counts. It is written here
// so that a new KPI is a new file and no edit. A model may name a second row of a file, without
// which there were no such fact (beside_batch_id, beside_row_no), and the first day of the period that
// a fact belongs to (period_from): what was due of an earlier one is not owed under the document.
func factModel(names []string, models map[string]*Model) *Model {
	m := &Model{Name: factName, File: "mart/fact (made from sql/kpi)", Refs: []Ref{{Table: "core.commitment"}}}
	m.Spec = Spec{Model: m.Name, Grain: "one row per commitment, measure and fact", Key: nil}
	var parts []string
	for _, name := range names {
		short, ok := strings.CutPrefix(name, "kpi.")
		if !ok {
			continue
		}
		m.Refs = append(m.Refs, Ref{Table: name})
		beside := "cast(null as varchar) as beside_batch_id, cast(null as bigint) as beside_row_no"
		if _, ok := models[name].Spec.Columns["beside_batch_id"]; ok {
			beside = "f.beside_batch_id, f.beside_row_no"
		}
		begins := "f.event_date"
		if _, ok := models[name].Spec.Columns["period_from"]; ok {
			begins = "f.period_from"
		}
		part := "select c.kpi_id, c.measure, " +
			"f.region_code, f.entity_id, f.entity_name, f.weight, f.event_date, f.valid_from, f.valid_to, " +
			"f.batch_id, f.row_no, " + beside + "\n" +
			"from " + name + " f join core.commitment c on c.model = " + duck.Literal(short) + " and c.variant = f.variant" +
			" and (c.counts_from is null or " + begins + " is null or " + begins + " >= c.counts_from)"
		if once := models[name].Spec.Once; len(once) > 0 {
			which := "f.variant in (" + literals(once) + ")"
			if slices.Contains(once, "*") {
				which = "true"
			}
			part += "\nqualify not " + which +
				" or row_number() over (partition by c.kpi_id, c.measure, f.entity_id order by " + begins + ", f.batch_id, f.row_no) = 1"
		}
		parts = append(parts, part)
	}
	m.SQL = strings.Join(parts, "\nunion all\n")
	return m
}

// inOrder sorts models so that each follows what it reads.
func inOrder(names []string, byName map[string]*Model) (Models, error) {
	const visiting, done = 1, 2
	state := map[string]int{}
	var order Models
	var visit func(name string, trail []string) error
	visit = func(name string, trail []string) error {
		m := byName[name]
		if m == nil || state[name] == done {
			return nil
		}
		trail = append(trail, name)
		if state[name] == visiting {
			return fmt.Errorf("models read each other in a circle: %s", strings.Join(trail[slices.Index(trail, name):], " → "))
		}
		state[name] = visiting
		for _, r := range m.Refs {
			if err := visit(r.Table, trail); err != nil {
				if state[r.Table] == visiting && r.Table != name {
					return fmt.Errorf("sql/%s:%d: %w", m.File, r.Line, err)
				}
				return err
			}
		}
		state[name] = done
		order = append(order, *m)
		return nil
	}
	for _, name := range names {
		if err := visit(name, nil); err != nil {
			return nil, err
		}
	}
	return order, nil
}

// Sources lists the lake tables a model reads, itself or through others, without
// those that figures stand without.
func (ms Models) Sources(name string) []string {
	byName := map[string]Model{}
	for _, m := range ms {
		byName[m.Name] = m
	}
	seen := map[string]bool{}
	var sources []string
	var walk func(string)
	walk = func(name string) {
		if seen[name] || byName[name].Spec.Optional {
			return
		}
		seen[name] = true
		if source, ok := strings.CutPrefix(name, "lake."); ok {
			sources = append(sources, source)
		}
		for _, r := range byName[name].Refs {
			walk(r.Table)
		}
	}
	walk(name)
	slices.Sort(sources)
	return sources
}

// Needed are the sources a line's figure is answered from: those its model reads, of a variant that the
// model reads less for those that its spec names, and of a scorecard item those of the evidence it asks for.
func (ms Models) Needed(l Line) []string {
	m, _ := ms.Find("kpi." + l.Model)
	needed := ms.needs(m, l.Variant)
	if evidence, ok := ms.Find(m.Spec.Evidence); ok {
		for _, kind := range l.Evidence {
			needed = append(needed, ms.needs(evidence, kind)...)
		}
	}
	slices.Sort(needed)
	return slices.Compact(needed)
}

func (ms Models) needs(m Model, variant string) []string {
	for _, key := range []string{variant, "*"} {
		if needs, ok := m.Spec.Needs[key]; ok {
			return slices.Clone(needs)
		}
	}
	return ms.Sources(m.Name)
}

// checkNeeds holds what the specs say variants need against what their models can read.
func (ms Models) checkNeeds() []error {
	var errs []error
	for _, m := range ms {
		for variant, needs := range m.Spec.Needs {
			if values := m.Spec.Columns[m.needsBy()].Values; variant != "*" && !slices.Contains(values, variant) {
				errs = append(errs, fmt.Errorf("sql/%s: needs names the %s %q, which the model has not. Try: one of %q",
					m.File, m.needsBy(), variant, values))
			}
			for _, source := range needs {
				if reads := ms.Sources(m.Name); !slices.Contains(reads, source) {
					errs = append(errs, fmt.Errorf("sql/%s: %s needs %q, which the model does not read. Try: one of %q",
						m.File, variant, source, reads))
				}
			}
		}
	}
	return errs
}

// needsBy is the column whose values a model's needs are told by.
func (m Model) needsBy() string {
	if strings.HasPrefix(m.Name, "kpi.") {
		return "variant"
	}
	return "kind"
}

// Hash is that of a model's SQL and of every model it reads, and, where one of them reads it, of what recognition says and of
// the targets of commitments that count by the model: it changes when what the model means may have changed.
func (ms Models) Hash(model string, recognition Recognition, documents []kpi.Document) string {
	h := sha256.New()
	seen := map[string]bool{}
	var walk func(string)
	walk = func(name string) {
		if seen[name] {
			return
		}
		seen[name] = true
		switch name {
		case "core.recognition_rule":
			fmt.Fprintf(h, "%s\n%+v\n", name, recognition.Rules)
		case "core.tier":
			fmt.Fprintf(h, "%s\n%+v\n", name, recognition.Tiers)
		case "core.target":
			for _, d := range documents {
				for _, c := range slices.Concat(d.Commitments, d.Indicators) {
					counts := func(l Line) bool { return l.ID == c.ID && "kpi."+l.Model == model }
					if c.Target != nil && slices.ContainsFunc(Lines(d), counts) {
						text, _ := json.Marshal(c.Target) // plain values
						fmt.Fprintf(h, "%s %s\n", c.ID, text)
					}
				}
			}
		}
		m, ok := ms.Find(name)
		if !ok {
			return
		}
		fmt.Fprintf(h, "%s\n%s\n", name, m.SQL)
		if len(m.Spec.Once) > 0 {
			fmt.Fprintf(h, "once %q\n", m.Spec.Once)
		}
		for _, r := range m.Refs {
			walk(r.Table)
		}
	}
	walk(model)
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// Between lists, in order, the models that read the table, themselves or
// through others, and that the model named to needs or is.
func (ms Models) Between(table string, to ...string) Models {
	touched := map[string]bool{table: true}
	var after Models
	for _, m := range ms {
		if slices.ContainsFunc(m.Refs, func(r Ref) bool { return touched[r.Table] }) {
			touched[m.Name] = true
			after = append(after, m)
		}
	}
	needed := map[string]bool{}
	for _, name := range to {
		needed[name] = true
	}
	for _, m := range slices.Backward(after) { // whoever reads a model stands after it
		if needed[m.Name] {
			for _, r := range m.Refs {
				needed[r.Table] = true
			}
		}
	}
	return slices.DeleteFunc(after, func(m Model) bool { return !needed[m.Name] })
}

// Find returns the model of that name.
func (ms Models) Find(name string) (Model, bool) {
	i := slices.IndexFunc(ms, func(m Model) bool { return m.Name == name })
	if i < 0 {
		return Model{}, false
	}
	return ms[i], true
}

// hint suggests the known table that was probably meant.
func hint(name string, known []string) string {
	if best := kpi.Nearest(name, known); best != "" {
		return ". Did you mean " + best + "?"
	}
	return ". Try: citykpi check"
}
