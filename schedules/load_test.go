package schedules

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

var update = flag.Bool("update", false, "rewrite golden files")

var verbs = []string{"load", "run", "report", "check", "verify"}

func TestShippedJobsAreValid(t *testing.T) {
	jobs, err := Load(FS, verbs)
	if err != nil {
		t.Fatal(err)
	}
	if len(jobs) != 3 || jobs[0].Name != "daily-run" || jobs[1].Name != "quarter-report" || jobs[2].Name != "weekly-verify" {
		t.Fatalf("got %+v", jobs)
	}
	after := time.Date(2026, 9, 30, 23, 0, 0, 0, time.UTC)
	var got []string
	for _, d := range Next(jobs, after) {
		got = append(got, d.Job.Name+" "+d.At.Format(time.RFC3339))
	}
	want := "daily-run 2026-10-02T02:30:00+08:00, weekly-verify 2026-10-04T04:00:00+08:00, quarter-report 2026-10-15T06:00:00+08:00"
	if s := strings.Join(got, ", "); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
}

// Each testdata/invalid/*.yaml has its messages in the .txt beside it.
func TestLoadReportsEveryProblem(t *testing.T) {
	files, _ := filepath.Glob("testdata/invalid/*.yaml")
	if len(files) == 0 {
		t.Fatal("no cases")
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			_, err = Load(fstest.MapFS{filepath.Base(file): {Data: text}}, verbs)
			var invalid *InvalidError
			if !errors.As(err, &invalid) {
				t.Fatalf("got %v, want an InvalidError", err)
			}
			golden(t, strings.TrimSuffix(file, ".yaml")+".txt", err.Error()+"\n")
		})
	}
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s\ngot:\n%s\nwant:\n%s", file, got, want)
	}
}

func TestLoadProblemsAcrossFiles(t *testing.T) {
	good := "{name: a, title: 甲, cron: 0 1 * * *, run: [run]}\n"
	_, err := Load(fstest.MapFS{
		"a.yaml": {Data: []byte(good)},
		"b.yaml": {Data: []byte("# the same name\n" + good)},
		"c.yml":  {Data: []byte(good)},
		"d.yaml": {Data: []byte(strings.Repeat("#", maxFileSize+1))},
		"e.yaml": {Data: nil},
		"f.yaml": {Data: []byte("name: a\ntitle: \xbc\xd7\n")}, // 甲 in GB18030
	}, verbs)
	if err == nil {
		t.Fatal("accepted")
	}
	golden(t, "testdata/across_files.txt", err.Error()+"\n")
}

// A file that is wrong stops no other, and a job that is wrong none beside it; nor does the shipped
// file run that a wrong one stands for.
func TestOneBadFileStopsNoOther(t *testing.T) {
	const good = "name: %s\ntitle: 甲\ncron: 0 1 * * *\nrun: [run]\n"
	jobs, err := Load(fstest.MapFS{
		"a.yaml": {Data: fmt.Appendf(nil, good, "first")},
		"b.yaml": {Data: []byte("name: second\ntitle: [\n")},
		"c.yaml": {Data: []byte("- {name: third, title: 丙, cron: 0 1 * * *, run: [run]}\n- {name: fourth, title: 丁, cron: " +
			"61 1 * * *, run: [run]}\n")},
		"d.yaml": {Data: fmt.Appendf(nil, good, "first")},
		"e.yaml": {Mode: fs.ModeNamedPipe},
	}, verbs)
	var names []string
	for _, j := range jobs {
		names = append(names, j.File+" "+j.Name)
	}
	if got, want := strings.Join(names, ", "), "schedules/a.yaml first, schedules/c.yaml third"; got != want {
		t.Errorf("of five files, four of them bad: %q, want %q", got, want)
	}
	var invalid *InvalidError
	if !errors.As(err, &invalid) || len(invalid.Problems) != 4 {
		t.Fatalf("%v; want one line for each bad file", err)
	}
	for i, at := range []string{"schedules/b.yaml:2: ", "schedules/c.yaml:2: ", "schedules/d.yaml:1: ", "schedules/e.yaml: "} {
		if line := invalid.Problems[i].String(); !strings.HasPrefix(line, at) || strings.Contains(line, "\n") {
			t.Errorf("%q does not say where: %s", line, at)
		}
	}
}

