package pipeline_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"citykpi/pipeline"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/project"
	"citykpi/pipeline/projecttest"
)

const managers = "证书编号,人员编号,姓名,认定日期,所属区\n"

// file puts a list of technology managers into the inbox and runs.
func file(t *testing.T, p *project.Project, name, rows string, hours int) pipeline.Result {
	t.Helper()
	projecttest.Write(t, p.Var("inbox", "市科技局", name), managers+rows)
	r, err := pipeline.Run(t.Context(), p, pipeline.Options{Now: clock.Add(time.Duration(hours) * time.Hour)})
	if err != nil {
		t.Fatalf("%v %+v", err, r.Failures)
	}
	return r
}

func TestRestatements(t *testing.T) {
	q := kpi.Quarter{Year: 2025, N: 1}
	id := "NJ88-023"
	p := projecttest.New(t)
	file(t, p, "技术经理人_2025Q1.csv", "C1,J1,甲,2024-01-02,江宁区\nC2,J2,乙,2025-03-31,\n", 0)
	closed, err := pipeline.Close(t.Context(), p, q, clock.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	if len(closed.Values) == 0 || closed.FactsSHA256 == "" {
		t.Fatalf("closed %+v", closed)
	}
	if _, err := pipeline.Close(t.Context(), p, q, clock.Add(time.Hour)); !errors.Is(err, pipeline.ErrClosed) {
		t.Errorf("closing twice: %v", err)
	}

	r := file(t, p, "技术经理人_2025Q2.csv", "C3,J3,丙,2025-06-30,江宁区\n", 2)
	if len(r.Snapshot.Restated) != 0 {
		t.Errorf("a later quarter restates nothing: %+v", r.Snapshot.Restated)
	}

	r = file(t, p, "技术经理人_补_2025Q2.csv", "C4,J4,丁,2025-02-01,江宁区\n", 3)
	city := restated(t, r, q, id, "320100")
	if *city.Old != 2 || *city.New != 3 || city.Cause != kpi.LateData || city.Came != 1 || city.Went != 0 {
		t.Errorf("late data: %+v", city)
	}
	restated(t, r, q, id, "320115")

	// another goes: the figure is the published one again, and no restatement
	r = file(t, p, "技术经理人_更正_2025Q2.csv", "C1,J1,甲,2025-05-02,江宁区\n", 4)
	for _, s := range r.Snapshot.Restated {
		if s.ID == id && s.Region == "320100" {
			t.Errorf("equal to what was published: %+v", s)
		}
	}
}

// restated finds one restatement; a figure equal to the published one is none.
func restated(t *testing.T, r pipeline.Result, q kpi.Quarter, id, region string) kpi.Restatement {
	t.Helper()
	for _, s := range r.Snapshot.Restated {
		if s.Quarter == q && s.ID == id && s.Region == region && s.Measure == "" {
			return s
		}
	}
	t.Fatalf("no restatement of %s %s in %+v", id, region, r.Snapshot.Restated)
	return kpi.Restatement{}
}

func TestCorrectedDataAndDefinitions(t *testing.T) {
	q := kpi.Quarter{Year: 2025, N: 1}
	p := projecttest.New(t)
	file(t, p, "技术经理人_2025Q1.csv", "C1,J1,甲,2024-01-02,江宁区\nC2,J2,乙,2025-03-31,\n", 0)
	if _, err := pipeline.Close(t.Context(), p, q, clock); err != nil {
		t.Fatal(err)
	}
	r := file(t, p, "技术经理人_更正_2025Q2.csv", "C1,J1,甲,2025-05-02,江宁区\n", 1)
	city := restated(t, r, q, "NJ88-023", "320100")
	if *city.Old != 2 || *city.New != 1 || city.Cause != kpi.CorrectedData || city.Went != 1 {
		t.Errorf("corrected data: %+v", city)
	}

	model, err := fs.ReadFile(p.SQL, "kpi/technology_manager.sql")
	if err != nil {
		t.Fatal(err)
	}
	projecttest.Write(t, filepath.Join(p.Dir, "sql", "kpi", "technology_manager.sql"),
		strings.Replace(string(model), "where place = 1", "where place = 1 and recognised_on >= date '2025-06-01'", 1))
	p = projecttest.Open(t, p.Dir)
	r = file(t, p, "技术经理人_2025Q3.csv", "C9,J9,壬,2025-09-01,江宁区\n", 2)
	city = restated(t, r, q, "NJ88-023", "320100")
	if *city.New != 0 || city.Cause != kpi.ChangedDefinition {
		t.Errorf("changed definition: %+v", city)
	}

	published, err := pipeline.ClosedQuarter(p, q)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range published.Values {
		if v.ID == "NJ88-023" && v.Region == "320100" && v.Measure == "" && v.Value != 2 {
			t.Errorf("the published figure is %v, was 2", v.Value)
		}
	}
	if err := pipeline.Reopen(p, q, " ", clock); !errors.Is(err, pipeline.ErrNoReason) {
		t.Errorf("reopened without a reason: %v", err)
	}
	if err := pipeline.Reopen(p, q, "更正名单", clock.Add(4*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if list, err := pipeline.ClosedQuarters(p); err != nil || len(list) != 0 {
		t.Errorf("closed after reopening: %v %v", list, err)
	}
	again, err := pipeline.Close(t.Context(), p, q, clock.Add(5*time.Hour))
	if err != nil || len(again.Reopened) != 1 || again.Reopened[0].Reason != "更正名单" {
		t.Errorf("closed again: %+v %v", again, err)
	}
}

// A record that is lost or was edited is neither closed over unseen, nor a dead end.
func TestCloseOfALostRecord(t *testing.T) {
	q := kpi.Quarter{Year: 2025, N: 1}
	p := projecttest.New(t)
	file(t, p, "技术经理人_2025Q1.csv", "C1,J1,甲,2024-01-02,江宁区\n", 0)
	if _, err := pipeline.Close(t.Context(), p, q, clock); err != nil {
		t.Fatal(err)
	}
	record := p.Var("closed", q.String()+".json")
	for i, lose := range []func() error{
		func() error { return os.Remove(record) },
		func() error { return os.WriteFile(record, []byte("{"), 0o600) },
	} {
		if err := lose(); err != nil {
			t.Fatal(err)
		}
		if err := pipeline.ClosedWhole(t.Context(), p); !errors.Is(err, lake.ErrDamaged) {
			t.Errorf("loss %d is not seen: %v", i, err)
		}
		at := clock.Add(time.Duration(i) * time.Hour)
		if _, err := pipeline.Close(t.Context(), p, q, at); err == nil {
			t.Fatalf("loss %d: closed over what was published", i)
		}
		if err := pipeline.Reopen(p, q, "记录丢失", at); err != nil {
			t.Fatalf("loss %d: %v", i, err)
		}
		c, err := pipeline.Close(t.Context(), p, q, at)
		if err != nil || len(c.Reopened) != 1 || c.Reopened[0].Reason != "记录丢失" {
			t.Fatalf("loss %d: closed again as %+v, %v", i, c, err)
		}
		if err := pipeline.ClosedWhole(t.Context(), p); err != nil {
			t.Errorf("loss %d: closed again: %v", i, err)
		}
	}
}
