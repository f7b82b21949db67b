package project_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"citykpi/pipeline/project"
)

func TestAChoiceThatCannotBe(t *testing.T) {
	for _, c := range []struct{ config, want string }{
		{"documents: [NJ89]\n", `citykpi.yml:2: documents: no document of data/policies has the id "NJ89". Did you mean NJ88?`},
		{"jurisdictions: [\"320100\"]\ndocuments: [NJ88, HLJ]\n", "documents: HLJ is a document of 230000, which jurisdictions leaves out"},
		{"jurisdictions: [\"230000\"]\n", "jurisdictions: the installation's own region 320100 is missing"},
		{"jurisdictions: [\"320100\", \"320115\"]\n", `jurisdictions: "320115" is no jurisdiction of data/regions`},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, project.ConfigFile), []byte("region: \"320100\"\n"+c.config), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := project.Open(dir); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %s", c.config, err, c.want)
		}
	}
}
