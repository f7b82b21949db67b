package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"citykpi/data/demo"
	"citykpi/pipeline"
	"citykpi/pipeline/durable"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/project"
	"citykpi/sql/query"

	"github.com/goccy/go-yaml"
	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xuri/excelize/v2"
)

// childVariable makes the test binary be citykpi: for scripts, for the processes
// citykpi itself starts, and for runs that a test kills.
const childVariable = "CITYKPI_TEST_CHILD"

// stopVariable names the step at which a child kills itself: staged, or staged×3
// for the third time.
const stopVariable = "CITYKPI_TEST_STOP"

// settleVariable has a test's children go by the machine's own clock.
const settleVariable = "CITYKPI_TEST_SETTLE"

func stopAt(step string) {
	if step == "" {
		return
	}
	left := 1
	if name, n, ok := strings.Cut(step, "×"); ok {
		step = name
		left, _ = strconv.Atoi(n)
	}
	var mu sync.Mutex
	durable.Step = func(name string) {
		mu.Lock()
		defer mu.Unlock()
		if name != step {
			return
		}
		if left--; left == 0 {
			syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
	}
}

func TestMain(m *testing.M) {
	if os.Getenv(settleVariable) == "" {
		machine.Now = func() time.Time { return time.Now().Add(time.Hour) }
	}
	query := len(os.Args) > 1 && os.Args[1] == query.ChildVerb // which is started without an environment
	if os.Getenv(childVariable) != "" || query {
		stopAt(os.Getenv(stopVariable))
		failAt(os.Getenv(faultVariable))
		main()
		return
	}
	os.Setenv(childVariable, "1") // inherited by what scripts start
	umask = func(int) int { return 0 }
	testscript.Main(suite{m}, map[string]func(){"citykpi": main})
}

// suite runs the tests themselves as what they are, with a folder for what they share.
type suite struct{ m *testing.M }

var shared string

func (s suite) Run() int {
	var err error
	if shared, err = os.MkdirTemp("", "citykpi-test-"); err != nil {
		panic(err)
	}
	defer os.RemoveAll(shared)
	return s.m.Run()
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv(childVariable, "1")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"replace": replaceText, "correct": correctCell,
			"decide":   decideMatches,
			"rollback": rollBack, "rmdata": loseData},
	})
}

// replaceText is the script command: replace OLD NEW FILE.
func replaceText(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: replace OLD NEW FILE")
	}
	text := ts.ReadFile(args[2])
	changed := strings.ReplaceAll(text, args[0], args[1])
	if changed == text {
		ts.Fatalf("%s does not hold %q", args[2], args[0])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), []byte(changed), 0o644))
}

// correctCell is the script command: correct DIR COLUMN VALUE INBOX. It sets the
// column of the first row in the one returned workbook of DIR, as a bureau would.
func correctCell(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 4 {
		ts.Fatalf("usage: correct DIR COLUMN VALUE INBOX")
	}
	found, err := filepath.Glob(filepath.Join(ts.MkAbs(args[0]), "*.xlsx"))
	ts.Check(err)
	if len(found) != 1 {
		ts.Fatalf("%s holds %d workbooks, want one", args[0], len(found))
	}
	f, err := excelize.OpenFile(found[0])
	ts.Check(err)
	defer f.Close()
	header, err := f.SearchSheet(kpi.ReturnRows, args[1])
	ts.Check(err)
	column, row, err := excelize.CellNameToCoordinates(header[0])
	ts.Check(err)
	below, err := excelize.CoordinatesToCellName(column, row+1)
	ts.Check(err)
	ts.Check(f.SetCellStr(kpi.ReturnRows, below, args[2]))
	ts.Check(f.SaveAs(filepath.Join(ts.MkAbs(args[3]), filepath.Base(found[0]))))
}

// decideMatches is the script command: decide DIR TEXT=CODE… INBOX. It fills in the
// one queue of DIR as the office would; CODE - means that the text counts for nobody.
func decideMatches(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: decide DIR TEXT=CODE… INBOX")
	}
	found, err := filepath.Glob(filepath.Join(ts.MkAbs(args[0]), "企业匹配复核_*.xlsx"))
	ts.Check(err)
	if len(found) != 1 {
		ts.Fatalf("%s holds %d queues, want one", args[0], len(found))
	}
	f, err := excelize.OpenFile(found[0])
	ts.Check(err)
	defer f.Close()
	sheet := f.GetSheetName(0)
	for _, decision := range args[1 : len(args)-1] {
		text, code, _ := strings.Cut(decision, "=")
		at, err := f.SearchSheet(sheet, text)
		ts.Check(err)
		_, row, err := excelize.CellNameToCoordinates(at[0])
		ts.Check(err)
		cell, value := fmt.Sprint("F", row), code
		if code == "-" {
			cell, value = fmt.Sprint("G", row), "是"
		}
		ts.Check(f.SetCellStr(sheet, cell, value))
	}
	ts.Check(f.SaveAs(filepath.Join(ts.MkAbs(args[len(args)-1]), filepath.Base(found[0]))))
}

