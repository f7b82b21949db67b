package pull_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"citykpi/pipeline"
	"citykpi/pipeline/durable"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/load"
	"citykpi/pipeline/project"
	"citykpi/pipeline/pull"
	"citykpi/pipeline/returns"
)

// patents is a table as bureaus keep them: an id, a name, an amount, when it changed.
const patents = `create table patent (no varchar(20) primary key, holder varchar(100), paid numeric(18,2), granted date,
 updated_at timestamp(6));
insert into patent values ('ZL1', '南京示例甲有限公司', 12345678901234.56, '2026-03-01', '2026-09-01 08:00:00'),
 ('ZL2', '南京示例乙有限公司', 0.10, '2026-03-02', '2026-09-01 08:00:00'), ('ZL3', null, 3, '2026-03-03', '2026-09-02 08:00:00')`

const patentContract = `source: patent
name: 专利变更
bureau: 市知识产权局
files: ["专利变更_*"]
mode: append
key: [patent_no]
data_date: [file_name]
pull:
  connection: registry
  query: |-
    select no as 专利号, holder as 权利人, paid as "金额（元）", granted as 授权日期, updated_at
    from patent
  watermark: updated_at
columns:
  patent_no: {cn: [专利号], type: text, required: true}
  holder: {cn: [权利人], type: name, required: true}
  paid: {cn: [金额], type: money}
  granted_on: {cn: [授权日期], type: date, range: [2000-01-01, data_date]}
`

// patentsOf is the table in the words of a server: its moments know of no zone.
func patentsOf(driver string) string {
	if driver == pull.MySQL {
		return strings.ReplaceAll(patents, "timestamp(6)", "datetime(6)")
	}
	return patents
}

// register is the same table, whole each time.
var register = strings.NewReplacer("mode: append", "mode: snapshot", "  watermark: updated_at\n", "", ", updated_at",
	"").Replace(patentContract)

// newProject is a city that pulls by the contract.
func newProject(t *testing.T, conn pull.Connection, contract string) *project.Project {
	t.Helper()
	dir := t.TempDir()
	if conn.Driver == pull.MySQL {
		contract = strings.ReplaceAll(contract, `"金额（元）"`, "`金额（元）`")
	}
	config := "region: \"320100\"\n"
	if conn.Driver != "" {
		config += "connections:\n  registry: {driver: " + conn.Driver + ", dsn_file: " + conn.DSNFile + ", timeout: 1m}\n"
	}
	for name, text := range map[string]string{project.ConfigFile: config, "data/sources/patent.yaml": contract} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return open(t, dir)
}

