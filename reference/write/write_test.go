package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"citykpi/data"
	"citykpi/pipeline/project"
	"citykpi/pipeline/source/contract"
	"citykpi/pipeline/warehouse"
	"citykpi/reference"
	"citykpi/schedules"
	models "citykpi/sql"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// What is checked in, and linked into the program, is what the parsers say now.
func TestReferenceIsCurrent(t *testing.T) {
	now, err := files("../..")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range now {
		has, err := fs.ReadFile(reference.FS, name)
		if err != nil || !bytes.Equal(has, text) {
			t.Errorf("reference/%s is not what the parsers say now (%v). Try: go generate ./reference", name, err)
		}
	}
	entries, err := fs.ReadDir(reference.FS, ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if now[e.Name()] == nil {
			t.Errorf("reference/%s is of no kind of file. Try: git rm", e.Name())
		}
	}
}

// shipped are the files of a kind that are linked into the program.
func shipped(t *testing.T, kind reference.Kind) map[string][]byte {
	t.Helper()
	list := map[string][]byte{}
	for at, files := range map[string]fs.FS{"data": data.FS, "sql": models.FS, "schedules": schedules.FS} {
		pattern, ok := strings.CutPrefix(kind.Files, at+"/")
		if !ok {
			continue
		}
		names, err := fs.Glob(files, pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if kind.Name == "model" && slices.Contains([]string{"given", "page"}, path.Dir(name)) {
				continue // of a kind of its own
			}
			text, err := fs.ReadFile(files, name)
			if err != nil {
				t.Fatal(err)
			}
			list[at+"/"+name] = text
		}
	}
	return list
}

// Every file that is shipped is what its schema says, and names it.
func TestShippedFilesAreWhatTheirSchemasSay(t *testing.T) {
	for _, kind := range reference.Kinds {
		list := shipped(t, kind)
		if len(list) == 0 && kind.Name != "config" {
			t.Errorf("no %s is shipped as %s", kind.Name, kind.Files)
		}
		valid := validator(t, kind.Name)
		for name, text := range list {
			if err := valid(text); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			up := strings.Repeat("../", strings.Count(name, "/"))
			if first := reference.FirstLine(kind.Name, up); !strings.HasPrefix(string(text), first) {
				t.Errorf("%s does not begin with %s", name, first)
			}
			named := filepath.Join("../..", path.Dir(name), up, reference.Folder, reference.SchemaFile(kind.Name))
			if _, err := os.Stat(named); err != nil {
				t.Errorf("%s: the schema that its first line names: %v", name, err)
			}
		}
	}
}