// citykpi runs one command line in this process.
func citykpi(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, errw bytes.Buffer
	code = Run(t.Context(), args, bytes.NewReader(nil), &out, &errw)
	return out.String(), errw.String(), code
}

// child is a citykpi process of its own.
func child(ctx context.Context, args ...string) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		panic(err)
	}
	cmd := exec.CommandContext(ctx, self, args...)
	cmd.Env = append(os.Environ(), childVariable+"=1")
	return cmd
}

var small = struct {
	sync.Mutex
	dir string
}{}

// smallDemo is a project of the test's own with the newest quarter's exports of a small city, not
// run yet.
func smallDemo(t *testing.T) string {
	t.Helper()
	small.Lock()
	defer small.Unlock()
	if small.dir == "" {
		dir := filepath.Join(shared, "quarter")
		if err := newProject(dir, demoConfig()); err != nil {
			t.Fatal(err)
		}
		if _, err := demo.Write(dir, demo.Options{Enterprises: 400, First: kpi.Quarter{Year: 2026, N: 3}}); err != nil {
			t.Fatal(err)
		}
		small.dir = dir
	}
	return copied(t, small.dir)
}

// demoNow is when the whole demo is made, and what it says is read.
const demoNow = "2026-11-22T10:00"

var whole = struct {
	sync.Once
	dir, failed string
}{}

// wholeDemo is what citykpi demo makes of the small city: loaded as it came, published, a quarter closed
// and restated. The tests that only read it share it; what writes to it takes a copy.
func wholeDemo(t *testing.T) string {
	t.Helper()
	whole.Do(func() {
		whole.dir, whole.failed = filepath.Join(shared, "demo"), "it was not made whole"
		if _, stderr, code := citykpi(t, "demo", "--dir", whole.dir, "--enterprises", "400", "--now", demoNow); code != 0 {
			whole.failed = stderr
			return
		}
		whole.failed = ""
	})
	if whole.failed != "" {
		t.Fatalf("citykpi demo: %s", whole.failed)
	}
	return whole.dir
}

// oneDocument is the newest quarter of the small city where one document alone is computed: all that
// can happen to a run can happen to this one, in a fraction of the time.
func oneDocument(t *testing.T) string {
	t.Helper()
	dir := smallDemo(t)
	config := project.FirstConfig()
	config.Documents = []string{"NJ88"}
	text, err := yaml.Marshal(config)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, project.ConfigFile), text, 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

// calm is the newest quarter of the small city after a run that nothing disturbed: what
// runs that were killed must come to.
type calm struct {
	values  string
	batches int
	took    time.Duration
}

var undisturbed = struct {
	sync.Once
	calm
	err error
}{}

// calmRun makes it, in a process of its own as the killed ones are.
func calmRun(t *testing.T) calm {
	t.Helper()
	undisturbed.Do(func() {
		dir := oneDocument(t)
		start := time.Now()
		if out, err := child(t.Context(), "--project", dir, "run").CombinedOutput(); err != nil {
			undisturbed.err = fmt.Errorf("%w\n%s", err, out)
			return
		}
		undisturbed.calm = calm{took: time.Since(start), values: values(t, dir), batches: batchesOf(t, dir)}
	})
	if undisturbed.err != nil || undisturbed.values == "" {
		t.Fatalf("the run that nothing disturbs: %v", undisturbed.err)
	}
	return undisturbed.calm
}

// values are all figures of a project at the ends of two quarters.
func values(t *testing.T, dir string) string {
	t.Helper()
	all := ""
	for _, asOf := range []string{"2025-12-31", "2026-09-30"} {
		out, stderr, code := citykpi(t, "--project", dir, "--format", "json", "kpi", "list", "--by", "region", "--indicators",
			"--as-of", asOf)
		if code != 0 {
			t.Fatalf("kpi list: %s", stderr)
		}
		all += out
	}
	return all
}

// truthOf is what the demo in dir knows to be true of it.
func truthOf(t *testing.T, dir string) (truth demo.Truth) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &truth); err != nil {
		t.Fatal(err)
	}
	return truth
}

