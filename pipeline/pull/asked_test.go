package pull_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"citykpi/pipeline"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/project"
)

// dueContract is the contract with a day by which it is due.
func dueContract(contract string) string {
	return strings.Replace(contract, "data_date:", "due: {every: month, within_days: 10}\ndata_date:", 1)
}

// asked is what the lake remembers of databases that had nothing new, each as the day
// and the batch.
func asked(t *testing.T, p *project.Project) (list []string) {
	t.Helper()
	l, err := lake.Open(p.Var("lake"))
	if err != nil {
		t.Fatal(err)
	}
	notes, err := l.Asked(time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range notes {
		list = append(list, a.Source+" "+a.At.Format(time.DateOnly)+" "+a.Batch)
	}
	return list
}

// A database that has nothing new leaves no batch, but a note: one for each period that
// no batch fills, whether what changed is asked for or the whole table.
func TestNothingNewIsNoted(t *testing.T) {
	each(t, func(t *testing.T, d dialect) {
		for name, contract := range map[string]string{"what changed": patentContract, "the whole table": register} {
			s, db, conn := fresh(t, d.driver, patentsOf(d.driver))
			s.do(t, db, "delete from patent where holder is null")
			p := newProject(t, conn, dueContract(contract))
			b := loaded(t, p, loadAt(t, p, 20), 2, 0) // fills August
			loadAt(t, p, 28)
			if got := asked(t, p); got != nil {
				t.Errorf("%s: noted %v, but a batch fills August", name, got)
			}
			for _, day := range []int{33, 34, 64} { // 3 and 4 October, 3 November
				loadAt(t, p, day)
			}
			want := "patent 2026-10-03 " + b.Batch + ", patent 2026-11-03 " + b.Batch
			if got := strings.Join(asked(t, p), ", "); got != want {
				t.Errorf("%s: noted %s, want %s", name, got, want)
			}
			if files, _ := filepath.Glob(p.Var("lake", "pulls", "*.asked.json")); len(files) != 1 {
				t.Errorf("%s: notes in %v", name, files)
			}
			if all := batches(t, p); len(all) != 1 {
				t.Errorf("%s: %d batches", name, len(all))
			}
			if err := os.WriteFile(p.Var("lake", "pulls", "patent.asked.json"), []byte("{"), 0o644); err != nil {
				t.Fatal(err)
			}
			results, err := pipeline.Load(t.Context(), p, nil, pipeline.Options{Now: noon(94)})
			said := fmt.Sprint(err)
			for _, r := range results {
				said += r.Error
			}
			if err == nil || !strings.Contains(said, "patent.asked.json: unexpected end of JSON input. Try: delete it") {
				t.Errorf("%s: with a broken note: %s", name, said)
			}
		}
	})
}
