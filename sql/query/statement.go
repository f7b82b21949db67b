package query

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"citykpi/pipeline/duck"
)

// MaxText bounds the text of a query: a list of 50,000 credit codes fits.
const MaxText = 1 << 20

// notReading is what a text is that is not one statement that only reads.
type notReading string

func (n notReading) Error() string { return string(n) }

// statement is a query that has been read and found allowed.
type statement struct {
	prepared    *duck.Prepared
	columns     []duck.ResultColumn // as the query has them
	linesBefore int                 // that stand before the reader's first line
}

// read parses text, holds its tree against the list, and only then lets DuckDB
// bind it. What runs is the text whose tree was checked, or a frame around it
// whose tree holds the checked one unchanged.
func read(db *duck.Reader, text string, limit int, unchecked bool) (*statement, error) {
	if err := readable(text); err != nil {
		return nil, err
	}
	inner, explains := cutExplain(text)
	tree, err := treeOf(db, inner)
	switch {
	case unchecked: // a test that wants to see what holds behind the list
	case errors.Is(err, errNoSelect):
		return nil, notReading(strings.ToUpper(firstWord(inner)))
	case errors.Is(err, errSeveral):
		if n, err := db.Statements(inner); n == 1 || err != nil {
			return nil, notReading(strings.ToUpper(firstWord(inner)))
		}
		return nil, notReading("none or several statements")
	case err != nil:
		return nil, err
	default:
		if err := check(tree, db); err != nil {
			return nil, err
		}
	}
	if asksForTables(tree) {
		text, inner = showTables, showTables
		if tree, err = treeOf(db, inner); err != nil {
			return nil, err
		}
	}
	prepared, err := db.Prepare(text)
	if err != nil {
		return nil, err
	}
	if !unchecked && (explains != prepared.Explains() || !explains && !prepared.Selects()) {
		prepared.Close()
		return nil, notReading(strings.ToUpper(firstWord(text)))
	}
	s := &statement{prepared: prepared, columns: prepared.Columns}
	if explains || unchecked {
		return s, nil
	}
	return s, s.frame(db, inner, tree, limit)
}

// showTables is what SHOW TABLES means here: DuckDB shows only those one can
// name without a schema, of which a release has none.
const showTables = `select schema_name as "schema", table_name as name from duckdb_tables() where not internal
union all select schema_name, view_name from duckdb_views() where not internal order by 1, 2`

// asksForTables tells whether a tree is SHOW TABLES and nothing more.
func asksForTables(tree map[string]any) bool {
	node, _ := tree["node"].(map[string]any)
	from, _ := node["from_table"].(map[string]any)
	return from["type"] == "SHOW_REF" && from["table_name"] == `"tables"`
}

// readable refuses what DuckDB's interface would not take as it stands: it ends
// a text at the first NUL.
func readable(text string) error {
	switch {
	case strings.TrimSpace(text) == "":
		return notReading("an empty query")
	case len(text) > MaxText:
		return notReading(fmt.Sprintf("a query of more than %d KB", MaxText>>10))
	case !utf8.ValidString(text):
		return notReading("a query that is not UTF-8")
	case strings.ContainsRune(text, 0):
		return notReading("a query with a NUL character")
	}
	return nil
}

// treeOf parses text. The message of a text that does not parse points at the place.
func treeOf(db *duck.Reader, text string) (map[string]any, error) {
	said, err := db.Tree(text)
	if err != nil {
		return nil, err
	}
	tree, err := parse(said)
	if err == nil || errors.Is(err, errNoSelect) || errors.Is(err, errSeveral) {
		return tree, err
	}
	var refused refusal
	if errors.As(err, &refused) {
		return nil, err
	}
	if _, placed := db.Statements(text); placed != nil {
		return nil, placed
	}
	return nil, &duck.SQLError{Text: err.Error()}
}

