package main

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/project"
	"citykpi/pipeline/pull"
	"citykpi/pipeline/schema"
	"citykpi/pipeline/source/contract"
	"citykpi/pipeline/warehouse"
	"citykpi/schedules"
)

// writer makes schemas: of contracts and jobs those of their parsers' own lists of keys, of what is
// decoded into a struct from its fields and their comments, with what the checks ask for beside.
type writer struct {
	root     string
	comments map[string]map[string]string // of packages: of fields, as Config.Title
	err      error
}

func (w *writer) fail(err error) { w.err = errors.Join(w.err, err) }

func (w *writer) schema(kind string) schema.Schema {
	switch kind {
	case "config":
		return w.config()
	case "policy":
		return w.policy()
	case "contract":
		return contract.Schema()
	case "recognition":
		return w.recognition()
	case "model":
		return w.model()
	case "layer":
		return w.columns(warehouse.Layer{}, "Layer", "What all models of a folder say of their columns: sql/<folder>.yml. "+
			"A model's own .yml says what it is that each says besides.", "layer", "columns")
	case "given":
		return w.columns(warehouse.Given{}, "Given table", "The grain and the columns of a table that the program makes and fills "+
			"before any model runs: sql/given/<name>.yml. A project needs no copy.", "table", "grain", "columns")
	case "page":
		return w.columns(warehouse.Page{}, "Page query", "The grain, the parameters and the columns of a query by which pages, "+
			"reports and commands read a release: sql/page/<name>.yml beside it. "+
			"A query of a project's own has the same columns.", "page", "grain", "columns")
	case "schedule":
		return schedules.Schema(schedules.Verbs)
	}
	w.fail(fmt.Errorf("no schema is known of kind %s. Try: a case for it in kinds.go", kind))
	return schema.Schema{}
}

func (w *writer) config() schema.Schema {
	s := w.of(reflect.ValueOf(project.DefaultConfig))
	s.Title, s.Description = "Config", "A project: citykpi.yml. What it does not say has its default."
	for _, b := range project.Bounds {
		k := w.at(&s, b.Key)
		k.Minimum, k.Maximum = number(b.Least), number(b.Most)
	}
	w.at(&s, "lights.green").Default = project.DefaultConfig.Lights.Green // which is 0, as a number that is not given
	w.at(&s, "region").Examples = []any{"320100"}
	w.at(&s, "settle").Description += fmt.Sprintf(" At most %s.", schema.Span(project.MaxSettle))
	c := w.at(&s, "connections.*")
	c.Required = []string{"driver"}
	w.words(c, "driver", pull.Drivers)
	c.OneOf = []schema.Schema{{Required: []string{"dsn_file"}}, {Required: []string{"dsn_env"}}}
	open(&s)
	return s
}

func (w *writer) policy() schema.Schema {
	s := w.of(reflect.ValueOf(kpi.Document{}))
	s.Title, s.Description = "Policy", "A policy document and what it commits to: data/policies/<name>.yaml."
	s.Required = []string{"document", "issued", "region", "status"}
	w.words(&s, "status", kpi.Statuses)
	w.at(&s, "short").MaxLength = project.ShortRoom
	assumable := schema.OneOf(kpi.Assumable...)
	w.at(&s, "assumed").Name = &assumable
	w.at(&s, "assumed.*").MinLength = 1
	for _, list := range []string{"commitments", "indicators"} {
		w.commitment(w.at(&s, list))
	}
	w.words(w.at(&s, "scorecard.grades").Items, "pays", kpi.Pays)
	open(&s)
	return s
}

func (w *writer) commitment(list *schema.Schema) {
	c := list.Items
	c.Required = []string{"id", "name", "kind"}
	w.at(c, "words").MaxLength = project.WordsRoom
	rhythms := slices.SortedFunc(maps.Keys(kpi.Rhythms), func(a, b string) int { return cmp.Compare(kpi.Rhythms[a], kpi.Rhythms[b]) })
	w.words(c, "every", rhythms)
	target := w.at(c, "target")
	target.Required = []string{"unit"}
	target.OneOf = []schema.Schema{{Required: []string{"at_least"}}, {Required: []string{"at_most"}}, {Required: []string{"between"}}}
	w.words(target, "per", kpi.TargetPer)
	w.words(target, "every", rhythms)
	tolerance := w.at(target, "tolerance")
	tolerance.Minimum, tolerance.Maximum = number(0), number(1)
	award := w.at(c, "award")
	w.words(award, "per", kpi.AwardPer)
	w.words(award, "times", kpi.AwardTimes)
	w.words(award, "from", kpi.AwardFrom)
	w.words(award, "tier", kpi.AwardTiers)
	rate := w.at(award, "rate")
	rate.Minimum, rate.Maximum = number(0), number(1)
	w.at(c, "also").Items.Required = []string{"measure"}
	condition := w.at(c, "conditions").Items
	condition.Required = []string{"name", "evidence", "count", "unit"}
	w.words(condition, "count", kpi.Counts)
	each := w.at(condition, "each")
	each.Required = []string{"of"}
	w.words(each, "of", kpi.Bounded)
}

