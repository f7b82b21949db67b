package warehouse

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"citykpi/pipeline/kpi"
)

const spec = "model: %s\ngrain: one row per thing\nkey: [id]\ncolumns:\n  id: {cn: 编号}\n"

func sqlFiles(models map[string]string) fstest.MapFS {
	files := fstest.MapFS{}
	for name, sql := range models {
		path := strings.ReplaceAll(name, ".", "/")
		files[path+".sql"] = &fstest.MapFile{Data: []byte(sql)}
		files[path+".yml"] = &fstest.MapFile{Data: []byte(strings.Replace(spec, "%s", name, 1))}
	}
	return files
}

func names(ms Models) string {
	var list []string
	for _, m := range ms {
		list = append(list, m.Name)
	}
	return strings.Join(list, " ")
}

func TestModelsFollowWhatTheyRead(t *testing.T) {
	ms, err := LoadModels(sqlFiles(map[string]string{
		"mart.a":    "select id from core.b",
		"core.b":    "select id from staging.c join lake.d on true -- from core.z\n",
		"core.e":    "select 'from core.y' as id",
		"staging.c": "select id from\n  lake.d",
	}), []string{"lake.d"})
	if err != nil {
		t.Fatal(err)
	}
	if got := names(ms); got != "staging.c core.b core.e mart.a" {
		t.Errorf("order %q", got)
	}
	if got := ms.Sources("mart.a"); len(got) != 1 || got[0] != "d" {
		t.Errorf("sources %v", got)
	}
	if got := names(ms.Between("staging.c", "mart.a")); got != "core.b mart.a" {
		t.Errorf("from staging.c to mart.a: %q", got)
	}
	if got := names(ms.Between("staging.c", "core.b")); got != "core.b" {
		t.Errorf("from staging.c to core.b: %q", got)
	}
}

