package project_test

import (
	"fmt"
	"strings"
	"testing"

	"citykpi/pipeline/project"
	"citykpi/pipeline/projecttest"
)

func TestRetainIsChecked(t *testing.T) {
	for text, want := range map[string]string{
		"retain: {releases: 1}":              "citykpi.yml:2: retain.releases: 1 is not from 2 to 10000",
		"retain:\n  history: 0":              "citykpi.yml:3: retain.history: 0 is not from 1",
		"retain:\n  runs: 5\n  logs: -3":     "citykpi.yml:4: retain.logs: -3 is not from 1",
		"parallel: 0":                        "citykpi.yml:2: parallel: 0 is not from 1 to 64 jobs. Try: parallel: 2",
		"retain: {releases: many}":           "citykpi.yml:2",
		"retain:\n  release: 5":              "citykpi.yml:3",
		"retain: {releases: 5}\nparallel: 3": "",
	} {
		dir := t.TempDir()
		projecttest.Write(t, dir+"/citykpi.yml", "region: \"320100\"\n"+text+"\n")
		p, err := project.Open(dir)
		if got := fmt.Sprint(err); want != "" && !strings.Contains(got, want) {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
		if want == "" && (err != nil || p.Config.Retain.Releases != 5 || p.Config.Retain.History != 400 || p.Config.Parallel != 3) {
			t.Errorf("%s: %v, %+v", text, err, p.Config.Retain)
		}
	}
}
