package project

import (
	"bytes"
	"cmp"
	"fmt"
	"io/fs"
	"maps"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"citykpi/data"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/syntax"
	"citykpi/pipeline/warehouse"

	"github.com/goccy/go-yaml/ast"
	"golang.org/x/sync/errgroup"
)

// LoadPolicies reads and validates data/policies/*.yaml against the models and
// regions. All problems of all files are reported together in an *InvalidError.
func LoadPolicies(project fs.FS, models warehouse.Models, regions []kpi.Region) ([]kpi.Document, error) {
	files, err := fs.Glob(project, "policies/*.yaml")
	if err != nil {
		return nil, err
	}
	read := make([]policyFile, len(files)) // decoding is most of what opening a project costs: side by side
	var work errgroup.Group
	work.SetLimit(runtime.NumCPU())
	for i, file := range files {
		r := &read[i]
		if r.text, err = fs.ReadFile(project, file); err != nil {
			return nil, err
		}
		work.Go(func() error { r.tree, r.unread = syntax.Decode(r.text, &r.document); return nil })
	}
	_ = work.Wait()
	v := &policyCheck{models: models, regions: regions, seen: map[string]string{}, heads: map[string]head{}, said: map[string]said{}}
	var documents []kpi.Document
	for i, file := range files {
		r := &read[i]
		if r.unread != nil {
			v.problems = append(v.problems, yamlError("data/"+file, r.unread))
			continue
		}
		if v.document("data/"+file, r) {
			documents = append(documents, r.document)
		}
	}
	v.across(documents)
	if err := v.problems.err(); err != nil {
		return nil, err
	}
	for i := range documents {
		inheritAssumptions(&documents[i])
	}
	slices.SortStableFunc(documents, func(a, b kpi.Document) int { return a.Issued.Compare(b.Issued) })
	return documents, nil
}

// policyFile is a file of data/policies as it was read.
type policyFile struct {
	text     []byte
	tree     *ast.File // that says where what stands
	document kpi.Document
	unread   error
}

// yamlError turns a decoder's error into file:line: what, and what to do.
func yamlError(file string, err error) error {
	line, what, try := syntax.Told(err)
	if line > 0 {
		file = fmt.Sprintf("%s:%d", file, line)
	}
	if try != "" {
		what += ". Try: " + try
	}
	return fmt.Errorf("%s: %s", file, what)
}

type policyCheck struct {
	models   warehouse.Models
	regions  []kpi.Region
	seen     map[string]string // id → file:line
	heads    map[string]head   // by document
	mentions []mention
	said     map[string]said // by jurisdiction, model and term
	problems problems
}

// head is where a document's own keys stand, and whether the file is as shipped.
type head struct {
	file    string
	tree    *ast.File
	shipped bool
}

// head blames a key at the head of a document.
func (v *policyCheck) head(d kpi.Document, key string) kpi.Commitment {
	h := v.heads[d.ID]
	return kpi.Commitment{ID: d.ID, File: h.file, Line: syntax.Line(h.tree, key)}
}

func (v *policyCheck) bad(c kpi.Commitment, format string, args ...any) {
	problem := fmt.Errorf("%s:%d: %s: %s", c.File, c.Line, c.ID, fmt.Sprintf(format, args...))
	if n := len(v.problems); n > 0 && v.problems[n-1].Error() == problem.Error() {
		return // a measure repeats what is wrong with its commitment
	}
	v.problems = append(v.problems, problem)
}

// document checks one document by itself, unless another file has its id.
func (v *policyCheck) document(file string, r *policyFile) bool {
	d := &r.document
	switch first, ok := v.heads[d.ID]; {
	case d.ID == "":
		v.problems = append(v.problems, fmt.Errorf("%s:1: document is missing: write the id its commitments begin with, as NJ88", file))
		return false
	case ok:
		at := kpi.Commitment{ID: d.ID, File: file, Line: syntax.Line(r.tree, "document")}
		v.bad(at, "document %q stands in %s already: every file needs an id of its own", d.ID, first.file)
		return false
	}
	shipped, err := fs.ReadFile(data.FS, strings.TrimPrefix(file, "data/"))
	v.heads[d.ID] = head{file, r.tree, err == nil && bytes.Equal(r.text, shipped)}
	v.documentHead(*d)
	for part, list := range map[string][]kpi.Commitment{"commitments": d.Commitments, "indicators": d.Indicators} {
		for i := range list {
			c := &list[i]
			c.Document, c.File, c.Line = d.ID, file, syntax.Line(r.tree, part, strconv.Itoa(i))
		}
	}
	for _, list := range [][]kpi.Commitment{d.Commitments, d.Indicators} {
		for i := range list {
			v.commitment(*d, list[i])
			v.counts(&list[i])
			v.terms(*d, list[i])
		}
	}
	v.scorecard(*d)
	return true
}

