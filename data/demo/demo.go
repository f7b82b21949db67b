package demo

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/source/personal"
)

// Options choose a city. The zero value of a field means its default.
type Options struct {
	Enterprises int         // in the registry over the whole time, default 60000; at least 200
	Seed        int64       // default 1
	First, Last kpi.Quarter // first and last export, default 2022Q3 to 2026Q3

	// What bureaus send after the last quarter was closed is written to dir/late, not to the inbox, and a definition reads as it
	// did then.
	HoldBack bool
}

// LateDir is where HoldBack puts what comes late, below the project.
const LateDir = "late"

// Deliver moves what was held back into the inbox, and takes out the definition that
// held until then: open the project again.
func Deliver(dir string) error {
	late := filepath.Join(dir, LateDir)
	err := filepath.WalkDir(late, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		name, err := filepath.Rel(late, path)
		if err != nil {
			return err
		}
		return os.Rename(path, filepath.Join(dir, "var", "inbox", name))
	})
	if err != nil {
		return fmt.Errorf("deliver what came late: %w", err)
	}
	if err := redefine(dir); err != nil {
		return err
	}
	return os.RemoveAll(late)
}

// Summary says what was written.
type Summary struct {
	Enterprises int
	Files       int       // exports in the inbox
	Rows        int64     // in them, without titles, headers and footers
	Bytes       int64     // size of the exports
	Values      int       // figures in truth.json
	Arrivals    []Arrival // the days the files come on, without what comes late
}

// Write makes the city of o and writes its exports to dir/var/inbox/<bureau>/ and
// what must come of them to dir/truth.json. The same options give the same bytes.
// Existing files of the same names are replaced; each appears whole or not at all.
func Write(dir string, o Options) (Summary, error) {
	o = o.withDefaults()
	if err := o.check(); err != nil {
		return Summary{}, err
	}
	list, err := readSchools()
	if err != nil {
		return Summary{}, err
	}
	contracts, err := readContracts()
	if err != nil {
		return Summary{}, err
	}
	looks, err := readLooks(contracts)
	if err != nil {
		return Summary{}, err
	}
	chars, err := newCharset()
	if err != nil {
		return Summary{}, err
	}
	if err := writeKey(dir, o.Seed); err != nil {
		return Summary{}, err
	}
	c := build(o, list)
	c.looks, c.chars = looks, chars
	inbox := filepath.Join(dir, "var", "inbox")
	files, size, err := writeAll(inbox, c.exports())
	if err != nil {
		return Summary{}, err
	}
	if o.HoldBack {
		inbox = filepath.Join(dir, LateDir)
		if err := former(dir); err != nil {
			return Summary{}, err
		}
	}
	late, more, err := writeAll(inbox, c.lateExports())
	if err != nil {
		return Summary{}, err
	}
	for i := range late {
		late[i].late = true
	}
	files, size = append(files, late...), size+more
	c.arrive(files)
	slices.SortFunc(files, func(a, b FileTruth) int { return strings.Compare(a.File, b.File) })
	truth := c.truth(files)
	truth.Filings = c.filings(files, contracts)
	path := filepath.Join(dir, "truth.json")
	if _, err := place(path, func(w io.Writer) error { return writeTruth(w, truth) }); err != nil {
		return Summary{}, fmt.Errorf("write %s: %w", path, err)
	}
	s := Summary{Enterprises: o.Enterprises, Files: len(files), Bytes: size, Values: len(truth.All()), Arrivals: arrivals(files)}
	for _, f := range files {
		s.Rows += int64(f.Rows)
	}
	return s, nil
}