// What the parsers' own tests read as good is so for the schemas.
func TestContractsOfTheCorpusAreWhatTheSchemaSays(t *testing.T) {
	names, err := filepath.Glob("../../pipeline/source/testdata/contracts/*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatal(err, names)
	}
	valid := validator(t, "contract")
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := valid(text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What a new project and the demo say of themselves.
func TestConfigsThatAreWritten(t *testing.T) {
	valid := validator(t, "config")
	for _, c := range []project.Config{project.FirstConfig(), project.DefaultConfig} {
		text, err := yaml.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		if err := valid(text); err != nil {
			t.Errorf("%s%v", text, err)
		}
	}
}

// validator holds YAML against the schema of a kind that is linked into the program.
func validator(t *testing.T, kind string) func(text []byte) error {
	t.Helper()
	text, err := reference.Schema(kind)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(kind, doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(kind)
	if err != nil {
		t.Fatal(err)
	}
	return func(text []byte) error {
		var v any
		if err := yaml.Unmarshal(text, &v); err != nil {
			return err
		}
		written, err := json.Marshal(v)
		if err != nil {
			return err
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(written))
		if err != nil {
			return err
		}
		return s.Validate(doc)
	}
}

// reader reads a file of a kind as the program does.
func reader(t *testing.T, kind string) func(text []byte) error {
	t.Helper()
	switch kind {
	case "config":
		dir := t.TempDir()
		return func(text []byte) error {
			if err := os.WriteFile(filepath.Join(dir, project.ConfigFile), text, 0o644); err != nil {
				t.Fatal(err)
			}
			_, err := project.OpenSources(dir)
			return err
		}
	case "policy":
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, project.ConfigFile), []byte("region: \"320100\"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		p, err := project.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		return func(text []byte) error {
			_, err := project.LoadPolicies(fstest.MapFS{"policies/x.yaml": {Data: text}}, p.Models, p.Regions)
			return err
		}
	case "contract":
		return func(text []byte) error {
			_, err := contract.Parse("x.yaml", text)
			return err
		}
	case "recognition":
		return func(text []byte) error {
			_, err := project.LoadRecognition(fstest.MapFS{"recognition.yaml": {Data: text}})
			return err
		}
	case "model":
		return func(text []byte) error {
			sql := fstest.MapFS{"kpi/patent_licence.sql": {Data: []byte("select 1")}, "kpi/patent_licence.yml": {Data: text},
				"checks/licences_once.sql": {Data: []byte("select 1")}}
			_, err := warehouse.LoadModels(sql, []string{"core.commitment"})
			return err
		}
	case "layer":
		return func(text []byte) error {
			_, err := warehouse.LoadLayer(fstest.MapFS{"kpi.yml": {Data: text}}, "kpi")
			return err
		}
	case "given":
		return func(text []byte) error {
			_, err := warehouse.LoadGiven(fstest.MapFS{"given/patent_office.yml": {Data: text}})
			return err
		}
	case "page":
		return func(text []byte) error {
			sql := fstest.MapFS{"page/patent_offices.sql": {Data: []byte("select 1")}, "page/patent_offices.yml": {Data: text}}
			_, _, err := warehouse.LoadPage(sql, "patent_offices")
			return err
		}
	case "schedule":
		return func(text []byte) error {
			_, err := schedules.Load(fstest.MapFS{"x.yaml": {Data: text}}, schedules.Verbs)
			return err
		}
	}
	t.Fatalf("no parser is known of kind %s", kind)
	return nil
}

// change is something else written in an example.
type change struct{ from, to string }

// Parser and schema take and refuse the same, key by key.
func TestParsersAndSchemasAgree(t *testing.T) {
	for kind, cases := range changes {
		t.Run(kind, func(t *testing.T) {
			example, err := os.ReadFile(filepath.Join("example", kind+".yaml"))
			if err != nil {
				t.Fatal(err)
			}
			valid, parse := validator(t, kind), reader(t, kind)
			agree := func(what string, text []byte, good bool) {
				t.Helper()
				for who, err := range map[string]error{"schema": valid(text), "parser": parse(text)} {
					if (err == nil) != good {
						t.Errorf("%s: the %s says %v", what, who, err)
					}
				}
			}
			agree("the example", example, true)
			for good, list := range map[bool][]change{true: cases.taken, false: cases.refused} {
				for _, c := range list {
					if strings.Count(string(example), c.from) == 0 {
						t.Errorf("the example has no %q", c.from)
					}
					agree(fmt.Sprintf("%s → %s", c.from, c.to), []byte(strings.Replace(string(example), c.from, c.to, 1)), good)
				}
			}
		})
	}
	for _, kind := range reference.Kinds {
		if len(changes[kind.Name].refused) == 0 {
			t.Errorf("%s: nothing is tried", kind.Name)
		}
	}
}

// A key of any mapping of an example is misspelt or left out: no misspelt one is taken, and without a
// key for which the schema asks the parser takes nothing either.
func TestMisspeltAndMissingKeys(t *testing.T) {
	for _, kind := range reference.Kinds {
		t.Run(kind.Name, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join("example", kind.Name+".yaml"))
			if err != nil {
				t.Fatal(err)
			}
			valid, parse := validator(t, kind.Name), reader(t, kind.Name)
			var example any
			if err := yaml.UnmarshalWithOptions(text, &example, yaml.UseOrderedMap()); err != nil {
				t.Fatal(err)
			}
			needed := 0
			everyKey(example, "", func(changed any) any { return changed }, func(at string, m yaml.MapSlice, i int, whole func(any) any) {
				without := marshal(t, whole(slices.Delete(slices.Clone(m), i, i+1)))
				if refused := valid(without); refused != nil {
					if needed++; parse(without) == nil {
						t.Errorf("without %s: the parser takes what the schema refuses: %v", at, refused)
					}
				}
				if slices.Contains(namers, path.Base(path.Dir(at))) {
					return // a name of the writer's own
				}
				m = slices.Clone(m)
				m[i].Key = fmt.Sprint(m[i].Key, "x")
				misspelt := marshal(t, whole(m))
				if byValid, byParse := valid(misspelt), parse(misspelt); byValid == nil || byParse == nil {
					t.Errorf("%sx: the schema says %v, the parser %v", at, byValid, byParse)
				}
			})
			if needed == 0 {
				t.Error("no key is needed")
			}
		})
	}
}

// namers are the keys below which who writes a file chooses the names.
var namers = []string{"connections", "columns", "values"}

func marshal(t *testing.T, v any) []byte {
	t.Helper()
	text, err := yaml.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// everyKey visits each key of all mappings of a value; whole makes the whole anew with another mapping in its place.
func everyKey(v any, at string, whole func(any) any, visit func(at string, m yaml.MapSlice, i int, whole func(any) any)) {
	switch v := v.(type) {
	case yaml.MapSlice:
		for i, item := range v {
			inner := at + "/" + fmt.Sprint(item.Key)
			visit(inner, v, i, whole)
			everyKey(item.Value, inner, func(changed any) any {
				m := slices.Clone(v)
				m[i].Value = changed
				return whole(m)
			}, visit)
		}
	case []any:
		for i, item := range v {
			everyKey(item, at, func(changed any) any {
				list := slices.Clone(v)
				list[i] = changed
				return whole(list)
			}, visit)
		}
	}
}
