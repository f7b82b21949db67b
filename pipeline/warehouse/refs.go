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

// RefsFile lists in sql/ what the models that are shipped read, so that no command has to parse them.
// go generate ./sql writes it.
const RefsFile = "refs.json"

// parsed is what a model of RefsFile reads, by the hash of its text.
type parsed struct {
	SHA256 string `json:"sha256"`
	Refs   []Ref  `json:"refs"`
}

// Ref is a table a model reads and the line that names it.
type Ref struct {
	Table string
	Line  int
}

// ListRefs is RefsFile of the models in a folder of SQL, one in a line.
func ListRefs(fsys fs.FS) (text []byte, err error) {
	files, err := modelFiles(fsys)
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

// findRefs says of every model what it reads: of a text that RefsFile knows from there, of another by parsing it.
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
	named := tables(tree, nil)
	slices.SortFunc(named, func(a, b at) int { return cmp.Or(cmp.Compare(a.place, b.place), cmp.Compare(a.table, b.table)) })
	var refs []Ref
	for _, n := range named {
		refs = append(refs, Ref{n.table, lineAt(sql, strconv.Itoa(n.place))})
	}
	return refs, nil
}

// at is a table and the byte of the text at which it is named.
type at struct {
	table string
	place int
}

// tables adds the tables of layers that a part of DuckDB's tree reads.
func tables(tree any, to []at) []at {
	switch n := tree.(type) {
	case []any:
		for _, part := range n {
			to = tables(part, to)
		}
	case map[string]any:
		if n["type"] == "BASE_TABLE" {
			var name []string
			for _, key := range []string{"catalog_name", "schema_name", "table_name"} {
				if part, _ := n[key].(string); part != "" {
					name = append(name, strings.ToLower(part))
				}
			}
			if len(name) > 1 && slices.Contains(allLayers, name[0]) {
				place, _ := strconv.Atoi(fmt.Sprint(n["query_location"])) // behind all others where it is not known
				to = append(to, at{strings.Join(name, "."), place})
			}
		}
		for _, part := range n {
			to = tables(part, to)
		}
	}
	return to
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