func TestLoadKeepsOrderAndSwitches(t *testing.T) {
	jobs, err := Load(fstest.MapFS{
		"b.yaml": {Data: []byte("name: nightly\ntitle: 夜间\ncron: \"@daily\"\nrun: [report, build, 2026]\nenabled: false\n")},
		"a.yaml": {Data: []byte("- name: hourly\n  title: 每小时\n  cron: \"@every 1h\"\n  timezone: UTC\n  run: [load]\n  timeout: 90s\n" +
			"- {name: weekly, title: 每周, cron: 0 1 * * mon, run: [run], catch_up: latest}\n")},
	}, verbs)
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for _, j := range jobs {
		fmt.Fprintln(&got, j.File, j.Line, j.Name, j.Title, j.Cron, j.Location, j.Run, j.Timeout, j.CatchUp, j.Enabled)
	}
	want := "schedules/a.yaml 1 hourly 每小时 @every 1h UTC [load] 1m30s none true\n" +
		"schedules/a.yaml 7 weekly 每周 0 1 * * mon Asia/Shanghai [run] 2h0m0s latest true\n" +
		"schedules/b.yaml 1 nightly 夜间 @daily Asia/Shanghai [report build 2026] 2h0m0s none false\n"
	if got.String() != want {
		t.Errorf("got\n%swant\n%s", got.String(), want)
	}
	if due := Next(jobs, epoch); len(due) != 2 || due[0].Job.Name != "hourly" {
		t.Errorf("next of the enabled ones: %+v", due)
	}
	if jobs, err := Load(os.DirFS(t.TempDir()+"/absent"), verbs); err != nil || len(jobs) != 0 {
		t.Errorf("an absent folder: %v, %v", jobs, err)
	}
}

func TestDueTimes(t *testing.T) {
	shanghai, _ := time.LoadLocation("Asia/Shanghai")
	berlin, _ := time.LoadLocation("Europe/Berlin")
	newYork, _ := time.LoadLocation("America/New_York")
	havana, _ := time.LoadLocation("America/Havana")
	lordHowe, _ := time.LoadLocation("Australia/Lord_Howe")
	samoa, _ := time.LoadLocation("Pacific/Apia")
	cases := []struct {
		spec  string
		loc   *time.Location
		after string
		want  []string
	}{
		{"30 2 * * *", shanghai, "2026-10-15T02:30:00+08:00", []string{"2026-10-16T02:30:00+08:00", "2026-10-17T02:30:00+08:00"}},
		{"0 6 15 1,4,7,10 *", shanghai, "2026-10-15T05:59:59+08:00", []string{"2026-10-15T06:00:00+08:00", "2027-01-15T06:00:00+08:00"}},
		{"@every 1h", shanghai, "2026-10-15T02:30:17+08:00", []string{"2026-10-15T03:00:00+08:00", "2026-10-15T04:00:00+08:00"}},
		{"@every 36h", shanghai, "2026-10-15T02:30:17+08:00", []string{"2026-10-16T00:00:00+08:00", "2026-10-17T12:00:00+08:00"}},
		{"0 0 29 2 *", shanghai, "2097-01-01T00:00:00+08:00", []string{"2104-02-29T00:00:00+08:00", "2108-02-29T00:00:00+08:00"}},
		// Zones with summer time, as ISC cron has it. 02:30 does not exist on 29 March 2026 in Berlin:
		// what is due then runs at the end of the gap; 02:30 comes twice on 25 October: it runs once.
		{"30 2 * * *", berlin, "2026-03-28T12:00:00+01:00", []string{"2026-03-29T03:00:00+02:00", "2026-03-30T02:30:00+02:00"}},
		{"30 2 * * *", berlin, "2026-10-24T12:00:00+02:00", []string{"2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"}},
		{"30 2 * * *", newYork, "2027-03-14T00:00:00-05:00", []string{"2027-03-14T03:00:00-04:00", "2027-03-15T02:30:00-04:00"}},
		{"30 1 * * *", newYork, "2027-11-07T01:31:00-04:00", []string{"2027-11-08T01:30:00-05:00"}},
		{"30 1 * * *", newYork, "2027-11-07T01:10:00-05:00", []string{"2027-11-08T01:30:00-05:00"}}, // asked within the second hour
		{"0,30 2,3 * * *", newYork, "2027-03-13T12:00:00-05:00",
			[]string{"2027-03-14T03:00:00-04:00", "2027-03-14T03:30:00-04:00", "2027-03-15T02:00:00-04:00"}},
		{"0 */2 * * *", newYork, "2027-03-14T00:00:00-05:00", []string{"2027-03-14T03:00:00-04:00", "2027-03-14T04:00:00-04:00"}},
		// midnight does not exist
		{"0 0 * * *", havana, "2026-03-07T12:00:00-05:00", []string{"2026-03-08T01:00:00-04:00", "2026-03-09T00:00:00-04:00"}},
		// What is due in every hour goes by elapsed time.
		{"30 * * * *", newYork, "2027-03-14T00:45:00-05:00", []string{"2027-03-14T01:30:00-05:00", "2027-03-14T03:30:00-04:00"}},
		{"30 * * * *", newYork, "2027-11-07T00:45:00-04:00", []string{"2027-11-07T01:30:00-04:00", "2027-11-07T01:30:00-05:00",
			"2027-11-07T02:30:00-05:00"}},
		{"0 * * * *", newYork, "2027-03-14T01:00:00-05:00", []string{"2027-03-14T03:00:00-04:00"}},
		{"0 * * * *", newYork, "2027-11-07T01:00:00-04:00", []string{"2027-11-07T01:00:00-05:00"}},
		// Half an hour on Lord Howe Island, a whole day on Samoa, which had no 30 December 2011.
		{"15 2 * * *", lordHowe, "2026-10-03T12:00:00+10:30", []string{"2026-10-04T02:30:00+11:00", "2026-10-05T02:15:00+11:00"}},
		{"45 1 * * *", lordHowe, "2026-04-04T12:00:00+11:00", []string{"2026-04-05T01:45:00+11:00", "2026-04-06T01:45:00+10:30"}},
		{"0 5 * * *", samoa, "2011-12-29T12:00:00-10:00", []string{"2011-12-31T00:00:00+14:00", "2011-12-31T05:00:00+14:00"}},
	}
	for _, c := range cases {
		timetable, err := parseCron(c.spec, c.loc)
		if err != nil {
			t.Errorf("%s: %v", c.spec, err)
			continue
		}
		at, _ := time.Parse(time.RFC3339, c.after)
		j := Job{Location: c.loc, timetable: timetable}
		for _, want := range c.want {
			at = j.Next(at)
			if got := at.Format(time.RFC3339); got != want {
				t.Errorf("%s after %s: got %s, want %s", c.spec, c.after, got, want)
			}
		}
	}
}

