package query

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
)

// allowedText is the list in allowed.yml.
//
//go:embed allowed.yml
var allowedText []byte

// list is what a query may hold, in lower case.
type list struct {
	functions, tables, schemas, views, shows, types map[string]bool
}

var allowed = sync.OnceValue(func() list {
	var text struct {
		Functions                            map[string]string
		Tables, Schemas, Views, Shows, Types string
	}
	if err := yaml.UnmarshalWithOptions(allowedText, &text, yaml.Strict()); err != nil {
		panic("sql/query/allowed.yml: " + err.Error()) // it is part of the program
	}
	words := func(s string) map[string]bool {
		set := map[string]bool{}
		for _, w := range strings.Fields(s) {
			set[strings.ToLower(w)] = true
		}
		return set
	}
	l := list{map[string]bool{}, words(text.Tables), words(text.Schemas), words(text.Views), words(text.Shows), words(text.Types)}
	for _, group := range text.Functions {
		for w := range words(group) {
			l.functions[w] = true
		}
	}
	return l
})

// maxDepth is how deep a tree may be nested: DuckDB's own limit is 1000
// expressions, each of which is about two levels of JSON.
const maxDepth = 2500

// names is what a catalogue knows: whether an unqualified name is one of DuckDB's own views.
type names interface {
	Internal(name string) (bool, error)
	HasTable(schema, name string) (bool, error)
}

// fileName is what DuckDB takes for a file's name where no table has it, also behind a schema
// and a dot: lake.duckdb.
var fileName = regexp.MustCompile(`(?i)(^|\.)(csv|tsv|txt|json|jsonl|ndjson|parquet|duckdb|ddb|db|xlsx|avro|gz|zst)$`)

// refusal is a query that holds what is not on the list.
type refusal string

func (r refusal) Error() string { return string(r) }

// check walks the tree of one statement, as json_serialize_sql writes it, and
// returns a refusal for the first thing that is not on the list: a kind of
// node, a function, a type, a table, a field that this program does not know.
// The rules are by field and not by place, so there is no place to hide in.
func check(tree map[string]any, db names) error {
	w := walker{list: allowed(), db: db}
	return w.object(tree, "", 0)
}

type walker struct {
	list
	db names
}

