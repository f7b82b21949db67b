package pipeline_test

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"citykpi/pipeline"
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
	p := newProject(t)
	inbox, name := p.Var("inbox", "市科技局"), "报送材料_2025Q1.zip"
	good := managers + "C1,J1,甲,2024-01-02,江宁区\n"
	write(t, filepath.Join(inbox, name), zipOf(t, "技术经理人.csv", good, "其他/说明.txt", "填表说明\n", "__MACOSX/._技术经理人.csv", "x"))
	results, err := pipeline.Load(t.Context(), p, nil, pipeline.Options{Now: clock})
	if len(results) != 2 || err == nil {
		t.Fatalf("%+v %v", results, err)
	}
	for _, r := range results {
		switch r.File {
		case "市科技局/" + name + "/技术经理人.csv":
			if r.Status != pipeline.StatusLoaded || r.Loaded != 1 || !strings.Contains(r.BatchID, "20250331") { // the archive's name says the date
				t.Errorf("%+v", r)
			}
		case "市科技局/" + name + "/其他/说明.txt":
			if r.Status != pipeline.StatusRefused {
				t.Errorf("%+v", r)
			}
		default:
			t.Errorf("%+v", r)
		}
	}
	if _, err := os.Stat(filepath.Join(inbox, name)); err != nil {
		t.Error("an archive with a refused file left the inbox")
	}

	write(t, filepath.Join(inbox, name), zipOf(t, "技术经理人.csv", good))
	results, err = pipeline.Load(t.Context(), p, nil, pipeline.Options{Now: clock})
	if err != nil || len(results) != 1 || results[0].Status != pipeline.StatusKnown {
		t.Fatalf("%+v %v", results, err)
	}
	kept, err := filepath.Glob(p.Var("lake", "originals", "*", name))
	if err != nil || len(kept) != 1 {
		t.Errorf("the archive is not among the originals: %v %v", kept, err)
	}
	if left, err := os.ReadDir(inbox); err != nil || len(left) != 0 {
		t.Errorf("left in the inbox: %v %v", left, err)
	}
}