func (w *writer) recognition() schema.Schema {
	s := w.of(reflect.ValueOf(warehouse.Recognition{}))
	s.Title, s.Description = "Recognition", "By which rules, and at which tiers, enterprises are recognised: data/recognition.yaml."
	s.Required = []string{"rules", "tiers"}
	w.at(&s, "rules").Items.Required = []string{"rule", "title", "from"}
	tier := w.at(&s, "tiers").Items
	tier.Required = []string{"tier", "years"}
	w.words(tier, "tier", kpi.Tiers)
	w.at(tier, "years").Minimum = number(1)
	open(&s)
	return s
}

func (w *writer) model() schema.Schema {
	s := w.of(reflect.ValueOf(warehouse.Spec{}))
	s.Title = "Model"
	s.Description = "The grain and the columns of a table, and what must hold of them: " +
		"sql/<folder>/<name>.yml beside the SQL that makes it."
	s.Required = []string{"model", "grain", "key", "columns"}
	w.at(&s, "key").MinItems = 1
	w.at(&s, "filters").Items.Required = []string{"says"}
	w.at(&s, "checks").Items.Required = []string{"rows"}
	w.at(&s, "terms").Items.Required = []string{"name", "cn"}
	open(&s)
	return s
}

// columns is the schema of a file that says little but which columns something has.
func (w *writer) columns(of any, title, about string, required ...string) schema.Schema {
	s := w.of(reflect.ValueOf(of))
	s.Title, s.Description, s.Required = title, about, required
	if c := w.at(&s, "columns"); c.Items != nil {
		c.MinItems = 1
		if c.Items.Keys != nil {
			c.Items.Required = []string{"name", "type"}
		}
	}
	open(&s)
	return s
}

// words narrows a text to what a check takes; "" among them is that the key is left out.
func (w *writer) words(s *schema.Schema, key string, words []string) {
	k := w.at(s, key)
	one := schema.OneOf(slices.DeleteFunc(slices.Clone(words), func(word string) bool { return word == "" })...)
	k.Type, k.Enum = one.Type, one.Enum
}

// at is the schema of a key, by its path.
func (w *writer) at(s *schema.Schema, path string) *schema.Schema {
	for name := range strings.SplitSeq(path, ".") {
		next := s.Key(name)
		if next == nil {
			w.fail(fmt.Errorf("%s: there is no key %s. Try: the key as it is called now", path, name))
			return &schema.Schema{Items: &schema.Schema{}}
		}
		s = next
	}
	return s
}

func number[n int | float64](v n) *float64 {
	f := float64(v)
	return &f
}

var day = regexp.MustCompile(`^([0-9]{4}-[0-9]{2}-[0-9]{2})?$`)

// of is the schema of what is decoded into such a value; what it holds is the default.
func (w *writer) of(v reflect.Value) schema.Schema {
	t := v.Type()
	switch v.Interface().(type) {
	case kpi.Date:
		return schema.Like(day)
	case time.Duration:
		return schema.Duration()
	case kpi.Kind:
		return schema.OneOf(kpi.Kinds...)
	}
	switch t.Kind() {
	case reflect.Pointer:
		return w.of(reflect.Zero(t.Elem()))
	case reflect.Bool:
		return schema.Truth()
	case reflect.Int:
		return schema.Schema{Type: schema.Types{"integer"}}
	case reflect.Float64:
		return schema.Schema{Type: schema.Types{"number"}}
	case reflect.String: // the decoder takes true and false as the words they are
		return schema.Schema{Type: schema.Types{"string", "number", "boolean"}}
	case reflect.Slice, reflect.Array:
		s := schema.List(w.of(reflect.Zero(t.Elem())))
		if t.Kind() == reflect.Array {
			s.MinItems, s.MaxItems = t.Len(), t.Len()
		}
		return s
	case reflect.Map:
		return schema.Named(w.of(reflect.Zero(t.Elem())))
	case reflect.Struct:
		return w.fields(v)
	}
	w.fail(fmt.Errorf("%s: no kind of value in YAML is known for it", t))
	return schema.Schema{}
}

func (w *writer) fields(v reflect.Value) schema.Schema {
	s := schema.Mapping()
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if name == "-" || name == "" {
			continue
		}
		k := w.of(v.Field(i))
		k.Description = w.says(v.Type(), f.Name)
		k.Default = otherwise(v.Field(i))
		s.Keys = append(s.Keys, schema.Key{Name: name, Schema: k})
	}
	return s
}

// otherwise is what holds where a key is not written, nil where that says nothing.
func otherwise(v reflect.Value) any {
	if v.IsZero() {
		return nil
	}
	switch is := v.Interface().(type) {
	case kpi.Date:
		return is.String()
	case time.Duration:
		return schema.Span(is)
	case string, int, float64, bool:
		return is
	}
	return nil
}

// open lets every key that need not be written stand there with nothing behind it, which the decoder takes
// for not written.
func open(s *schema.Schema) {
	for i := range s.Keys {
		k := &s.Keys[i].Schema
		open(k)
		switch {
		case slices.Contains(s.Required, s.Keys[i].Name):
			if slices.Contains(k.Type, "number") && slices.Contains(k.Type, "string") {
				k.MinLength = 1
			}
		default:
			k.Type = append(slices.Clone(k.Type), "null")
			if k.Enum != nil {
				k.Enum = append(slices.Clone(k.Enum), nil)
			}
		}
	}
	if s.Items != nil {
		open(s.Items)
	}
	if of, ok := s.Rest.(*schema.Schema); ok {
		open(of)
	}
}
