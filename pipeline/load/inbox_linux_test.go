package load_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"citykpi/pipeline"
	"citykpi/pipeline/inbox"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/load"
	"citykpi/pipeline/project"
	"citykpi/pipeline/projecttest"

	"golang.org/x/sys/unix"
)

// bureau does to its folder what bureaus, their copy programs and their enemies do, and
// keeps account of every version of a file that was ever whole.
type bureau struct {
	t      *testing.T
	dir    string
	chance *rand.Rand
	made   int
	whole  map[string]string // hash → what a version is
	there  map[string]bool   // hash → it was put into the inbox, and nobody but the loader may have taken it
	secret string            // a file outside
	ops    map[string]int
}

func sumOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// version is a text that no file has had before.
func (b *bureau) version() string {
	b.made++
	var s strings.Builder
	s.WriteString("编号,名称\n")
	for i := range 1 + b.chance.IntN(300) {
		fmt.Fprintf(&s, "V%dR%d,企业\n", b.made, i)
	}
	text := s.String()
	b.whole[sumOf(text)] = fmt.Sprint("version ", b.made)
	return text
}

func (b *bureau) name() string {
	return filepath.Join(b.dir, fmt.Sprintf("小表%d_20250101更正.csv", b.chance.IntN(4)))
}

func (b *bureau) hidden() string {
	b.made++
	return filepath.Join(b.dir, fmt.Sprint(".new", b.made))
}

func (b *bureau) must(err error) {
	if err != nil {
		b.t.Error(err)
	}
}

// place gives what lies under a hidden name a name in the inbox; what had that name is taken back.
func (b *bureau) place(hidden, name string) {
	for {
		err := unix.Renameat2(unix.AT_FDCWD, hidden, unix.AT_FDCWD, name, unix.RENAME_EXCHANGE)
		if err == nil {
			b.takeBack(hidden)
			return
		}
		if err = unix.Renameat2(unix.AT_FDCWD, hidden, unix.AT_FDCWD, name, unix.RENAME_NOREPLACE); err != unix.EEXIST {
			b.must(err)
			return
		}
	}
}

// takeBack deletes what lies under a hidden name: it is the bureau's again.
func (b *bureau) takeBack(hidden string) {
	if info, err := os.Lstat(hidden); err == nil && info.Mode().IsRegular() {
		text, err := os.ReadFile(hidden)
		b.must(err)
		delete(b.there, sumOf(string(text)))
	}
	b.must(os.Remove(hidden))
}

func (b *bureau) put(text, name string) {
	hidden := b.hidden()
	b.must(os.WriteFile(hidden, []byte(text), 0o644))
	b.there[sumOf(text)] = true
	b.place(hidden, name)
}

// write writes a new version into an open file, slowly, after what it has or over it.
func (b *bureau) write(f *os.File, over, counts bool) {
	was, err := io.ReadAll(f)
	b.must(err)
	delete(b.there, sumOf(string(was)))
	text := b.version()
	if over {
		b.must(f.Truncate(0))
		_, err := f.Seek(0, io.SeekStart)
		b.must(err)
	} else if len(was) > 0 {
		_, text, _ = strings.Cut(text, "\n")
		b.whole[sumOf(string(was)+text)] = "a version that grew"
	}
	for _, part := range []string{text[:len(text)/2], text[len(text)/2:]} {
		_, err := f.WriteString(part)
		b.must(err)
		time.Sleep(time.Duration(b.chance.IntN(8)) * time.Millisecond)
	}
	if !over {
		text = string(was) + text
	}
	if counts {
		b.there[sumOf(text)] = true
	}
	b.must(f.Close())
}

func (b *bureau) act() {
	ops := []struct {
		name string
		do   func()
	}{
		{"replace", func() { b.put(b.version(), b.name()) }},
		{"copy slowly", func() {
			if f, err := os.OpenFile(b.name(), os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o644); err == nil {
				b.write(f, false, true)
			}
		}},
		{"grow", func() { b.open(b.name(), false) }},
		{"truncate", func() { b.open(b.name(), true) }},
		{"hard link", func() {
			name, link := b.name(), b.hidden()
			if os.Link(name, link) != nil {
				return
			}
			if f, err := os.OpenFile(link, os.O_RDWR, 0); err == nil {
				var st unix.Stat_t
				b.must(unix.Fstat(int(f.Fd()), &st))
				if st.Nlink > 1 && st.Mode&unix.S_IFMT == unix.S_IFREG {
					b.write(f, true, false)
				} else {
					f.Close()
				}
			}
			b.must(os.Remove(link))
		}},
		{"symlink", func() {
			hidden := b.hidden()
			b.must(os.Symlink(b.secret, hidden))
			b.place(hidden, b.name())
		}},
		{"pipe", func() {
			hidden := b.hidden()
			b.must(unix.Mkfifo(hidden, 0o644))
			b.place(hidden, b.name())
		}},
		{"folder", func() {
			hidden := b.hidden()
			b.must(os.Mkdir(hidden, 0o755))
			b.place(hidden, b.name())
		}},
		{"swap", func() { unix.Renameat2(unix.AT_FDCWD, b.name(), unix.AT_FDCWD, b.name(), unix.RENAME_EXCHANGE) }},
		{"take back", func() {
			hidden := b.hidden()
			if unix.Renameat2(unix.AT_FDCWD, b.name(), unix.AT_FDCWD, hidden, unix.RENAME_NOREPLACE) == nil {
				b.takeBack(hidden)
			}
		}},
	}
	op := ops[b.chance.IntN(len(ops))]
	op.do()
	b.ops[op.name]++
	time.Sleep(time.Duration(b.chance.IntN(12)) * time.Millisecond)
}