func FuzzLoad(f *testing.F) {
	files, _ := filepath.Glob("testdata/invalid/*.yaml")
	shipped, _ := filepath.Glob("*.yaml")
	for _, file := range append(files, shipped...) {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		jobs, err := Load(fstest.MapFS{"job.yaml": {Data: text}}, verbs)
		if err != nil {
			var invalid *InvalidError
			if !errors.As(err, &invalid) || len(invalid.Problems) == 0 {
				t.Fatalf("%d jobs, %v", len(jobs), err)
			}
		}
		for _, j := range jobs {
			// What is accepted can be kept: it has a name, a verb and a next date.
			if j.Name == "" || len(j.Run) == 0 || j.Timeout < time.Second || !j.Next(epoch).After(epoch) {
				t.Fatalf("accepted %+v", j)
			}
		}
	})
}

// What editors make of a job file is that job file: a mark at its start that tells it is UTF-8 says
// nothing, what they keep beside it under a hidden name is none, and one that ends in .YAML is not
// passed over in silence.
func TestWhatEditorsLeave(t *testing.T) {
	const job = "name: %s\ntitle: 甲\ncron: 0 1 * * *\nrun: [run]\n"
	jobs, err := Load(fstest.MapFS{
		"a.yaml":   {Data: append([]byte("\ufeff"), fmt.Appendf(nil, job, "first")...)},
		".#a.yaml": {Data: fmt.Appendf(nil, job, "lock")},
		".yaml":    {Data: fmt.Appendf(nil, job, "hidden")},
	}, verbs)
	if err != nil || len(jobs) != 1 || jobs[0].Name != "first" {
		t.Errorf("%d jobs, %v; want the one of a.yaml", len(jobs), err)
	}
	jobs, err = Load(fstest.MapFS{"B.YAML": {Data: fmt.Appendf(nil, job, "second")},
		"c.Yml": {Data: fmt.Appendf(nil, job, "third")}}, verbs)
	if err == nil || !strings.Contains(err.Error(), "schedules/B.YAML: job files end in .yaml; rename it to B.yaml") ||
		!strings.Contains(err.Error(), "rename it to c.yaml") {
		t.Errorf("%d jobs, %v; want it to be said that they end in .YAML and .Yml", len(jobs), err)
	}
}