// TestKPIListEqualsTruth holds what the command line prints against truth.json,
// every commitment, region and quarter end of the demo.
func TestKPIListEqualsTruth(t *testing.T) {
	t.Parallel()
	dir := wholeDemo(t)
	truth := truthOf(t, dir)
	listed := map[string]map[string]*float64{}
	subjects := map[string]demo.SubjectPeriod{}
	for _, p := range truth.Subjects {
		subjects[p.ID+" "+p.End.String()] = p
	}
	wrong, shares := 0, 0
	for _, want := range truth.Values {
		asOf := want.AsOf.String()
		if listed[asOf] == nil {
			out, stderr, code := citykpi(t, "--project", dir, "--format", "json", "kpi", "list", "--by", "region", "--as-of", asOf)
			if code != 0 {
				t.Fatal(stderr)
			}
			var figures []struct {
				ID     string   `json:"id"`
				Region string   `json:"region_code"`
				AsOf   string   `json:"as_of"`
				Value  *float64 `json:"value"`
				Count  *float64 `json:"count"`
				Each   *struct {
					End kpi.Date `json:"period_end"`
					Had int      `json:"had"`
					Not []string `json:"not_done"`
				} `json:"subjects"`
			}
			if err := json.Unmarshal([]byte(out), &figures); err != nil {
				t.Fatal(err)
			}
			listed[asOf] = map[string]*float64{}
			for _, f := range figures {
				if f.AsOf != asOf {
					t.Fatalf("asked for %s, got %s", asOf, f.AsOf)
				}
				listed[asOf][f.ID+" "+f.Region] = f.Value
				if f.Each == nil {
					continue
				}
				off := 0.01 // a share of several is told to two places
				if f.Count != nil {
					// of what each must do the value is the share that did, and the facts add up to the count
					listed[asOf][f.ID+" "+f.Region], off = f.Count, 1e-9
				}
				p := subjects[f.ID+" "+f.Each.End.String()]
				slices.Sort(f.Each.Not)
				if shares++; p.Had == 0 || f.Each.Had != p.Had || !slices.Equal(f.Each.Not, p.Not) ||
					math.Abs(*f.Value-100*float64(p.Had-len(p.Not))/float64(p.Had)) > off {
					t.Errorf("%s on %s: %v %% of %+v, want %+v", f.ID, asOf, *f.Value, *f.Each, p)
				}
			}
		}
		got := listed[asOf][want.ID+" "+want.Region]
		if got == nil || *got != want.Value {
			if wrong++; wrong < 20 {
				t.Errorf("%s %s on %s: %v, want %v", want.ID, want.Region, asOf, got, want.Value)
			}
		}
	}
	if shares < 20 {
		t.Errorf("only %d shares of those who had to", shares)
	}
	if len(truth.Values) < 1000 {
		t.Errorf("truth.json holds only %d values", len(truth.Values))
	}
}

// TestKilledRunsLoseNothing kills runs at random moments, four in all and more where
// there is time, and runs again: every time the release that serves is whole, and in the
// end the figures are those of a run nobody disturbed. It stands alone, as it goes by how
// long a run takes.
func TestKilledRunsLoseNothing(t *testing.T) {
	calm := calmRun(t)
	whole, want := calm.took, calm.values
	enough := 4
	if os.Getenv("CITYKPI_SOAK") != "" {
		enough = 200
	}
	random := rand.New(rand.NewPCG(2022, 88))
	for kills, round := 0, 0; kills < enough; round++ {
		dir := oneDocument(t)
		for done := false; !done && kills < enough; {
			// early kills strike loading, late ones the release: as batches stay, rounds begin later
			killed, err := runAndKill(t, dir, time.Duration(random.Float64()*1.1*float64(whole)))
			if err != nil {
				t.Fatal(err)
			}
			if killed {
				kills++
			}
			verifyServing(t, dir)
			done = !killed
		}
		if _, stderr, code := citykpi(t, "--project", dir, "run"); code != 0 {
			t.Fatalf("run after %d kills: %s", kills, stderr)
		}
		if got := values(t, dir); got != want {
			t.Fatalf("round %d: after %d kills the figures differ from an undisturbed run", round, kills)
		}
		if left, _ := filepath.Glob(filepath.Join(dir, "var", "inbox", "*", "*")); len(left) > 0 {
			t.Errorf("round %d: left in the inbox: %v", round, left)
		}
	}
}