// What a table's column has room for, in characters.
const (
	ShortRoom = 14 // of a short title
	WordsRoom = 40 // of a quotation
)

// documentHead holds what a document says of itself.
func (v *policyCheck) documentHead(d kpi.Document) {
	if !slices.ContainsFunc(v.regions, func(r kpi.Region) bool { return r.Code == d.Region }) {
		v.bad(v.head(d, "region"), "region %q is not in data/regions", d.Region)
	}
	if !slices.Contains(kpi.Statuses, d.Status) {
		v.bad(v.head(d, "status"), "status is %q, want in_force, draft or superseded", d.Status)
	}
	if n := len([]rune(d.Short)); n > ShortRoom || d.Short != "" && d.Short == d.Title {
		v.bad(v.head(d, "short"), "short %q: write what officials call the document, at most %d characters", d.Short, ShortRoom)
	}
	if first, ok := v.seen["short: "+d.Short]; ok && d.Short != "" {
		v.bad(v.head(d, "short"), "short %q stands at %s already: columns tell documents apart by it", d.Short, first)
	}
	v.seen["short: "+d.Short] = fmt.Sprintf("%s:%d", v.heads[d.ID].file, syntax.Line(v.heads[d.ID].tree, "short"))
	if d.Issued.IsZero() {
		v.bad(v.head(d, "issued"), "issued is missing: pace is measured from it")
	}
	for _, what := range slices.Sorted(maps.Keys(d.Assumed)) {
		if !slices.Contains(kpi.Assumable, what) || d.Assumed[what] == "" {
			v.bad(v.head(d, "assumed"), "assumed %q: write one of %v and why: {issued: 文中未署日期，取…}", what, kpi.Assumable)
		}
	}
}

func (v *policyCheck) commitment(d kpi.Document, c kpi.Commitment) {
	if c.ID == "" || c.Name == "" {
		v.bad(c, "id and name are both needed")
	}
	if first, ok := v.seen[c.ID]; ok {
		v.bad(c, "the id stands at %s already; ids are unique", first)
	}
	v.seen[c.ID] = fmt.Sprintf("%s:%d", c.File, c.Line)
	if !slices.Contains(kpi.Kinds, c.Kind) {
		v.bad(c, "kind is %q, want one of %v", c.Kind, kpi.Kinds)
	}
	if n := len([]rune(c.Words)); n > WordsRoom {
		v.bad(c, "words quotes %d characters; quote at most %d around the number and put the rest into summary", n, WordsRoom)
	}
	if c.Target != nil {
		v.target(d, c, *c.Target)
	}
	v.kind(c)
	measures := map[string]bool{}
	for _, m := range c.Also {
		if m.Name == "" || measures[m.Name] {
			v.bad(c, "measure %q is unnamed or named twice", m.Name)
		}
		if m.Breaks && (c.Kind != kpi.Constraint || c.Target == nil) {
			v.bad(c, "measure %q breaks: it belongs to a constraint with a target", m.Name)
		}
		measures[m.Name] = true
		kind, model := c.Kind, c.Model
		if m.Kind != "" {
			kind = m.Kind
		}
		if m.Model != "" {
			model = m.Model
		}
		v.model(c, kind, model, m.Variant)
	}
}

