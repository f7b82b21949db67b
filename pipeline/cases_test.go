package pipeline_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"citykpi/pipeline/projecttest"
	"citykpi/sql/modeltest"
)

// clock is the time every test works at.
var clock = time.Date(2026, 10, 16, 2, 30, 0, 0, time.FixedZone("CST", 8*3600))

// Cases that tell how files are read and what a project adds lie here; those of models lie beside them in sql/.
func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/cases/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	r := modeltest.NewRunner(projecttest.New(t), t.TempDir(), clock)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			c, err := modeltest.Parse(file, text)
			if err != nil {
				t.Fatal(err)
			}
			res, err := r.Run(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range res.Differences {
				t.Errorf("%s:%d: %s", file, d.Line, d)
			}
		})
	}
}

func show(v *float64) string {
	if v == nil {
		return "no value"
	}
	return fmt.Sprint(*v)
}
