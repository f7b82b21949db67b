package warehouse

import (
	"io/fs"
	"testing"

	models "citykpi/sql"
)

// TestEveryConditionOfAModelIsAFilter reads the SQL of every model of sql/kpi and the .yml beside it.
func TestEveryConditionOfAModelIsAFilter(t *testing.T) {
	files, err := fs.Glob(models.FS, "kpi/*.sql")
	if err != nil || len(files) < 60 {
		t.Fatal(len(files), err)
	}
	for _, f := range files {
		m, err := loadModel(models.FS, f)
		if err != nil {
			t.Fatal(err)
		}
		for _, err := range m.checkFilters() {
			t.Error(err)
		}
	}
}