func (v *policyCheck) target(d kpi.Document, c kpi.Commitment, t kpi.Target) {
	bounds := 0
	for _, set := range []bool{t.AtLeast != nil, t.AtMost != nil, t.Between != nil} {
		if set {
			bounds++
		}
	}
	if bounds != 1 {
		v.bad(c, "target needs exactly one of at_least, at_most and between")
	}
	if t.Between != nil && t.Between[0] > t.Between[1] {
		v.bad(c, "target between %v is upside down", *t.Between)
	}
	if t.Tolerance < 0 || t.Tolerance >= 1 || t.Tolerance > 0 && t.AtLeast == nil {
		v.bad(c, "target tolerance %v: write a share from 0 to below 1, beside at_least; 左右 is 0.1", t.Tolerance)
	}
	if t.Unit == "" {
		v.bad(c, "target has no unit: write unit: 家, 名, 元 …")
	}
	if !t.By.IsZero() && t.By.Before(d.Issued) {
		v.bad(c, "the deadline %s lies before the document's issue date %s", t.By, d.Issued)
	}
	if !slices.Contains(kpi.TargetPer, t.Per) {
		v.bad(c, "target per %q: only year is known", t.Per)
	}
	if t.Bound && (c.Kind != kpi.Ratio || !t.By.IsZero() || t.Per != "") {
		v.bad(c, "target bound: it belongs to a ratio that must hold at any time, without by and per; other bounds are kind constraint")
	}
	if t.Every != "" && (kpi.Rhythms[t.Every] == 0 || t.Per != "year") {
		v.bad(c, "target every %q: write quarter, half_year or year, beside per: year", t.Every)
	}
	if share := *cmp.Or(t.High(), t.AtMost, t.AtLeast, new(float64)); c.Kind == kpi.Ratio && (share > 100 || share > 0 && share <= 1) {
		v.bad(c, "target %v of a ratio: write percent of the whole, above 1 and up to 100; four fifths are 80", share)
	}
}

// kind holds what a commitment says against what its kind needs.
func (v *policyCheck) kind(c kpi.Commitment) {
	for _, m := range c.Also {
		v.all(c, m.Name, cmp.Or(m.Kind, c.Kind), m.All)
	}
	if c.Kind == kpi.Ratio && (c.Of != nil || c.To != nil || c.Model != "") {
		if c.Of == nil || c.To == nil || c.Model != "" {
			v.bad(c, "a ratio needs of and to, each with kind, kpi and variant, and no kpi of its own")
			return
		}
		v.model(c, c.Of.Kind, c.Of.Model, c.Of.Variant)
		v.model(c, c.To.Kind, c.To.Model, c.To.Variant)
		v.all(c, "of", c.Of.Kind, c.Of.All)
		v.all(c, "to", c.To.Kind, c.To.All)
		if (c.Of.All == "") != (c.To.All == "") {
			v.bad(c, "one side of the ratio counts all there is and the other from a day on. Try: counts_all for both or neither")
		}
		return
	}
	v.model(c, c.Kind, c.Model, c.Variant)
	v.each(c)
	if c.Flow != "" && !slices.ContainsFunc(c.Also, func(m kpi.Measure) bool { return m.Name == c.Flow }) {
		v.bad(c, "flow: %s is none of its measures. Try: one of those under also", c.Flow)
	}
	if !c.From.IsZero() && !c.Kind.AddsUp() {
		v.bad(c, "from says where a sum begins, and %s adds nothing up. Try: kind: cumulative or obligation", c.Kind)
	}
	if c.Every != "" && (c.Kind != kpi.Obligation || kpi.Rhythms[c.Every] == 0) {
		v.bad(c, "every %q: an obligation is due every quarter, half_year or year", c.Every)
	}
	if c.SameAs != "" {
		v.mentions = append(v.mentions, mention{c, "same_as", c.SameAs})
	}
	if c.Award != nil {
		v.award(c, *c.Award)
	}
}

// all holds why a figure counts what was before the document against whether it counts from a day on at all.
func (v *policyCheck) all(c kpi.Commitment, of string, kind kpi.Kind, why string) {
	if why != "" && !kind.AddsUp() {
		v.bad(c, "%s: counts_all says why a sum has no first day, and %s adds nothing up. Try: kind: cumulative or obligation", of, kind)
	}
}

