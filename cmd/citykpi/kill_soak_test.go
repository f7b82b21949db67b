package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"citykpi/pipeline/lake"

	"golang.org/x/sys/unix"
)

// TestKillsOverAllVerbs kills a thousand command lines of every verb at random
// moments while files keep coming. After each kill the release that serves is whole
// and every file that ever came is in the inbox, claimed, or an original; what a verb
// said it did stays done. In the end every file is one batch, nothing is damaged, and
// the figures are those of a project nobody disturbed.
func TestKillsOverAllVerbs(t *testing.T) {
	if os.Getenv("CITYKPI_SOAK") == "" {
		t.Skip("takes half an hour: make soak")
	}
	const wanted = 1000
	random := rand.New(rand.NewPCG(11, 290))
	s := newSiege(t, oneDocument(t))
	s.must("run")
	verbs := s.verbs()
	names := slices.Sorted(maps.Keys(verbs))
	for told := 0; s.kills < wanted; {
		name := names[random.IntN(len(names))]
		if random.IntN(3) == 0 {
			s.arrive()
		}
		s.strike(name, verbs[name](), random)
		if s.kills > told && s.kills%50 == 0 {
			told = s.kills
			t.Logf("%d kills, nothing lost; %d files came", s.kills, s.came)
		}
	}
	s.lift()
	s.must("run")
	s.must("verify", "--all")
	s.everyFileIsOneBatch()

	calm := newSiege(t, oneDocument(t))
	for calm.came < s.came {
		calm.arrive()
	}
	calm.must("run")
	if values(t, s.dir) != values(t, calm.dir) {
		t.Error("the figures differ from those of a project nobody disturbed")
	}
	for _, name := range names {
		t.Logf("%-24s killed %3d times, ended %3d times", name, s.killed[name], s.ended[name])
	}
	t.Logf("%d kills; %d files came; %d releases", s.kills, s.came, len(s.releases()))
}

// siege is a project under attack and what must be true of it.
type siege struct {
	t      *testing.T
	dir    string
	came   int             // files of our own that were put into the inbox
	files  map[string]bool // SHA-256 of every file that ever came
	kills  int
	killed map[string]int
	ended  map[string]int
	took   map[string]time.Duration // the longest that a verb took when it was let be
}

func newSiege(t *testing.T, dir string) *siege {
	s := &siege{t: t, dir: dir, files: map[string]bool{},
		killed: map[string]int{}, ended: map[string]int{}, took: map[string]time.Duration{}}
	for sum := range s.sums("inbox") {
		s.files[sum] = true
	}
	return s
}

// arrive puts one more file into the inbox, whole, as a careful program does. Its
// name says that it completes another, so that it may cover the same period.
func (s *siege) arrive() {
	s.came++
	var text bytes.Buffer
	text.WriteString("证书编号,人员编号,姓名,认定日期,所属区\n")
	for i := range 20 {
		day := fmt.Sprintf("2026-0%d-1%d", 7+i%3, i%9)
		if i == 19 {
			day = "2026-02-30" // one row of each goes back
		}
		fmt.Fprintf(&text, "K%05d%02d,P%05d%02d,某人,%s,江宁区\n", s.came, i, s.came, i, day)
	}
	folder := filepath.Join(s.dir, "var", "inbox", "市科技局")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		s.t.Fatal(err)
	}
	half := filepath.Join(folder, ".half")
	if err := os.WriteFile(half, text.Bytes(), 0o600); err != nil {
		s.t.Fatal(err)
	}
	names := []string{fmt.Sprintf("技术经理人_2026Q3_补报%d.csv", s.came)}
	if s.came%7 == 0 {
		// the same name again and again, unless it would replace one that nobody has claimed
		names = []string{"技术经理人_2026Q3_补报.csv", names[0]}
	}
	err := fs.ErrExist
	for len(names) > 0 && errors.Is(err, fs.ErrExist) {
		err = unix.Renameat2(unix.AT_FDCWD, half, unix.AT_FDCWD, filepath.Join(folder, names[0]), unix.RENAME_NOREPLACE)
		names = names[1:]
	}
	if err != nil {
		s.t.Fatal(err)
	}
	sum := sha256.Sum256(text.Bytes())
	s.files[hex.EncodeToString(sum[:])] = true
}

// verbs are command lines of every verb. What depends on the state is looked up when
// it is drawn: a release to go back to, a quarter that is open or closed.
func (s *siege) verbs() map[string]func() []string {
	fixed := func(args ...string) func() []string { return func() []string { return args } }
	return map[string]func() []string{
		"load": fixed("load"), "run": fixed("run"), "run --full": fixed("run", "--full"), "check": fixed("check"),
		"kpi list": fixed("kpi", "list"), "kpi explain": fixed("kpi", "explain", "NJ88-023"), "kpi units": fixed("kpi", "units"),
		"rejects": fixed("rejects"), "rejects --kind match": fixed("rejects", "--kind", "match"),
		"sql":    fixed("sql", "-q", "select count(*) from mart.fact"),
		"report": fixed("report", "build", "quarterly", "--period", "2026Q3"), "verify": fixed("verify"),
		"verify --all": fixed("verify", "--all"),
		"schedule run": fixed("schedule", "run", "daily-run"), "schedule history": fixed("schedule", "history"), "doctor": fixed("doctor"),
		"release list": fixed("release", "list"), "release verify": fixed("release", "verify"), "release unpin": fixed("release", "unpin"),
		"lake log": fixed("lake", "log"), "close": fixed("close", "2026Q2"),
		"close --reopen": fixed("close", "2026Q2", "--reopen", "--reason", "演练"),
		"release rollback": func() []string {
			ids := s.releases()
			return []string{"release", "rollback", ids[len(ids)/2], "--reason", "演练"}
		},
	}
}

