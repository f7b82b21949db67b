package pipeline_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The house has floors; imports only go down. A package may import those of a
// lower floor, and on its own floor only those listed before it.
var floors = [][]string{
	{"pipeline/kpi", "pipeline/show", "pipeline/durable"},
	{"pipeline/syntax", "pipeline/schema",
		"pipeline/source/fold", "pipeline/source/refusal", "pipeline/source/charset", "pipeline/source/grid", "pipeline/source/parse",
		"pipeline/source/personal", "pipeline/source/place", "pipeline/source/reject", "pipeline/source/numfmt",
		"pipeline/source/book", "pipeline/source/unzip",
		"pipeline/source/csv", "pipeline/source/html", "pipeline/source/json", "pipeline/source/parquet", "pipeline/source/xls",
		"pipeline/source/xlsx",
		"pipeline/source/contract", "pipeline/source/convert", "pipeline/source", "pipeline/duck", "pipeline/lake", "pipeline/inbox",
		"pipeline/pull", "pipeline/warehouse", "pipeline/release"},
	{"licences", "data", "data/demo", "sql", "pipeline/project", "pipeline/projecttest", "pipeline/returns", "pipeline/load", "pipeline",
		"sql/modeltest", "sql/query", "schedules", "reference", "reports", "pipeline/outbox"},
	{"cmd", "pipeline/bench"},
}

// formats are the rooms of source that read one kind of file each: none imports another.
var formats = []string{"csv", "html", "json", "parquet", "xls", "xlsx"}

// words are the rooms of source that others may import beside source itself: what contracts, rejected rows and the
// cells in them say, and nothing that reads a file.
var words = []string{"contract", "parse", "personal", "place", "refusal", "reject"}

// alone may import these and nobody else may.
var alone = map[string][]string{
	"github.com/duckdb/":             {"pipeline/duck"},
	"github.com/go-sql-driver/mysql": {"pipeline/pull"},
	"github.com/jackc/pgx/":          {"pipeline/pull"},
	"modernc.org/sqlite":             {"schedules"},
}

// place is the floor and position of a package; the longest listed prefix decides.
func place(t *testing.T, pkg string) (floor, at int) {
	t.Helper()
	best := ""
	for f, packages := range floors {
		for i, p := range packages {
			if (pkg == p || strings.HasPrefix(pkg, p+"/")) && len(p) > len(best) {
				best, floor, at = p, f, i
			}
		}
	}
	if best == "" {
		t.Errorf("package %s has no floor: add it to floors and to ARCHITECTURE.md", pkg)
	}
	return floor, at
}

func TestImportsPointDown(t *testing.T) {
	root := ".."
	seen := 0
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() {
			if name := e.Name(); name == "node_modules" || name == "testdata" || name == "var" || strings.HasPrefix(name, ".git") {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, text, parser.ImportsOnly)
		if err != nil {
			return err
		}
		pkg, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		pkg = filepath.ToSlash(pkg)
		floor, at := place(t, pkg)
		for _, spec := range f.Imports {
			imported, _ := strconv.Unquote(spec.Path.Value)
			checkAlone(t, path, pkg, imported)
			if floor == 0 && strings.Contains(strings.SplitN(imported, "/", 2)[0], ".") {
				t.Errorf("%s imports %s: the lowest floor is pure, the standard library only", path, imported)
			}
			inner, ok := strings.CutPrefix(imported, "citykpi/")
			if !ok {
				continue
			}
			seen++
			f2, at2 := place(t, inner)
			checkRooms(t, path, pkg, inner)
			if f2 > floor || f2 == floor && at2 > at {
				t.Errorf("%s imports citykpi/%s: imports only point down", path, inner)
			}
			if strings.HasPrefix(pkg, "reports") && !strings.HasPrefix(inner, "reports") && inner != "pipeline/kpi" &&
				inner != "pipeline/show" {
				t.Errorf("%s imports citykpi/%s: reports get values, from kpi", path, inner)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 20 {
		t.Fatalf("only %d imports seen: the walk does not find the tree", seen)
	}
}

// checkRooms holds the rooms of source apart, and the readers among them to source.
func checkRooms(t *testing.T, path, pkg, imported string) {
	t.Helper()
	const source = "pipeline/source"
	room, within := strings.CutPrefix(pkg, source+"/")
	other, isRoom := strings.CutPrefix(imported, source+"/")
	switch {
	case within && !slices.ContainsFunc(floors, func(f []string) bool { return slices.Contains(f, pkg) }):
		t.Errorf("%s is a room of source that has no floor: add it to floors and to ARCHITECTURE.md", pkg)
	case !isRoom:
	case slices.Contains(formats, room) && slices.Contains(formats, other):
		t.Errorf("%s imports citykpi/%s: a format knows no other", path, imported)
	case !within && pkg != source && !slices.Contains(words, other):
		t.Errorf("%s imports citykpi/%s: outside source only %v of its rooms are known", path, imported, words)
	}
}

func checkAlone(t *testing.T, path, pkg, imported string) {
	t.Helper()
	for module, allowed := range alone {
		if !strings.HasPrefix(imported, module) {
			continue
		}
		for _, a := range allowed {
			if pkg == a {
				return
			}
		}
		t.Errorf("%s imports %s: only %v may", path, imported, allowed)
	}
}

// The way of one export in ARCHITECTURE.md names the functions that it takes.
func TestTheWayOfAnExportIsTrue(t *testing.T) {
	text, err := os.ReadFile("ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile("`((?:pipeline|reports)/[a-z_/]+\\.go)` `([A-Za-z]+)`").FindAllStringSubmatch(string(text), -1)
	if len(named) < 20 {
		t.Fatalf("%d functions are named", len(named))
	}
	for _, n := range named {
		code, err := os.ReadFile(filepath.Join("..", n[1]))
		if err != nil {
			t.Error(err)
			continue
		}
		if !regexp.MustCompile(`(?m)^func (\([^)]*\) )?` + n[2] + `[\[(]`).Match(code) {
			t.Errorf("%s has no function %s", n[1], n[2])
		}
	}
}