// each holds an obligation or a bound of several subjects against what sql/mart/duty.sql and
// sql/mart/bound.sql know of them: without it nobody would be judged.
func (v *policyCheck) each(c kpi.Commitment) {
	if c.Each == "" {
		return
	}
	rhythm, table, tells := c.Every, "duty", "what each had to do"
	switch {
	case c.Kind == kpi.Obligation && c.Every != "":
	case c.Kind == kpi.Ratio && c.Of != nil && c.To != nil:
		return // a check of mart.member holds its two sides against the subjects
	case c.Kind == kpi.Constraint && c.Target != nil:
		rhythm, table, tells = "always", "bound", "how many each has"
	default:
		v.bad(c, "each says whom an obligation binds in every period, or a bound at any time, or of whom a ratio is a share. "+
			"Try: kind: obligation with every: quarter, or kind: constraint with a target")
		return
	}
	m, ok := v.models.Find("kpi." + c.Model)
	if !ok {
		return
	}
	variant := c.Variant
	if len(m.Spec.Columns["variant"].IDs) > 0 {
		variant = strings.TrimPrefix(variant, c.ID)
	}
	switch told := m.Spec.Each[variant]; {
	case told == "":
		v.bad(c, "each: sql/mart/%s.sql does not say %s of kpi %s, variant %q. Try: add it there and under each in sql/kpi/%s.yml",
			table, tells, c.Model, c.Variant, c.Model)
	case told == "always" || rhythm == "always":
		if told != rhythm {
			v.bad(c, "each: of kpi %s, variant %q is told %s, and %s asks for %s. Try: another kind, or another variant",
				c.Model, c.Variant, told, c.Kind, rhythm)
		}
	case told != rhythm:
		v.bad(c, "each: what each had to do of kpi %s is told by %s. Try: every: %s", c.Model, told, told)
	}
}

// model holds a commitment's model and variant against sql/kpi.
func (v *policyCheck) model(c kpi.Commitment, kind kpi.Kind, name, variant string) {
	if name == "" {
		if variant != "" {
			v.bad(c, "variant %q without kpi: name the model of sql/kpi", variant)
		}
		return
	}
	if !kind.Interval() && !kind.Event() {
		v.bad(c, "kind %q is not counted from facts: leave out kpi, or choose a kind that is", kind)
		return
	}
	if c.ValueUnit() == "" {
		v.bad(c, "no unit: write unit: 家, 名, 元 …")
	}
	m, ok := v.models.Find("kpi." + name)
	if !ok {
		v.bad(c, "no model sql/kpi/%s.sql%s", name, v.didYouMean(name))
		return
	}
	v.variant(c, m, variant)
	interval := m.Spec.Columns["valid_from"].NotNull
	if interval != kind.Interval() {
		v.bad(c, "kind %s does not fit sql/kpi/%s.sql: stocks, constraints and milestones hold for a time, the others happen", kind, name)
	}
}

// variant holds a variant against those the model's .yml lists, or, where they are
// the ids of commitments, against the ids there are.
func (v *policyCheck) variant(c kpi.Commitment, m warehouse.Model, variant string) {
	column := m.Spec.Columns["variant"]
	if len(column.Values) > 0 && !slices.Contains(column.Values, variant) {
		v.bad(c, "sql/%s has no variant %q, it has %q", m.File, variant, column.Values)
	}
	if len(column.IDs) == 0 {
		return
	}
	id, _, _ := strings.Cut(variant, ":")
	if ending := strings.TrimPrefix(variant, id); !slices.Contains(column.IDs, ending) {
		v.bad(c, "sql/%s has no variant %q: want a commitment's id followed by one of %q", m.File, variant, column.IDs)
	}
	v.mentions = append(v.mentions, mention{c, "variant", id})
}

func (v *policyCheck) didYouMean(name string) string {
	var known []string
	for _, m := range v.models {
		if short, ok := strings.CutPrefix(m.Name, "kpi."); ok {
			known = append(known, short)
		}
	}
	if best := kpi.Nearest(name, known); best != "" {
		return ". Did you mean " + best + "?"
	}
	return ". Try: citykpi init DIR writes a copy of all models to look at"
}

// inheritAssumptions prints an assumed date of issue beside every figure whose pace
// or due dates are measured from it.
func inheritAssumptions(d *kpi.Document) {
	why := d.Assumed["issued"]
	if why == "" {
		return
	}
	for i := range d.Commitments {
		c := &d.Commitments[i]
		if c.Every != "" || c.Target != nil && !c.Target.By.IsZero() {
			c.Assumed = append(slices.Clone(c.Assumed), why)
		}
	}
}