func open(t *testing.T, dir string) *project.Project {
	t.Helper()
	p, err := project.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func noon(day int) time.Time {
	return time.Date(2026, 9, day, 12, 0, 0, 0, time.FixedZone("UTC+8", 8*3600))
}

func loadAt(t *testing.T, p *project.Project, day int) []load.FileResult {
	t.Helper()
	results, err := pipeline.Load(t.Context(), p, nil, pipeline.Options{Now: noon(day)})
	if err != nil {
		t.Fatalf("%v: %+v", err, results)
	}
	return results
}

// loaded expects one result, and returns its batch.
func loaded(t *testing.T, p *project.Project, results []load.FileResult, rows, rejected int64) lake.Batch {
	t.Helper()
	if len(results) != 1 || results[0].Status != load.StatusLoaded || results[0].Loaded != rows || results[0].Rejected != rejected {
		t.Fatalf("want %d rows loaded and %d rejected, got %+v", rows, rejected, results)
	}
	for _, b := range batches(t, p) {
		if b.Batch == results[0].BatchID {
			return b
		}
	}
	t.Fatalf("no batch %s", results[0].BatchID)
	return lake.Batch{}
}

func batches(t *testing.T, p *project.Project) []lake.Batch {
	t.Helper()
	l, err := lake.Open(p.Var("lake"))
	if err != nil {
		t.Fatal(err)
	}
	return l.Batches(time.Time{})
}

func inboxIsEmpty(t *testing.T, p *project.Project) {
	t.Helper()
	if left, _ := filepath.Glob(p.Var("inbox", "*", "*")); left != nil {
		t.Errorf("left in the inbox: %v", left)
	}
	if hidden, _ := filepath.Glob(p.Var("inbox", "*", ".*")); hidden != nil {
		t.Errorf("left in the inbox: %v", hidden)
	}
}

// What a database has goes the one way through the house: contract, rejects,
// manifest, originals; the next load takes only what changed.
func TestLoadPulls(t *testing.T) {
	each(t, func(t *testing.T, d dialect) {
		s, name, conn := fresh(t, d.driver, patentsOf(d.driver))
		p := newProject(t, conn, patentContract)
		b := loaded(t, p, loadAt(t, p, 28), 2, 1)
		if b.File != "市知识产权局/专利变更_20260928.parquet" || b.DataDate.String() != "2026-09-28" || b.Encoding != "parquet" {
			t.Errorf("manifest %+v", b.Manifest)
		}
		if b.Pull == nil || b.Pull.Connection != "registry" || b.Pull.From != "" ||
			b.Pull.To != "2026-09-02 08:00:00"+d.zeros || b.Pull.Rows != 3 {
			t.Errorf("pull %+v", b.Pull)
		}
		if kept, _ := filepath.Glob(p.Var("lake", "originals", "*", "专利变更_20260928.parquet")); len(kept) != 1 {
			t.Error("the original is not kept")
		}
		inboxIsEmpty(t, p)
		list, err := returns.Of(p, "市知识产权局")
		if err != nil || len(list) != 1 {
			t.Fatal(list, err)
		}
		for r, err := range list[0].Rows() {
			if err != nil || r.Cells[0] != "ZL3" || r.Field != "holder" {
				t.Errorf("reject %+v, %v", r, err)
			}
		}

		results := loadAt(t, p, 29)
		if len(results) != 1 || results[0].Status != load.StatusNothingNew ||
			!strings.Contains(results[0].Notes[0], "nothing new since updated_at 2026-09-02 08:00:00") {
			t.Errorf("nothing new: %+v", results)
		}
		s.do(t, name, `update patent set holder = '南京示例丙有限公司', updated_at = '2026-09-29 07:00:00' where no = 'ZL3';
insert into patent values ('ZL4', '南京示例丁有限公司', null, null, '2026-09-29 06:00:00')`)
		b = loaded(t, p, loadAt(t, p, 29), 2, 0)
		if b.Pull.From != "2026-09-02 08:00:00"+d.zeros || b.Pull.To != "2026-09-29 07:00:00"+d.zeros {
			t.Errorf("pull %+v", b.Pull)
		}
		s.do(t, name, `update patent set paid = 7, updated_at = '2026-09-29 07:30:00'`) // the same day again, all rows
		loaded(t, p, loadAt(t, p, 29), 4, 0)
		inboxIsEmpty(t, p)
	})
}

// A register is pulled whole, once a day; one that did not change is known.
func TestLoadPullsARegister(t *testing.T) {
	each(t, func(t *testing.T, d dialect) {
		s, name, conn := fresh(t, d.driver, patentsOf(d.driver))
		s.do(t, name, "delete from patent where holder is null")
		p := newProject(t, conn, register)
		loaded(t, p, loadAt(t, p, 28), 2, 0)
		if r := loadAt(t, p, 28); len(r) != 1 || r[0].Status != load.StatusNothingNew ||
			!strings.Contains(r[0].Notes[0], "pulled today already") {
			t.Errorf("the same day: %+v", r)
		}
		if r := loadAt(t, p, 29); len(r) != 1 || r[0].Status != load.StatusKnown {
			t.Errorf("unchanged: %+v", r)
		}
		s.do(t, name, "update patent set paid = 8 where no = 'ZL1'")
		if b := loaded(t, p, loadAt(t, p, 30), 2, 0); b.Pull == nil || b.Pull.From != "" || b.Pull.To != "" {
			t.Errorf("pull %+v", b.Pull)
		}
		s.do(t, name, "update patent set paid = 12345678901234.56 where no = 'ZL1'")
		if b := loaded(t, p, loadAt(t, p, 31), 2, 0); b.DataDate.String() != "2026-10-01" || b.SHA256 != batches(t, p)[0].SHA256 {
			t.Errorf("as it was before the last change: %+v", b.Manifest)
		}
		if r := loadAt(t, p, 32); len(r) != 1 || r[0].Status != load.StatusKnown {
			t.Errorf("unchanged since: %+v", r)
		}
		inboxIsEmpty(t, p)
		s.do(t, name, "delete from patent")
		r, err := pipeline.Load(t.Context(), p, nil, pipeline.Options{Now: noon(33)})
		if !errors.Is(err, load.ErrRefused) || len(r) != 1 || !strings.Contains(r[0].Error, "the query returned no rows, after 2 in ") {
			t.Errorf("emptied: %+v, %v", r, err)
		}
	})
}

// Killed anywhere between the database and the lake, the next load ends where
// an undisturbed one does, and every row is loaded.
func TestKilledPull(t *testing.T) {
	_, _, conn := fresh(t, pull.Postgres, patents)
	undisturbed := newProject(t, conn, patentContract)
	want := loaded(t, undisturbed, loadAt(t, undisturbed, 28), 2, 1)
	for _, step := range []string{"pulled", "pull in inbox", "manifest written", "batch committed", "inbox moved"} {
		t.Run(step, func(t *testing.T) {
			p := newProject(t, conn, patentContract)
			killAt(t, step, func() { pipeline.Load(t.Context(), p, nil, pipeline.Options{Now: noon(28)}) })
			loadAt(t, p, 28)
			loadAt(t, p, 29)
			all := batches(t, p)
			if len(all) != 1 {
				t.Fatalf("%d batches", len(all))
			}
			got := all[0]
			if got.SHA256 != want.SHA256 || got.Batch != want.Batch || got.Pull == nil || *got.Pull != *want.Pull ||
				got.Loaded != want.Loaded {
				t.Errorf("%+v, %+v\nwant\n%+v, %+v", got.Manifest, got.Pull, want.Manifest, want.Pull)
			}
			inboxIsEmpty(t, p)
		})
	}
}

// killAt ends the work at a step, as far as one can within a process.
func killAt(t *testing.T, step string, work func()) {
	t.Helper()
	before := durable.Step
	durable.Step = func(name string) {
		if name == step {
			panic(step)
		}
	}
	defer func() {
		durable.Step = before
		if got := recover(); got != step {
			t.Fatalf("step %q was not met: %v", step, got)
		}
	}()
	work()
}

// A database that is down is one refused line; what was mailed in and what other
// databases have is loaded all the same.
func TestOneDatabaseIsDown(t *testing.T) {
	_, _, conn := fresh(t, pull.Postgres, patents)
	p := newProject(t, conn, patentContract)
	text, err := os.ReadFile(filepath.Join(p.Dir, project.ConfigFile))
	if err != nil {
		t.Fatal(err)
	}
	config := string(text) + "  down: {driver: mysql, dsn_env: CITYKPI_TEST_DOWN}\n"
	t.Setenv("CITYKPI_TEST_DOWN", "u:"+password+"@tcp(127.0.0.1:1)/x")
	other := strings.NewReplacer("source: patent", "source: a_trademark", "专利变更", "商标变更", "connection: registry",
		"connection: down").Replace(patentContract)
	third := strings.NewReplacer("source: patent", "source: a_work", "专利变更", "作品变更", "connection: registry",
		"connection: elsewhere").Replace(patentContract)
	for file, text := range map[string]string{project.ConfigFile: config, "data/sources/a_trademark.yaml": other,
		"data/sources/a_work.yaml": third} {
		if err := os.WriteFile(filepath.Join(p.Dir, file), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	p = open(t, p.Dir)
	results, err := pipeline.Load(t.Context(), p, nil, pipeline.Options{Now: noon(28)})
	if !errors.Is(err, load.ErrRefused) || !strings.Contains(err.Error(), "1 of 3") {
		t.Errorf("error %v", err)
	}
	got := map[string]load.FileResult{}
	for _, r := range results {
		got[r.Source] = r
		if strings.Contains(r.Error, "Geheim") {
			t.Errorf("the password is in %s", r.Error)
		}
	}
	if r := got["a_trademark"]; r.Status != load.StatusRefused ||
		!strings.HasPrefix(r.Error, "connection down: cannot connect: ") || r.File != "市知识产权局/商标变更_20260928.parquet" {
		t.Errorf("down: %+v", r)
	}
	if r := got["a_work"]; r.Status != load.StatusNotPulled || r.Error != "" ||
		!strings.Contains(r.Notes[0], "connection elsewhere is not in citykpi.yml") {
		t.Errorf("not configured: %+v", r)
	}
	if r := got["patent"]; r.Status != load.StatusLoaded || r.Loaded != 2 {
		t.Errorf("the other: %+v", r)
	}
}

// A file that somebody mails in is no pull, whatever its bytes: it cannot move the watermark.
func TestMailedFileIsNoPull(t *testing.T) {
	_, _, conn := fresh(t, pull.Postgres, patents)
	p := newProject(t, conn, patentContract)
	loaded(t, p, loadAt(t, p, 28), 2, 1)
	kept, _ := filepath.Glob(p.Var("lake", "originals", "*", "专利变更_20260928.parquet"))
	text, err := os.ReadFile(kept[0])
	if err != nil {
		t.Fatal(err)
	}
	q := newProject(t, pull.Connection{}, patentContract)
	if err := os.MkdirAll(q.Var("inbox", "x"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(q.Var("inbox", "x", "专利变更_20260928.parquet"), text, 0o644); err != nil {
		t.Fatal(err)
	}
	loadAt(t, q, 28)
	if all := batches(t, q); len(all) != 1 || all[0].Loaded != 2 || all[0].Pull != nil {
		t.Errorf("batches %+v", all)
	}
}

// A pull that is refused waits in the inbox until the next one takes its place;
// what is mailed in and refused stays.
func TestRefusedPullIsReplaced(t *testing.T) {
	_, _, conn := fresh(t, pull.Postgres, patents)
	p := newProject(t, conn, strings.Replace(patentContract, "holder as 权利人, ", "", 1))
	mailed := p.Var("inbox", "市知识产权局", "专利变更_20260601.csv")
	if err := os.MkdirAll(filepath.Dir(mailed), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(mailed, []byte("专利号,金额（元）\nZL9,1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, day := range []int{27, 28, 28} {
		results, err := pipeline.Load(t.Context(), p, nil, pipeline.Options{Now: noon(day)})
		if !errors.Is(err, load.ErrRefused) || len(results) != 2 || !strings.Contains(results[1].Error, "权利人") {
			t.Fatalf("%v: %+v", err, results)
		}
		if left, _ := filepath.Glob(p.Var("inbox", "*", "*.parquet")); len(left) != 1 {
			t.Errorf("in the inbox: %v", left)
		}
	}
	if err := os.WriteFile(filepath.Join(p.Dir, "data/sources/patent.yaml"), []byte(patentContract), 0o644); err != nil {
		t.Fatal(err)
	}
	p = open(t, p.Dir)
	results, err := pipeline.Load(t.Context(), p, nil, pipeline.Options{Now: noon(29)})
	if !errors.Is(err, load.ErrRefused) || len(results) != 2 || results[0].File != "市知识产权局/专利变更_20260601.csv" ||
		results[1].Status != load.StatusLoaded || results[1].Loaded != 2 {
		t.Errorf("%v: %+v", err, results)
	}
	if left, _ := filepath.Glob(p.Var("inbox", "*", "*")); len(left) != 1 || left[0] != mailed {
		t.Errorf("in the inbox: %v", left)
	}
}

// What is wrong with a connection is said with its line.
func TestConfigErrors(t *testing.T) {
	for text, want := range map[string]string{
		"region: \"320100\"\nconnections:\n  a:\n    driver: oracle\n" +
			"    dsn_env: A\n": "citykpi.yml:4: connections.a: driver \"oracle\" is unknown; want postgres or mysql",
		"connections:\n  a: {driver: mysql}\n":                            "citykpi.yml:2: connections.a: want one of dsn_file",
		"connections:\n  a: {driver: mysql, dsn_env: A, password: x}\n":   "citykpi.yml:2: unknown field \"password\"",
		"connections:\n  a: {driver: mysql, dsn_env: A, timeout: soon}\n": "citykpi.yml:",
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, project.ConfigFile), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := project.Open(dir)
		var invalid *project.InvalidError
		if !errors.As(err, &invalid) || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s\n%v, want %s", text, err, want)
		}
	}
}
