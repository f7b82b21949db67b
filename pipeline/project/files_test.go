package project_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"citykpi/pipeline/project"
	"citykpi/pipeline/projecttest"
)

const config = "title: 甲\nregion: \"320100\"\nsince: 2022-09-30\n"

// A project's own YAML that is wrong is named with its line and what to do.
func TestWrongYAMLHasANextStep(t *testing.T) {
	for _, c := range []struct{ what, file, text, want string }{
		{"a key twice", "citykpi.yml", config + "title: 乙\n",
			`citykpi.yml:4: mapping key "title" already defined at [1:1]. Try: keep one of the two`},
		{"a misspelt key", "citykpi.yml", config + "titel: 乙\n",
			`citykpi.yml:4: unknown field "titel". Try: correct its spelling, or take it out`},
		{"a bracket", "citykpi.yml", config + "documents: [NJ88\n", "citykpi.yml:4: sequence end token ']' not found. " +
			"Try: correct the YAML there"},
		{"a policy's key twice", "data/policies/x.yaml", "document: X\ntitle: 甲\ntitle: 乙\n",
			`data/policies/x.yaml:3: mapping key "title" already defined at [2:1]. Try: keep one of the two`},
		{"a contract's key twice", "data/sources/x.yaml", "source: x\nname: 甲\nname: 乙\n",
			"data/sources/x.yaml:3: contract: name is given twice. Try: keep one of the two"},
		{"a contract's bracket", "data/sources/x.yaml", "source: x\nfiles: [a\n",
			"data/sources/x.yaml:2: sequence end token ']' not found. Try: correct the YAML there"},
		{"a model's key twice", "sql/kpi/x.yml", "model: kpi.x\ngrain: 甲\ngrain: 乙\n",
			`sql/kpi/x.yml:3: mapping key "grain" already defined at [2:1]. Try: keep one of the two`},
	} {
		t.Run(c.what, func(t *testing.T) {
			dir := t.TempDir()
			projecttest.Write(t, filepath.Join(dir, project.ConfigFile), config)
			projecttest.Write(t, filepath.Join(dir, filepath.FromSlash(c.file)), c.text)
			if strings.HasPrefix(c.file, "sql") {
				projecttest.Write(t, filepath.Join(dir, "sql/kpi/x.sql"), "select 1\n")
			}
			if _, err := project.Open(dir); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v\nwant %s", err, c.want)
			}
		})
	}
}

// A file of the project that is a link to one elsewhere is not read: nothing of that is told.
// Within the project links are followed, and so are those of whole folders.
func TestLinksToElsewhere(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	projecttest.Write(t, secret, "geheim: hunter2\n")
	for _, file := range []string{"citykpi.yml", "data/units.yaml", "data/sources/x.yaml", "data/policies/x.yaml",
		"sql/kpi/enterprise_tier.sql", "sql/kpi/enterprise_tier.yml"} {
		dir := t.TempDir()
		projecttest.Write(t, filepath.Join(dir, project.ConfigFile), config)
		link := filepath.Join(dir, filepath.FromSlash(file))
		if err := os.MkdirAll(filepath.Dir(link), 0o755); err != nil {
			t.Fatal(err)
		}
		os.Remove(link)
		if err := os.Symlink(secret, link); err != nil {
			t.Fatal(err)
		}
		_, err := project.Open(dir)
		if err == nil || !strings.Contains(err.Error(), link+": a link to elsewhere, which is not followed. "+
			"Try: put the file itself there") || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: %v", file, err)
		}
	}
	dir, shared := t.TempDir(), t.TempDir()
	projecttest.Write(t, filepath.Join(dir, "kept", "now.yml"), config)
	projecttest.Write(t, filepath.Join(shared, "units.yaml"), "money: {文: 7}\n")
	for link, to := range map[string]string{project.ConfigFile: "kept/now.yml", "data": shared} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	p, err := project.Open(dir)
	if err != nil || p.Config.Title != "甲" || p.Units["文"] != 7 {
		t.Errorf("%v, want the files that links within the project lead to: %+v", err, p)
	}
}