// writeKey gives the project the key that persons are masked with, made from the seed:
// a demo holds nobody's data, and its releases should be the same everywhere.
func writeKey(dir string, seed int64) error {
	path := filepath.Join(dir, "var", personal.KeyFile)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	key := sha256.Sum256(fmt.Appendf(nil, "the demo's key for persons, seed %d", seed))
	if err := os.WriteFile(path, personal.FormatKey(key), 0o600); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

func (o Options) withDefaults() Options {
	o.Enterprises, o.Seed = cmp.Or(o.Enterprises, 60000), cmp.Or(o.Seed, 1)
	o.First = cmp.Or(o.First, kpi.Quarter{Year: 2022, N: 3})
	o.Last = cmp.Or(o.Last, kpi.Quarter{Year: 2026, N: 3})
	return o
}

func (o Options) check() error {
	quarters := (o.Last.Year-o.First.Year)*4 + o.Last.N - o.First.N + 1
	switch {
	case o.Enterprises < 200 || o.Enterprises > 20_000_000:
		return fmt.Errorf("%w: %d enterprises: want 200 to 20000000", ErrOptions, o.Enterprises)
	case quarters < 1 || quarters > 100:
		return fmt.Errorf("%w: quarters %s to %s: want 1 to 100 of them", ErrOptions, o.First, o.Last)
	}
	return nil
}

// writeAll writes the exports below inbox, several at a time, and lists what is in
// them by path.
func writeAll(inbox string, exports []export) ([]FileTruth, int64, error) {
	files := make([]FileTruth, len(exports))
	sizes := make([]int64, len(exports))
	var work errgroup.Group
	work.SetLimit(runtime.GOMAXPROCS(0))
	for i, e := range exports {
		work.Go(func() (err error) {
			sizes[i], err = place(filepath.Join(inbox, filepath.FromSlash(e.path)), func(w io.Writer) (err error) {
				files[i], err = e.write(w)
				files[i].DataDate = e.day
				return err
			})
			if err != nil {
				return fmt.Errorf("write %s: %w", e.path, err)
			}
			return nil
		})
	}
	if err := work.Wait(); err != nil {
		return nil, 0, err
	}
	var size int64
	for _, n := range sizes {
		size += n
	}
	slices.SortFunc(files, func(a, b FileTruth) int { return strings.Compare(a.File, b.File) })
	return files, size, nil
}

// place writes a file under a temporary name beside path and renames it when whole.
func place(path string, write func(io.Writer) error) (size int64, err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return 0, err
	}
	temp, err := os.CreateTemp(filepath.Dir(path), ".demo-*")
	if err != nil {
		return 0, err
	}
	defer os.Remove(temp.Name()) // gone already when all went well
	if err := write(temp); err != nil {
		temp.Close()
		return 0, err
	}
	if size, err = temp.Seek(0, io.SeekCurrent); err != nil {
		temp.Close()
		return 0, err
	}
	if err := temp.Close(); err != nil {
		return 0, err
	}
	return size, os.Rename(temp.Name(), path)
}

// truth is the values and, per file and source, what must become of its rows.
func (c *city) truth(files []FileTruth) Truth {
	values := sinceFiled(c.values(), files)
	t := sorted(values)
	then := c.published().values()
	t.Corrections, t.Restatements = c.corrections(), c.restated(values, then)
	t.AwardFindings, t.Budgets = c.awardFindings(), c.budgetsUsed()
	t.Verdicts, t.Subjects, t.Obligations = c.verdicts(values, then), sharesFiled(c.subjects(), files), c.obligations(files)
	t.Awaited = c.awaited()
	t.Scorecards, t.Unjustified, t.Adjusted = c.consortia().scorecards(), c.consortia().unjustified(), c.consortia().adjusted()
	t.Files, t.Rejects, t.Unmatched, t.Loaded = files, []FileRows{}, []Unmatched{}, []FileRows{}
	strangers := map[string]int{}
	for _, f := range files {
		if f.Rejected > 0 {
			t.Rejects = append(t.Rejects, FileRows{f.File, f.Rejected})
		}
		t.Loaded = append(t.Loaded, FileRows{f.File, f.Rows - f.Rejected})
		strangers[f.Source] += f.Unmatched
		if len(f.names) > 0 {
			t.Names = append(t.Names, FileNames{f.File, f.Source, f.names})
		}
	}
	for source, n := range strangers {
		if n > 0 {
			t.Unmatched = append(t.Unmatched, Unmatched{source, n})
		}
	}
	slices.SortFunc(t.Unmatched, func(a, b Unmatched) int { return strings.Compare(a.Source, b.Source) })
	return t
}

// writeTruth writes one value a line: large, but greppable.
func writeTruth(w io.Writer, t Truth) error {
	out := bufio.NewWriter(w)
	lists := reflect.ValueOf(t)
	before := '{'
	for i := range lists.NumField() {
		fmt.Fprintf(out, "%c%q:[", before, lists.Type().Field(i).Tag.Get("json"))
		before = ','
		for k := range lists.Field(i).Len() {
			raw, err := json.Marshal(lists.Field(i).Index(k).Interface())
			if err != nil {
				return err
			}
			if k > 0 {
				out.WriteByte(',')
			}
			out.WriteByte('\n')
			out.Write(raw)
		}
		out.WriteString("\n]")
	}
	out.WriteString("}\n")
	return out.Flush()
}
