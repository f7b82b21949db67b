package load_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"citykpi/pipeline"
	"citykpi/pipeline/load"
	"citykpi/pipeline/projecttest"
	"citykpi/pipeline/returns"

	"github.com/xuri/excelize/v2"
)

func zipOf(t *testing.T, files ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		w, err := z.Create(files[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(files[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Each file of an archive is a batch; the archive is what is kept. What one of
// its files lacks holds up neither the others nor a second try.
func TestArchive(t *testing.T) {
	p := projecttest.New(t)
	inbox, name := p.Var("inbox", "市科技局"), "报送材料_2025Q1.zip"
	good := "证书编号,人员编号,姓名,认定日期,所属区\nC1,J1,甲,2024-01-02,江宁区\n"
	projecttest.Write(t, filepath.Join(inbox, name), zipOf(t, "技术经理人.csv", good, "其他/说明.txt", "填表说明\n", "__MACOSX/._技术经理人.csv", "x"))
	results, err := pipeline.Load(t.Context(), p, nil, pipeline.Options{Now: clock})
	if len(results) != 2 || err == nil {
		t.Fatalf("%+v %v", results, err)
	}
	for _, r := range results {
		switch r.File {
		case "市科技局/" + name + "/技术经理人.csv":
			// the archive's name says the date
			if r.Status != load.StatusLoaded || r.Loaded != 1 || !strings.Contains(r.BatchID, "20250331") {
				t.Errorf("%+v", r)
			}
		case "市科技局/" + name + "/其他/说明.txt":
			if r.Status != load.StatusRefused {
				t.Errorf("%+v", r)
			}
		default:
			t.Errorf("%+v", r)
		}
	}
	if _, err := os.Stat(filepath.Join(inbox, name)); err != nil {
		t.Error("an archive with a refused file left the inbox")
	}
	ledger := func() string {
		text, err := os.ReadFile(p.Var("lake.ledger"))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	before := ledger()
	if _, err := pipeline.Load(t.Context(), p, nil, pipeline.Options{Now: clock}); err == nil || ledger() != before {
		t.Errorf("the same archive once more: %v, lines of the ledger that are new: %s", err, strings.TrimPrefix(ledger(), before))
	}

	projecttest.Write(t, filepath.Join(inbox, name), zipOf(t, "技术经理人.csv", good))
	results, err = pipeline.Load(t.Context(), p, nil, pipeline.Options{Now: clock})
	if err != nil || len(results) != 1 || results[0].Status != load.StatusKnown {
		t.Fatalf("%+v %v", results, err)
	}
	kept, err := filepath.Glob(p.Var("lake", "originals", "*", name))
	if err != nil || len(kept) != 2 { // the one that the batch came in, and the one that was sent in its place
		t.Errorf("not both archives are among the originals: %v %v", kept, err)
	}
	if left, err := os.ReadDir(inbox); err != nil || len(left) != 0 {
		t.Errorf("left in the inbox: %v %v", left, err)
	}
}

// The sheets a contract names are one batch.
func TestSheets(t *testing.T) {
	p := projecttest.New(t)
	projecttest.Write(t, filepath.Join(p.Dir, "data", "sources", "district_list.yaml"), `source: district_list
name: 分区名单
bureau: 市科技局
files: ["*分区名单*"]
mode: append
key: [no]
data_date: [file_name]
format: {sheet: "*区"}
columns:
  no: {cn: [编号], type: text, required: true, pattern: "^[A-Z]", like: "字母开头"}
  name: {cn: [名称], type: name, required: true}
`)
	p = projecttest.Open(t, p.Dir)
	f := excelize.NewFile()
	defer f.Close()
	for sheet, rows := range map[string][][]any{"说明": {{"请如实填写"}}, "江宁区": {{"编号", "名称"}, {"A1", "甲"}, {"A2", "乙"}, {"9", "丙"}},
		"栖霞区": {{"名称", "编号"}, {"甲", "A1"}}} {
		if _, err := f.NewSheet(sheet); err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			if err := f.SetSheetRow(sheet, fmt.Sprintf("A%d", i+1), &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := os.MkdirAll(p.Var("inbox"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := f.SaveAs(p.Var("inbox", "分区名单_2025Q1.xlsx")); err != nil {
		t.Fatal(err)
	}
	results, err := pipeline.Load(t.Context(), p, nil, pipeline.Options{Now: clock})
	if err != nil || len(results) != 1 || results[0].Loaded != 3 || results[0].Rejected != 1 {
		t.Fatalf("%+v %v", results, err)
	}
	rejected, err := returns.Of(p, "")
	if err != nil || len(rejected) != 1 || !strings.Contains(rejected[0].Sheet, "江宁区") || !strings.Contains(rejected[0].Sheet, "栖霞区") {
		t.Errorf("%+v %v", rejected, err)
	}
}
