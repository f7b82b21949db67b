package warehouse

import (
	"citykpi/pipeline/duck"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
)

// RefsFile lists in sql/ what the models and checks that are shipped read, so that no command has to parse them.
// go generate ./sql writes it.
const RefsFile = "refs.json"

// parsed is what a text of RefsFile reads, by its hash.
type parsed struct {
	SHA256 string `json:"sha256"`
	Refs   []Ref  `json:"refs"`
}

// Ref is a table a model reads and the line that names it.
type Ref struct {
	Table string
	Line  int
}

// ListRefs is RefsFile of the models and checks in a folder of SQL, one in a line.
func ListRefs(fsys fs.FS) (text []byte, err error) {
	files, err := queryFiles(fsys, append(slices.Clip(layers), "checks"))
	if err != nil {
		return nil, err
	}
	p := &parser{}
	defer p.close()
	for i, file := range files {
		sql, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, err
		}
		refs, err := p.refs(file, string(sql))
		if err != nil {
			return nil, err
		}
		line, err := json.Marshal(parsed{textHash(string(sql)), refs})
		if err != nil {
			return nil, err
		}
		text = fmt.Appendf(text, "%s\n%q: %s", map[bool]string{true: "{", false: ","}[i == 0], modelName(file), line)
	}
	return append(text, "\n}\n"...), nil
}

