package outbox_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/outbox"
	"citykpi/pipeline/project"

	"github.com/xuri/excelize/v2"
)

// The queue has the headers that its contract reads, whatever a project calls them.
func TestTheQueueHasTheHeadersOfItsContract(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(project.ConfigFile, "region: \"320100\"\n")
	headers := func() []string {
		t.Helper()
		p, err := project.OpenSources(dir)
		if err != nil {
			t.Fatal(err)
		}
		path, err := outbox.WriteMatches(p, kpi.Release{AsOf: kpi.Date{Year: 2024, Month: 6, Day: 30}}, []kpi.Match{{NamedAs: "甲公司"}})
		if err != nil || path != p.Var("outbox", "领导小组办公室", "企业匹配复核_20240630.xlsx") {
			t.Fatalf("%s: %v", path, err)
		}
		book, err := excelize.OpenFile(path)
		if err != nil {
			t.Fatal(err)
		}
		defer book.Close()
		rows, err := book.GetRows("待复核")
		if err != nil {
			t.Fatal(err)
		}
		at := slices.IndexFunc(rows, func(row []string) bool { return len(row) > 0 && row[0] == "甲公司" })
		if at < 1 {
			t.Fatalf("no row of the queue: %q", rows)
		}
		return rows[at-1]
	}
	known := "所写名称 行数 数据 候选企业 "
	if got, want := strings.Join(headers(), " "), "所用代码或名称 "+known+"认定统一社会信用代码 不计入 说明"; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	p, err := project.OpenSources(dir)
	if err != nil {
		t.Fatal(err)
	}
	contract, err := fs.ReadFile(p.Data, "sources/match_decision.yaml")
	if err != nil {
		t.Fatal(err)
	}
	write("data/sources/match_decision.yaml", strings.NewReplacer("[认定统一社会信用代码]", "[所指企业]", "[说明]", "[理由, 说明]").Replace(string(contract)))
	if got, want := strings.Join(headers(), " "), "所用代码或名称 "+known+"所指企业 不计入 理由"; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}