func (w *walker) value(v any, field string, depth int) error {
	if depth > maxDepth {
		return refusal("the query is nested too deep")
	}
	switch v := v.(type) {
	case map[string]any:
		return w.object(v, field, depth)
	case []any:
		for _, e := range v {
			if err := w.value(e, field, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// object checks one object of the tree, which stands in field of another.
func (w *walker) object(o map[string]any, field string, depth int) error {
	if field == "value" && o["is_null"] != nil || field == "values" && o["is_null"] != nil ||
		field == "user_type_modifiers" || field == "sample_size" {
		return w.constant(o, depth)
	}
	keys := make([]string, 0, len(o))
	for k := range o {
		keys = append(keys, k)
	}
	slices.Sort(keys) // the same query is refused for the same thing
	for _, k := range keys {
		if err := w.field(o, k, field); err != nil {
			return err
		}
	}
	for _, k := range keys {
		if err := w.value(o[k], k, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// field checks what one field of an object says by itself.
func (w *walker) field(o map[string]any, k, parent string) error {
	text, isText := o[k].(string)
	kinds, known := fields[k]
	switch {
	case !known:
		return refusal(fmt.Sprintf("%s is not something analysts may use", k))
	case kinds != nil && isText && !kinds[text]:
		return refusal(fmt.Sprintf("%s is not something analysts may use", strings.ReplaceAll(strings.ToLower(text), "_", " ")))
	case k == "export_state" && o[k] == true: // the bytes of an aggregate half-way
		return refusal("EXPORT_STATE is not something analysts may use")
	case k == "function_name":
		return w.function(text, parent)
	case k == "id" && !w.types[strings.ToLower(text)] && text != "UNBOUND" && !typeNames[text]:
		return refusal(fmt.Sprintf("%s is not a type analysts may use", text))
	case k == "alias" && parent == "type_info" && text != "" && !w.types[strings.ToLower(text)]: // GEOMETRY is a BLOB called so
		return refusal(fmt.Sprintf("%s is not a type analysts may use", text))
	case k == "type" && text == "UNBOUND_TYPE_INFO":
		if name, _ := o["name"].(string); !w.types[strings.ToLower(name)] {
			return refusal(fmt.Sprintf("%s is not a type analysts may use", name))
		}
	case k == "type" && text == "BASE_TABLE":
		return w.table(o)
	case k == "type" && text == "SHOW_REF":
		return w.show(o)
	}
	return nil
}

func (w *walker) function(name, parent string) error {
	lower := strings.ToLower(name)
	if parent == "function" {
		if !w.tables[lower] {
			return refusal(fmt.Sprintf("%s is not a table function analysts may call", name))
		}
	} else if !w.functions[lower] {
		return refusal(fmt.Sprintf("%s is not a function analysts may call", name))
	}
	return nil
}

// table checks the name of a table. A name without a schema is a table of main,
// a common table expression, one of DuckDB's own views, or, with a dot or a
// slash in it, a file.
func (w *walker) table(o map[string]any) error {
	name, _ := o["table_name"].(string)
	schema, _ := o["schema_name"].(string)
	schema, full := strings.ToLower(schema), strings.ToLower(name)
	if schema == "information_schema" {
		full = schema + "." + full
		if !w.views[full] {
			return refusal(fmt.Sprintf("%s is not a table analysts may read", full))
		}
		return nil
	}
	if schema != "" && !w.schemas[schema] {
		return refusal(fmt.Sprintf("%s.%s is not a table analysts may read: its schema is none of %s", schema, name, w.schemaNames()))
	}
	if strings.ContainsAny(name, `./\:*?[]`) && schema == "" {
		return refusal(fmt.Sprintf("%q is not a table: files are not read", name))
	}
	if schema != "" && fileName.MatchString(name) {
		if has, err := w.db.HasTable(schema, name); err != nil || !has {
			return cmp.Or(err, error(refusal(fmt.Sprintf("%s.%s is not a table: files are not read", schema, name))))
		}
	}
	if w.views[full] {
		return nil
	}
	internal, err := w.db.Internal(name)
	if err != nil {
		return err
	}
	if internal {
		return refusal(fmt.Sprintf("%s is not a table analysts may read", name))
	}
	return nil
}

func (w *walker) schemaNames() string {
	var known []string
	for s := range w.schemas {
		known = append(known, s)
	}
	slices.Sort(known)
	return strings.Join(known, ", ")
}

func (w *walker) show(o map[string]any) error {
	name, _ := o["table_name"].(string)
	if name = strings.ToLower(strings.Trim(name, `"`)); name != "" && !w.shows[name] {
		return refusal(fmt.Sprintf("SHOW %s is not something analysts may use", name))
	}
	return nil
}

// constant checks a value of a query's text. Its types count, its content does not.
func (w *walker) constant(o map[string]any, depth int) error {
	if depth > maxDepth {
		return refusal("the query is nested too deep")
	}
	for k, v := range o {
		switch k {
		case "type":
			t, ok := v.(map[string]any)
			if !ok {
				return refusal("a value without a type is not something analysts may use")
			}
			if err := w.object(t, k, depth+1); err != nil {
				return err
			}
		case "is_null", "is_percentage", "method", "seed":
		case "value":
			if err := w.content(v, depth+1); err != nil {
				return err
			}
		case "sample_size":
			if c, ok := v.(map[string]any); ok {
				return w.constant(c, depth+1)
			}
		default:
			return refusal(fmt.Sprintf("%s is not something analysts may use", k))
		}
	}
	return nil
}

func (w *walker) content(v any, depth int) error {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			if err := w.content(e, depth+1); err != nil {
				return err
			}
		}
	case map[string]any:
		if v["is_null"] != nil {
			return w.constant(v, depth+1)
		}
		for _, e := range v {
			if err := w.content(e, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// parse reads what json_serialize_sql said: the tree of one statement, or what
// is wrong. Places in the text are left out, so that trees can be compared.
func parse(text string) (map[string]any, error) {
	var said struct {
		Error      bool   `json:"error"`
		Type       string `json:"error_type"`
		Message    string `json:"error_message"`
		Statements []map[string]any
	}
	if err := json.Unmarshal([]byte(text), &said); err != nil {
		return nil, refusal("the query is nested too deep")
	}
	switch {
	case said.Type == "not implemented": // DuckDB's own word for statements it has no tree of: all but SELECT
		return nil, errNoSelect
	case said.Error:
		return nil, errors.New(said.Message)
	case len(said.Statements) != 1:
		return nil, errSeveral
	}
	strip(said.Statements[0])
	return said.Statements[0], nil
}

var (
	errNoSelect = errors.New("not a SELECT")
	errSeveral  = errors.New("none or several statements")
)

func strip(v any) {
	switch v := v.(type) {
	case map[string]any:
		delete(v, "query_location")
		for _, e := range v {
			strip(e)
		}
	case []any:
		for _, e := range v {
			strip(e)
		}
	}
}