func TestModelErrorsNameFileAndLine(t *testing.T) {
	cases := []struct {
		name  string
		files fstest.MapFS
		want  string
	}{
		{"the program's own name", sqlFiles(map[string]string{"mart.fact": "select 1 as id"}),
			"sql/mart/fact.sql: mart.fact is made by the program. Try: another name, or read that table in a model of your own"},
		{"the program's own name, and nothing beside it", fstest.MapFS{"mart/fact.sql": {Data: []byte("select 1 as id")}},
			"sql/mart/fact.sql: mart.fact is made by the program. Try: another name, or read that table in a model of your own"},
		{"unknown table",
			sqlFiles(map[string]string{"core.enterprise": "select 1 as id", "kpi.a": "select id\n-- x\nfrom core.enterprize"}),
			"sql/kpi/a.sql:3: unknown table core.enterprize. Did you mean core.enterprise?"},
		{"circle", sqlFiles(map[string]string{"core.a": "select id\nfrom core.b", "core.b": "select id from core.a"}),
			"models read each other in a circle: core.a → core.b → core.a"},
		{"itself", sqlFiles(map[string]string{"core.a": "select id\nfrom core.a"}),
			"circle: core.a → core.a"},
		{"no spec", fstest.MapFS{"core/a.sql": {Data: []byte("select 1 as id")}},
			"sql/core/a.sql: no a.yml beside it"},
		{"wrong name", fstest.MapFS{"core/a.sql": {Data: []byte("select 1")},
			"core/a.yml": {Data: []byte(strings.Replace(spec, "%s", "core.b", 1))}},
			`sql/core/a.yml: model is "core.b", want "core.a"`},
		{"once of no variant", fstest.MapFS{"kpi/a.sql": {Data: []byte("select 1")},
			"kpi/a.yml": {Data: []byte(strings.Replace(spec, "%s", "kpi.a", 1) + "once: [firm]\n")}},
			`sql/kpi/a.yml: once names the variant "firm", which the model has not`},
		{"a filter of no term", fstest.MapFS{"kpi/a.sql": {Data: []byte("select 1")},
			"kpi/a.yml": {Data: []byte(strings.Replace(spec, "%s", "kpi.a", 1) + "filters: [{says: \"{amount}元以上\"}]\n")}},
			`sql/kpi/a.yml: a filter says {amount}, which is no term of the model`},
		{"unknown key in the spec", fstest.MapFS{"core/a.sql": {Data: []byte("select 1")},
			"core/a.yml": {Data: []byte("model: core.a\ngrian: x\n")}},
			"sql/core/a.yml:"},
	}
	for _, c := range cases {
		_, err := LoadModels(c.files, nil)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

// A filter's words say a number as the document does, so that a document with another one says that.
func TestFiltersSayTheDocumentsTerms(t *testing.T) {
	m := Model{Spec: Spec{
		Terms: []Term{{Name: "amount", Number: true}, {Name: "month", Number: true}, {Name: "tracks"}},
		Filters: []Filter{{Says: "成交额{amount}元以上"}, {Says: "{month}月底以后"}, {Says: "列名的{tracks}个赛道", Variants: []string{"named"}},
			{Says: "在册"}},
	}}
	terms := map[string][]string{"amount": {"300000"}, "month": {"3"}, "tracks": {"类脑智能", "量子信息"}}
	for variant, want := range map[string]string{
		"named": "[成交额30万元以上 3月底以后 列名的2个赛道 在册]", "": "[成交额30万元以上 3月底以后 在册]",
	} {
		if got := fmt.Sprint(m.Counts(variant, terms)); got != want {
			t.Errorf("%q counts %s, want %s", variant, got, want)
		}
	}
	for number, want := range map[string]string{"305000": "305000", "0": "0", "10000": "1万", "2.50000": "2.50000", "0000": "0000"} {
		if got := m.termText("amount", map[string][]string{"amount": {number}}); got != want {
			t.Errorf("%s is said as %s, want %s", number, got, want)
		}
	}
}

// What falls short of a target means something else when that changes; what counts by no target does not.
func TestATargetIsPartOfTheMeaning(t *testing.T) {
	ms, err := LoadModels(sqlFiles(map[string]string{
		"core.target": "select 1 as id from core.commitment", "kpi.short": "select id from core.target", "kpi.all": "select 1 as id",
	}), []string{"core.commitment"})
	if err != nil {
		t.Fatal(err)
	}
	hash := func(model string, atLeast float64) string {
		return ms.Hash(model, Recognition{}, []kpi.Document{{Commitments: []kpi.Commitment{
			{ID: "A-001", Model: strings.TrimPrefix(model, "kpi."), Target: &kpi.Target{AtLeast: &atLeast}},
		}}})
	}
	if hash("kpi.short", 80) == hash("kpi.short", 70) {
		t.Error("a model that reads the target means the same under another")
	}
	if hash("kpi.all", 80) != hash("kpi.all", 70) {
		t.Error("a model that reads no target means something else under another")
	}
}

// A check reads what a model may read, and is refused before anything is computed.
func TestChecksAreHeldToTheLayers(t *testing.T) {
	for sql, want := range map[string]string{
		"select id\nfrom core.a":                "<nil>",
		"select id\nfrom core.b":                "sql/checks/c.sql:2: unknown table core.b",
		"select id from\nread_csv('a')":         "sql/checks/c.sql:2: read_csv() reads what no batch brought",
		"select id from core.a where now() > 1": "sql/checks/c.sql:1: now() says something else at each run",
		"select id fro core.a":                  "sql/checks/c.sql:1: syntax error",
		"":                                      `sql/core/a.yml: check "one": open checks/c.sql: file does not exist`,
	} {
		files := sqlFiles(map[string]string{"core.a": "select 1 as id"})
		files["core/a.yml"].Data = append(files["core/a.yml"].Data, "checks: [{name: one, rows: checks/c.sql}]\n"...)
		if sql != "" {
			files["checks/c.sql"] = &fstest.MapFile{Data: []byte(sql)}
		}
		if _, err := LoadModels(files, nil); !strings.HasPrefix(fmt.Sprint(err), want) {
			t.Errorf("%q: %v, want %q", sql, err, want)
		}
	}
}

// What all models of a folder share holds for each, besides what its own .yml says.
func TestModelsHaveTheColumnsOfTheirLayer(t *testing.T) {
	files := sqlFiles(map[string]string{"kpi.a": "select 1 as id", "core.b": "select 1 as id"})
	files["kpi/a.yml"].Data = []byte("model: kpi.a\ngrain: one\nkey: [id, on_date]\ncolumns:\n" +
		"  id: {cn: 编号}\n  on_date: {not_null: true}\n  word: {values: [x]}\n  own: {cn: 自有}\n")
	files["kpi.yml"] = &fstest.MapFile{Data: []byte("layer: kpi\ncolumns:\n" +
		"  id: {cn: 代码, not_null: true, references: core.b.id}\n  on_date: {cn: 日期}\n  word: {ids: [\"\"]}\n  row_no: {cn: 行号}\n")}
	ms, err := LoadModels(files, []string{"core.commitment"})
	if err != nil {
		t.Fatal(err)
	}
	a, _ := ms.Find("kpi.a")
	if want := map[string]Column{
		"id":      {CN: "编号", NotNull: true, References: "core.b.id"},
		"on_date": {CN: "日期", NotNull: true},
		"word":    {Values: []string{"x"}},
		"own":     {CN: "自有"},
		"row_no":  {CN: "行号"},
	}; !reflect.DeepEqual(a.Spec.Columns, want) {
		t.Errorf("%+v, want %+v", a.Spec.Columns, want)
	}
	if b, _ := ms.Find("core.b"); len(b.Spec.Columns) != 1 {
		t.Errorf("a model of another folder has %v", b.Spec.Columns)
	}
	for text, want := range map[string]string{
		"layer: core\ncolumns: {id: {}}\n": `sql/kpi.yml: layer is "core"`,
		"layer: kpi\n":                     "sql/kpi.yml: layer is \"kpi\" with 0 columns",
		"layer: kpi\ncolumns: {id: {n: }}": "sql/kpi.yml:2: unknown field",
	} {
		files["kpi.yml"].Data = []byte(text)
		if _, err := LoadModels(files, nil); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// A model in the place of a table that the program fills would be made twice.
func TestAModelOfAGivenTableIsRefused(t *testing.T) {
	_, err := LoadModels(sqlFiles(map[string]string{"core.tier": "select 1 as id"}), []string{"core.tier"})
	if want := "sql/core/tier.sql: core.tier is made by the program"; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("%v, want %s", err, want)
	}
}