// findRefs says of every model and check what it reads: of a text that RefsFile knows from there, of another by parsing it.
func findRefs(fsys fs.FS, models []*Model) error {
	known := map[string]parsed{}
	text, err := fs.ReadFile(fsys, RefsFile)
	if err == nil {
		err = json.Unmarshal(text, &known)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read sql/%s: %w", RefsFile, err)
	}
	p := &parser{}
	defer p.close()
	var errs []error
	for _, m := range models {
		if k := known[m.Name]; k.SHA256 == textHash(m.SQL) {
			m.Refs = k.Refs
			continue
		}
		m.Refs, err = p.refs(m.File, m.SQL)
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

func textHash(sql string) string {
	sum := sha256.Sum256([]byte(sql))
	return hex.EncodeToString(sum[:])
}

// parser is DuckDB for what it makes of a text. It starts when it is first asked.
type parser struct{ db *duck.Reader }

func (p *parser) close() {
	if p.db != nil {
		p.db.Close()
	}
}

// refs are the tables of the warehouse's layers that a file's text reads, in its order; those of one name each time.
// A name without a layer is that of a part of the query itself.
func (p *parser) refs(file, sql string) ([]Ref, error) {
	if p.db == nil {
		var err error
		if p.db, err = duck.NewReader(); err != nil {
			return nil, fmt.Errorf("start DuckDB's parser: %w", err)
		}
	}
	text, err := p.db.Tree(sql)
	if err != nil {
		return nil, fmt.Errorf("sql/%s: %w", file, err)
	}
	var tree any
	numbers := json.NewDecoder(strings.NewReader(text))
	numbers.UseNumber() // places are counted in 64 bits
	if err := numbers.Decode(&tree); err != nil {
		return nil, fmt.Errorf("sql/%s: read DuckDB's tree: %w", file, err)
	}
	if said, ok := tree.(map[string]any); ok && said["error"] == true {
		line := lineAt(sql, fmt.Sprint(said["position"]))
		return nil, fmt.Errorf("sql/%s:%d: %v. Try: correct the query there, one select", file, line, said["error_message"])
	}
	r := reading{}
	r.walk(tree, nil)
	byPlace := func(a, b at) int { return cmp.Or(cmp.Compare(a.place, b.place), cmp.Compare(a.name, b.name)) }
	slices.SortFunc(r.other, byPlace)
	for _, o := range r.other {
		return nil, fmt.Errorf("sql/%s:%d: %s %s", file, lineAt(sql, strconv.Itoa(o.place)), o.name, o.why)
	}
	slices.SortFunc(r.tables, byPlace)
	var refs []Ref
	for _, n := range r.tables {
		refs = append(refs, Ref{n.name, lineAt(sql, strconv.Itoa(n.place))})
	}
	return refs, nil
}

// at is what a text names and the byte at which it does.
type at struct {
	name, why string // why is "" of a table that may be read, and else what is wrong with it
	place     int
}

// reading is what is found in DuckDB's tree of a text.
type reading struct {
	tables []at // of layers
	other  []at // that a model may not read
}

const (
	noLayer    = "is no table of a layer. Try: lake, staging, core, kpi or mart and a point before a table's name"
	noTable    = "is no table of a layer and no part of the query. Try: lake, staging, core, kpi or mart and a point before a table's name"
	noFunction = "reads what no batch brought, so that a release would not be what its batches say. " +
		"Try: a contract of its own in data/sources, whose rows are in lake"
	noSame = "says something else at each run, and a release is to be the same for the same batches. " +
		"Try: data_date of a row, or period_end of core.period"
)

// tableFunctions are those that make rows of what they are given.
var tableFunctions = []string{"generate_series", "range", "unnest"}

// changing are functions whose value is not that of what they are given, and changingWords what needs no brackets for that.
var (
	changing = slices.Concat(changingWords, []string{"gen_random_uuid", "get_current_time", "get_current_timestamp", "getenv",
		"nextval", "now", "random", "today", "transaction_timestamp", "txid_current", "uuid", "uuidv4", "uuidv7"})
	changingWords = []string{"current_date", "current_localtime", "current_localtimestamp", "current_time", "current_timestamp",
		"localtime", "localtimestamp"}
)

// walk reads a part of the tree, in which the parts of the query (with …) that are named may be read like tables.
func (r *reading) walk(tree any, parts []string) {
	n, ok := tree.(map[string]any)
	if !ok {
		list, _ := tree.([]any)
		for _, part := range list {
			r.walk(part, parts)
		}
		return
	}
	place, _ := strconv.Atoi(fmt.Sprint(n["query_location"])) // behind all others where it is not known
	word := func(of any) string {
		text, _ := of.(string)
		return strings.ToLower(text)
	}
	if n["sample"] != nil {
		r.other = append(r.other, at{"a sample", noSame, place})
	}
	switch {
	case n["type"] == "BASE_TABLE":
		var name []string
		for _, key := range []string{"catalog_name", "schema_name", "table_name"} {
			if part := word(n[key]); part != "" {
				name = append(name, part)
			}
		}
		full, why := strings.Join(name, "."), noTable
		if len(name) > 1 {
			why = noLayer
		}
		switch {
		case len(name) > 1 && slices.Contains(allLayers, name[0]):
			r.tables = append(r.tables, at{name: full, place: place})
		case len(name) > 1 || !slices.Contains(parts, full):
			r.other = append(r.other, at{full, why, place})
		}
	case n["type"] == "TABLE_FUNCTION":
		called, _ := n["function"].(map[string]any)
		if name := word(called["function_name"]); !slices.Contains(tableFunctions, name) {
			r.other = append(r.other, at{name + "()", noFunction, place})
		}
	case n["class"] == "FUNCTION" && slices.Contains(changing, word(n["function_name"])):
		r.other = append(r.other, at{word(n["function_name"]) + "()", noSame, place})
	case n["class"] == "COLUMN_REF":
		if names, _ := n["column_names"].([]any); len(names) == 1 && slices.Contains(changingWords, word(names[0])) {
			r.other = append(r.other, at{word(names[0]), noSame, place})
		}
	}
	if n["type"] == "RECURSIVE_CTE_NODE" { // which reads itself
		parts = append(slices.Clip(parts), word(n["cte_name"]))
	}
	if with, ok := n["cte_map"].(map[string]any); ok {
		list, _ := with["map"].([]any)
		for _, part := range list { // each may read those before it
			named, _ := part.(map[string]any)
			r.walk(named["value"], parts)
			parts = append(slices.Clip(parts), word(named["key"]))
		}
	}
	for key, part := range n {
		if key != "cte_map" {
			r.walk(part, parts)
		}
	}
}

// lineAt is the line of a byte of a text, 1 where DuckDB knows no place.
func lineAt(text, place string) int {
	at, err := strconv.Atoi(place)
	if err != nil || at < 0 || at > len(text) {
		return 1
	}
	return 1 + strings.Count(text[:at], "\n")
}

// allLayers are those that models read.
var allLayers = append([]string{"lake"}, layers...)
