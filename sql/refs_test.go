package models_test

import (
	"bytes"
	"io/fs"
	"testing"

	"citykpi/pipeline/warehouse"
	models "citykpi/sql"
)

// What is listed of the models that are shipped is what DuckDB's parser says of them now.
func TestRefsAreCurrent(t *testing.T) {
	now, err := warehouse.ListRefs(models.FS)
	if err != nil {
		t.Fatal(err)
	}
	is, err := fs.ReadFile(models.FS, warehouse.RefsFile)
	if err != nil || !bytes.Equal(is, now) {
		t.Errorf("sql/%s is not what the models read now (%v). Try: go generate ./sql", warehouse.RefsFile, err)
	}
}