func (b *bureau) open(name string, over bool) {
	info, err := os.Lstat(name)
	if err != nil || !info.Mode().IsRegular() {
		return
	}
	if f, err := os.OpenFile(name, os.O_RDWR|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0); err == nil {
		b.write(f, over, true)
	}
}

const small = `source: small
name: 小表
bureau: 局
files: ["*小表*"]
mode: append
key: [no]
data_date: [file_name]
columns:
  no:   {cn: [编号], type: text, required: true}
  name: {cn: [名称], type: text, required: true}
`

// TestNothingIsLostBetween has a bureau at work in the inbox while files are loaded. Every version that it put
// there whole, and did not take back or overwrite itself, is a batch with its original in the end, or lies in the
// inbox still; and no batch has bytes that never were a version.
func TestNothingIsLostBetween(t *testing.T) {
	acts := 400
	if os.Getenv("CITYKPI_SOAK") != "" {
		acts = 10_000 // a thousand of each
	}
	p := projecttest.New(t)
	projecttest.Write(t, filepath.Join(p.Dir, "data", "sources", "small.yaml"), small)
	projecttest.Write(t, filepath.Join(p.Dir, project.ConfigFile), "region: \"320100\"\nsettle: 15ms\n")
	p, err := project.OpenSources(p.Dir)
	if err != nil {
		t.Fatal(err)
	}
	b := &bureau{t: t, dir: p.Var("inbox", "局"), chance: rand.New(rand.NewPCG(11, 1)), whole: map[string]string{}, there: map[string]bool{},
		secret: filepath.Join(t.TempDir(), "小表_20250101更正.csv"), ops: map[string]int{}}
	projecttest.Write(t, b.secret, "编号,名称\nS1,不该读到\n")
	if err := os.MkdirAll(b.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	o := pipeline.Options{Now: clock, Confirmed: true,
		Clock: &inbox.Clock{Now: time.Now, Sleep: func(_ context.Context, d time.Duration) error {
			time.Sleep(d)
			return nil
		}}}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range acts {
			b.act()
		}
	}()
	loads, waiting := 0, 1
	for working := true; working || waiting > 0; loads++ {
		select {
		case <-done:
			working = false
			time.Sleep(20 * time.Millisecond)
		default:
		}
		results, err := pipeline.Load(t.Context(), p, nil, o)
		if err != nil && !errors.Is(err, load.ErrRefused) {
			t.Fatal(err)
		}
		waiting = 0
		for _, r := range results {
			if r.Status == load.StatusWaiting {
				waiting++
			}
		}
	}
	t.Logf("%d loads beside %v", loads, b.ops)
	b.check(p)
}

// check holds what the project has against the account.
func (b *bureau) check(p *project.Project) {
	l, err := lake.Open(p.Var("lake"))
	if err != nil {
		b.t.Fatal(err)
	}
	kept := map[string]bool{}
	all := l.Batches(time.Time{})
	for _, batch := range all {
		if b.whole[batch.SHA256] == "" {
			b.t.Errorf("batch %s has bytes that never were a version", batch.Batch)
		}
		originals, err := filepath.Glob(p.Var("lake", "originals", batch.SHA256[:16], "*"))
		if err != nil || len(originals) == 0 {
			b.t.Errorf("batch %s has no original: %v", batch.Batch, err)
		}
		for _, path := range originals {
			text, err := os.ReadFile(path)
			if err != nil || sumOf(string(text)) != batch.SHA256 {
				b.t.Errorf("%s has not the bytes of batch %s: %v", path, batch.Batch, err)
			}
			if rows := strings.Count(string(text), "\n") - 1; int64(rows) != batch.Loaded {
				b.t.Errorf("batch %s has %d rows, its original %d", batch.Batch, batch.Loaded, rows)
			}
		}
		kept[batch.SHA256] = true
	}
	for _, root := range []string{p.Var("inbox"), p.Var("inbox-claimed")} {
		err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
			if err == nil && e.Type().IsRegular() {
				text, err := os.ReadFile(path)
				b.must(err)
				kept[sumOf(string(text))] = true
			}
			return err
		})
		b.must(err)
	}
	for sum := range b.there {
		if !kept[sum] {
			b.t.Errorf("%s is lost", b.whole[sum])
		}
	}
	if len(all) < 10 || len(b.there) < 10 {
		b.t.Errorf("only %d batches and %d versions: nothing was tried", len(all), len(b.there))
	}
}