// explainWord is EXPLAIN [ANALYZE], or EXPLAIN with options in brackets, of which it knows how the plan is written.
var explainWord = regexp.MustCompile(`(?is)^(?:\s|--[^\n]*\n|/\*.*?\*/)*explain(?:` +
	`\s*\(\s*(?:analyze|format\s+\w+)(?:\s*,\s*(?:analyze|format\s+\w+))*\s*\)|\s+(?:analyze\s)?)`)

// cutExplain cuts EXPLAIN and what it is told off, for which DuckDB writes no tree: what
// is left is a statement by itself, or it does not parse and is refused.
func cutExplain(text string) (inner string, explains bool) {
	at := explainWord.FindStringIndex(text)
	if at == nil {
		return text, false
	}
	return text[at[1]:], true
}

// frame puts a limit around the statement, so that a long result is not computed
// to be thrown away, and casts columns that Arrow would change. What DuckDB lets
// nobody select from runs as it is, if all its columns can be sent.
func (s *statement) frame(db *duck.Reader, text string, tree map[string]any, limit int) error {
	var list, names []string
	casts := ""
	for i, c := range s.columns {
		name := "c" + strconv.Itoa(i+1)
		names = append(names, name)
		if as := c.Type.SentAs(); as != "" {
			casts = c.Name
			name = "cast(" + name + " as " + as + ")"
		}
		list = append(list, name)
	}
	if casts == "" && limit == 0 {
		return nil
	}
	head := "select " + strings.Join(list, ", ") + " from (\n"
	tail := "\n) as q(" + strings.Join(names, ", ") + ")"
	if limit > 0 {
		tail += " limit " + strconv.Itoa(limit)
	}
	candidates := []string{strings.TrimRight(text, "; \t\r\n")}
	if whole, err := json.Marshal(map[string]any{"error": false, "statements": []any{tree}}); err == nil {
		if written, err := db.Untree(string(whole)); err == nil {
			candidates = append(candidates, written)
		}
	}
	for i, c := range candidates {
		framed, err := treeOf(db, head+c+tail)
		if err != nil || !reflect.DeepEqual(inside(framed), tree["node"]) {
			continue
		}
		prepared, err := db.Prepare(head + c + tail)
		if err != nil {
			continue
		}
		s.prepared.Close()
		s.prepared = prepared
		if i == 0 {
			s.linesBefore = 1
		}
		return nil
	}
	if casts != "" {
		s.prepared.Close()
		return &duck.SQLError{Text: fmt.Sprintf("column %s cannot be sent as it is. Try: cast(%s as varchar)", casts, casts)}
	}
	return nil
}

// inside is the node in a frame's tree that stands where the query was.
func inside(framed map[string]any) any {
	var v any = framed
	for _, k := range []string{"node", "from_table", "subquery", "node"} {
		o, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = o[k]
	}
	return v
}

var errorLine = regexp.MustCompile(`(?m)^LINE (\d+): `)

// shift makes DuckDB's "LINE 3:" count from the reader's own first line.
func (s *statement) shift(text string) string {
	if s == nil || s.linesBefore == 0 {
		return text
	}
	return errorLine.ReplaceAllStringFunc(text, func(line string) string {
		n, _ := strconv.Atoi(errorLine.FindStringSubmatch(line)[1])
		return fmt.Sprintf("LINE %d: ", n-s.linesBefore)
	})
}

// firstWord is the first word of a statement after spaces and comments.
func firstWord(query string) string {
	for {
		query = strings.TrimLeft(query, " \t\r\n\f\v;(")
		switch {
		case strings.HasPrefix(query, "--"):
			_, query, _ = strings.Cut(query, "\n")
		case strings.HasPrefix(query, "/*"):
			_, query, _ = strings.Cut(query, "*/")
		default:
			end := strings.IndexFunc(query, func(r rune) bool {
				return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '_'
			})
			if end < 0 {
				end = len(query)
			}
			return query[:end]
		}
	}
}
