package models_test

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"citykpi/pipeline/duck"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/project"
	"citykpi/pipeline/source/personal"
	"citykpi/pipeline/warehouse"
	models "citykpi/sql"
)

// shippedProject is a project that has nothing of its own.
func shippedProject(t *testing.T) *project.Project {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, project.ConfigFile), []byte("region: \"320100\"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	p, err := project.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// release is the database of a project that nothing was filed to.
func release(t *testing.T) *warehouse.DB {
	t.Helper()
	p := shippedProject(t)
	db, err := warehouse.Open(t.Context(), "", duck.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	day := kpi.Date{Year: 2025, Month: 9, Day: 30}
	in := warehouse.Inputs{
		Models: p.Models, Given: p.Given, Pages: p.SQL, Tables: p.LakeTables(), Documents: p.Documents, Region: p.Config.Region,
		Regions: p.Regions, Schools: p.Schools, Recognition: p.Recognition, Since: day, AsOf: day, Mask: personal.NewMasker([]byte("key")),
	}
	if err := db.Build(t.Context(), in, nil); err != nil {
		t.Fatal(err)
	}
	return db
}

// prepared are what FactsChanged of the warehouse puts before its query.
var prepared = []string{"facts_now", "counted_then", "frozen_fact"}

// Each query of sql/page has a .yml that says its parameters and columns as DuckDB sees them.
func TestPagesAreWhatTheySay(t *testing.T) {
	files, err := fs.Glob(models.FS, "page/*")
	if err != nil || len(files) == 0 {
		t.Fatal(err, files)
	}
	db, err := release(t).SQL().Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, table := range prepared {
		counted := "select f.*, p.ancestor_code from mart.fact f join core.region_path p on p.region_code = f.region_code"
		if _, err := db.ExecContext(t.Context(), "create temp table "+table+" as "+counted); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range files {
		if path.Ext(file) != ".sql" {
			if _, err := fs.Stat(models.FS, strings.TrimSuffix(file, path.Ext(file))+".sql"); err != nil {
				t.Errorf("sql/%s: no query beside it", file)
			}
			continue
		}
		page, query, err := warehouse.LoadPage(models.FS, strings.TrimSuffix(path.Base(file), ".sql"))
		if err != nil {
			t.Error(err)
			continue
		}
		rows, err := db.QueryContext(t.Context(), query, make([]any, len(page.Parameters))...)
		if err != nil {
			t.Errorf("sql/%s: %v", file, err)
			continue
		}
		columns, err := rows.Columns()
		rows.Close()
		if err != nil || !slices.Equal(columns, page.Columns) {
			t.Errorf("sql/%s gives %v, the .yml says %v (%v)", file, columns, page.Columns, err)
		}
	}
}

var asked = regexp.MustCompile(`(?:(?:ask|each|list|expertPoints)\(ctx,|LoadPage\(db\.pages,)[^"\n]*?"(\w+)"`)

// The program asks each of them, and no other.
func TestPagesAreAsked(t *testing.T) {
	files, err := filepath.Glob("../pipeline/warehouse/*.go")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, m := range asked.FindAllStringSubmatch(string(text), -1) {
			known[m[1]] = true
			if _, err := fs.Stat(models.FS, "page/"+m[1]+".sql"); err != nil {
				t.Errorf("%s asks %s: %v", file, m[1], err)
			}
		}
	}
	pages, err := fs.Glob(models.FS, "page/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range pages {
		if !known[strings.TrimSuffix(path.Base(page), ".sql")] {
			t.Errorf("sql/%s is asked by nothing", page)
		}
	}
}