// TestStoppedAtEveryStep kills a run right after each step that others rely on: what
// was loaded stays, what was not is loaded once by the next run. Of a chain each run
// finds what the one before left; where there is time each step has a project of its own.
func TestStoppedAtEveryStep(t *testing.T) {
	t.Parallel()
	chains := [][]string{
		{"claimed", "staged", "parquet written", "manifest written", "batch committed", "inbox moved"},
		{"claimed×4", "staged×5", "parquet written×4", "manifest written×3", "batch committed×6", "batch recorded×2", "inbox moved×2"},
		{"release built", "release in place"}, {"pointer switched"},
	}
	if os.Getenv("CITYKPI_SOAK") != "" {
		all := slices.Concat(chains...)
		chains = nil
		for _, step := range all {
			chains = append(chains, []string{step})
		}
	}
	calm := calmRun(t)
	for _, steps := range chains {
		t.Run(strings.Join(steps, ", "), func(t *testing.T) {
			t.Parallel()
			dir := oneDocument(t)
			for _, step := range steps {
				cmd := child(t.Context(), "--project", dir, "run")
				cmd.Env = append(cmd.Env, stopVariable+"="+step)
				var exit *exec.ExitError
				if out, err := cmd.CombinedOutput(); !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
					t.Fatalf("the run was not killed when %s: %v\n%s", step, err, out)
				}
				verifyServing(t, dir)
			}
			if _, stderr, code := citykpi(t, "--project", dir, "run"); code != 0 {
				t.Fatalf("the run after it: %s", stderr)
			}
			if values(t, dir) != calm.values {
				t.Error("the figures differ from an undisturbed run")
			}
			if got := batchesOf(t, dir); got != calm.batches {
				t.Errorf("%d batches, an undisturbed run makes %d", got, calm.batches)
			}
			if left, _ := filepath.Glob(filepath.Join(dir, "var", "inbox", "*", "*")); len(left) > 0 {
				t.Errorf("left in the inbox: %v", left)
			}
		})
	}
}

func batchesOf(t *testing.T, dir string) int {
	t.Helper()
	l, err := lake.Open(filepath.Join(dir, "var", "lake"))
	if err != nil {
		t.Fatal(err)
	}
	return len(l.Batches(time.Time{}))
}

// runAndKill starts a run and kills it after a while, unless it ends before.
func runAndKill(t *testing.T, dir string, after time.Duration) (killed bool, err error) {
	ctx, cancel := context.WithTimeout(t.Context(), after)
	defer cancel()
	cmd := child(ctx, "--project", dir, "run") // the context's end is SIGKILL
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err = cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.Sys().(syscall.WaitStatus).Signal() == syscall.SIGKILL {
		return true, nil
	}
	if err != nil && ctx.Err() != nil {
		return true, nil // killed before it had begun
	}
	if err != nil {
		return false, fmt.Errorf("run: %w\n%s", err, out.String())
	}
	return false, nil
}

func verifyServing(t *testing.T, dir string) {
	t.Helper()
	p := &project.Project{Dir: dir} // a release is held against its own manifest, whatever the project defines
	if _, err := os.Stat(p.Var("CURRENT")); errors.Is(err, os.ErrNotExist) {
		return // nothing published yet
	}
	releases := pipeline.Releases(p)
	current, err := releases.Current()
	if err != nil {
		t.Fatalf("CURRENT after a kill: %v", err)
	}
	if err := releases.Verify(current.ID); err != nil {
		t.Fatal(err)
	}
}

// TestFullDisk fills the disk under a run: one clear error, the last release
// serves on, and all is well once there is room again.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=200m"); err != nil {
		t.Skipf("SKIPPED: cannot mount a small disk here: %v", err)
	}
	defer syscall.Unmount(dir, syscall.MNT_DETACH)
	project := filepath.Join(dir, "demo")
	if err := os.CopyFS(project, os.DirFS(oneDocument(t))); err != nil {
		t.Fatal(err)
	}
	if _, stderr, code := citykpi(t, "--project", project, "run"); code != 0 {
		t.Fatal(stderr)
	}
	before := values(t, project)
	ballast := filepath.Join(dir, "ballast")
	fill(t, ballast)
	_, stderr, code := citykpi(t, "--project", project, "run", "--full")
	if code != 1 || !strings.Contains(strings.ToLower(stderr), "no space left") {
		t.Errorf("exit %d: %s", code, stderr)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	verifyServing(t, project)
	if values(t, project) != before {
		t.Error("the figures changed")
	}
	if _, stderr, code := citykpi(t, "--project", project, "run", "--full"); code != 0 {
		t.Errorf("with room again: exit %d: %s", code, stderr)
	}
}

// fill leaves no free byte.
func fill(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for size := 1 << 20; size > 0; {
		if _, err := f.Write(make([]byte, size)); err != nil {
			size /= 2
		}
	}
}

// TestLockedProject: a second run leaves with its own exit code.
func TestLockedProject(t *testing.T) {
	dir := smallDemo(t)
	private, err := durable.PrivateDir(filepath.Join(dir, "var"))
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(filepath.Join(private, "run.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"run", "load"} {
		if _, stderr, code := citykpi(t, "--project", dir, "--wait", "0s", verb); code != exitLocked {
			t.Errorf("%s: exit %d, want %d: %s", verb, code, exitLocked, stderr)
		}
	}
}