// strike runs a command line and kills it after a while, unless it ends before.
func (s *siege) strike(name string, args []string, random *rand.Rand) {
	s.t.Helper()
	limit := time.Minute
	if took, known := s.took[name]; known {
		limit = time.Duration(random.Float64() * 1.1 * float64(took))
	}
	ctx, cancel := context.WithTimeout(s.t.Context(), limit)
	defer cancel()
	began := time.Now()
	cmd := child(ctx, append([]string{"--project", s.dir, "--wait", "1m"}, args...)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // what it has started goes with it, but for a schedule's job
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	switch {
	case err == nil:
		s.took[name] = max(s.took[name], time.Since(began))
		s.ended[name]++
	case ctx.Err() != nil:
		s.kills++
		s.killed[name]++
	case errors.As(err, &exit) && exit.ExitCode() > 0 && s.mayFail(name, string(out)):
		s.took[name] = max(s.took[name], time.Since(began))
		s.ended[name]++
	default:
		s.t.Fatalf("after %d kills: %s: %v\n%s", s.kills, strings.Join(args, " "), err, out)
	}
	verifyServing(s.t, s.dir)
	s.nothingIsLost(name)
}

// mayFail are the ends of a verb that its state explains.
func (s *siege) mayFail(name, said string) bool {
	for _, words := range map[string][]string{
		"close": {"is closed already"}, "close --reopen": {"is not closed"}, "release unpin": {"no release is pinned"},
		"check": {"a source is missing or stale"}, "run": {"the inbox"}, "verify": {}, "doctor": {"are wrong"},
	}[name] {
		if strings.Contains(said, words) {
			return true
		}
	}
	return false
}

// nothingIsLost looks for every file that ever came. The job of a schedule that was killed ends by
// itself and gives back what it had claimed, so a file may be on its way from one folder to another:
// what is lost is still lost when it is looked for again.
func (s *siege) nothingIsLost(after string) {
	s.t.Helper()
	var lost []string
	for range 20 {
		there := map[string]bool{}
		for _, folder := range []string{"inbox", "inbox-claimed", "lake/originals"} {
			maps.Copy(there, s.sums(folder))
		}
		lost = nil
		for sum := range s.files {
			if !there[sum] {
				lost = append(lost, sum)
			}
		}
		if lost == nil {
			return
		}
		time.Sleep(time.Second)
	}
	s.t.Fatalf("after %d kills, the last of %s: files with these SHA-256 are nowhere: %s", s.kills, after, strings.Join(lost, " "))
}

// sums are the SHA-256 of every visible file below a folder of var.
func (s *siege) sums(folder string) map[string]bool {
	sums := map[string]bool{}
	err := filepath.WalkDir(filepath.Join(s.dir, "var", filepath.FromSlash(folder)), func(path string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || e.IsDir() || strings.HasPrefix(e.Name(), ".") {
			return err
		}
		text, err := os.ReadFile(path)
		sum := sha256.Sum256(text)
		sums[hex.EncodeToString(sum[:])] = true
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return sums
}

// releases are the ids of all releases, oldest first.
func (s *siege) releases() (ids []string) {
	out, stderr, code := citykpi(s.t, "--project", s.dir, "--format", "json", "release", "list")
	if code != 0 {
		s.t.Fatalf("release list: %s", stderr)
	}
	var list []struct{ ID string }
	if err := json.Unmarshal([]byte(out), &list); err != nil {
		s.t.Fatal(err)
	}
	for _, r := range list {
		ids = append(ids, r.ID)
	}
	slices.Sort(ids)
	return ids
}

// lift unpins what a rollback has pinned, if one has.
func (s *siege) lift() {
	if _, stderr, code := citykpi(s.t, "--project", s.dir, "release", "unpin"); code != 0 &&
		!strings.Contains(stderr, "no release is pinned") {
		s.t.Fatal(stderr)
	}
}

func (s *siege) must(args ...string) {
	s.t.Helper()
	if _, stderr, code := citykpi(s.t, append([]string{"--project", s.dir}, args...)...); code != 0 {
		s.t.Fatalf("%s: exit %d: %s", strings.Join(args, " "), code, stderr)
	}
}

// everyFileIsOneBatch holds that what came was loaded, and only once, and that its rejected rows went back.
func (s *siege) everyFileIsOneBatch() {
	l, err := lake.Open(filepath.Join(s.dir, "var", "lake"))
	if err != nil {
		s.t.Fatal(err)
	}
	for sum := range s.files {
		if n := len(l.Of(sum)); n != 1 {
			s.t.Errorf("the file with SHA-256 %s is %d batches", sum, n)
		}
	}
	if left := s.sums("inbox"); len(left) > 0 {
		s.t.Errorf("%d files are left in the inbox", len(left))
	}
	if left := s.sums("inbox-claimed"); len(left) > 0 {
		s.t.Errorf("%d files are left claimed", len(left))
	}
}
