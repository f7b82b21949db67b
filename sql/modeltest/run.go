package modeltest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"citykpi/pipeline"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/load"
	"citykpi/pipeline/project"
	"citykpi/pipeline/returns"

	"golang.org/x/sync/errgroup"
)

// Runner runs cases by the definitions of one project, several at a time if it is asked to.
type Runner struct {
	base *project.Project
	dir  string
	now  time.Time

	mu      sync.Mutex
	regions map[string]func() (*project.Project, error) // definitions as they are where that region's bureaus file
}

// NewRunner runs cases by what a project defines: its contracts, policies, models and places over the shipped ones,
// all its documents, whichever of them citykpi.yml chooses. What is written goes into dir, nothing into the project.
// A case is run at the time now, or on the day after its last date if that is later.
func NewRunner(p *project.Project, dir string, now time.Time) *Runner {
	return &Runner{base: p, dir: dir, now: now, regions: map[string]func() (*project.Project, error){}}
}

// Result is what came of a case.
type Result struct {
	Case        Case
	Differences []Difference // from what was expected; none: it holds
	got         [][]*float64 // of each expected figure
}

// Difference is one thing that is not as the case expects it.
type Difference struct {
	Line    int       `json:"line"` // of the case's file, where the expectation stands
	ID      string    `json:"id,omitempty"`
	Region  string    `json:"region,omitempty"`
	Measure string    `json:"measure,omitempty"`
	AsOf    *kpi.Date `json:"as_of,omitempty"`
	What    string    `json:"what,omitempty"` // of all that is no figure: a row, a file, a check
	Want    string    `json:"want"`
	Got     string    `json:"got"`
	Lacks   []string  `json:"lacks,omitempty"` // sources that a figure without a value needs and that the case does not file: 企业登记
}

// Subject is what differs: a figure and its date, or the row, file or check.
func (d Difference) Subject() string {
	if d.ID == "" {
		return d.What
	}
	figure := slices.DeleteFunc([]string{d.ID, d.Measure, d.Region}, func(s string) bool { return s == "" })
	return strings.Join(figure, " ") + " on " + d.AsOf.String()
}

func (d Difference) String() string {
	why := ""
	if len(d.Lacks) > 0 {
		why = " (not filed: " + strings.Join(d.Lacks, ", ") + ")"
	}
	return fmt.Sprintf("%s: got %s, want %s%s", d.Subject(), d.Got, d.Want, why)
}

// Run runs one case. The error is one of the case's file or of the project; what comes out otherwise than expected
// is in the result.
func (r *Runner) Run(ctx context.Context, c Case) (Result, error) {
	res := Result{Case: c}
	dir, err := os.MkdirTemp(r.dir, "case-")
	if err != nil {
		return res, err
	}
	defer os.RemoveAll(dir)
	p, err := r.project(c, dir)
	if err != nil {
		return res, err
	}
	if err := c.check(p); err != nil {
		return res, err
	}
	last := slices.MaxFunc(c.AsOf, kpi.Date.Compare)
	now := r.now
	if dayAfter := last.Time().AddDate(0, 0, 1); dayAfter.After(now) {
		now = dayAfter.In(now.Location())
	}
	for i, f := range c.Files {
		if err := write(p.Var("inbox", f.Key.(string)), f.Value.(string)); err != nil {
			return res, err
		}
		o := pipeline.Options{Now: now.Add(time.Duration(i) * time.Minute), Confirmed: true} // they come one after the other
		if _, err := pipeline.Load(ctx, p, nil, o); err != nil && !errors.Is(err, load.ErrRefused) {
			return res, fmt.Errorf("%s: load %s: %w", c.File, f.Key, err)
		}
	}
	run, err := pipeline.Run(ctx, p, pipeline.Options{Now: now.Add(time.Hour), AsOf: last})
	switch {
	case errors.Is(err, pipeline.ErrChecks):
		res.failChecks(run)
		return res, nil
	case err != nil && !errors.Is(err, load.ErrRefused):
		return res, fmt.Errorf("%s: %w", c.File, err)
	}
	res.compareRefused(run.Files)
	if err := res.compareRejects(p); err != nil {
		return res, err
	}
	return res, res.compareValues(ctx, p, run)
}

// All runs cases side by side and tells of each in their order. It ends with the error of ctx when that ends first.
func (r *Runner) All(ctx context.Context, cases []Case, tell func(Result, error)) error {
	type told struct {
		Result
		err error
	}
	results := make([]chan told, len(cases))
	for i := range cases {
		results[i] = make(chan told, 1)
	}
	go func() {
		var running errgroup.Group
		running.SetLimit(runtime.NumCPU())
		for i, c := range cases {
			running.Go(func() error {
				res, err := r.Run(ctx, c)
				results[i] <- told{res, err}
				return nil
			})
		}
	}()
	for _, result := range results {
		if res := <-result; ctx.Err() == nil {
			tell(res.Result, res.err)
		}
	}
	return ctx.Err()
}

// project is an empty one in dir, by the definitions of the runner's and what the case adds to them.
func (r *Runner) project(c Case, dir string) (*project.Project, error) {
	region := cmp.Or(c.Region, r.base.Config.Region)
	if len(c.Adds) > 0 {
		for _, f := range c.Adds {
			if err := write(filepath.Join(dir, f.Key.(string)), f.Value.(string)); err != nil {
				return nil, err
			}
		}
		p, err := r.open(region, dir)
		if err != nil {
			return nil, fmt.Errorf("%s: with what it adds: %w", c.File, err)
		}
		return p, nil
	}
	r.mu.Lock()
	open, ok := r.regions[region]
	if !ok { // read once: it takes longer than to run a case's rows
		open = sync.OnceValues(func() (*project.Project, error) { return r.open(region, filepath.Join(r.dir, "region-"+region)) })
		r.regions[region] = open
	}
	r.mu.Unlock()
	p, err := open()
	if err != nil {
		return nil, fmt.Errorf("%s:%d: %w", c.File, c.line("region"), err)
	}
	return p.At(dir), nil
}

// open reads the definitions as they are where the region's bureaus file, with all documents.
func (r *Runner) open(region, dir string) (*project.Project, error) {
	text := fmt.Sprintf("region: %q\nsince: %s\n", region, project.DefaultConfig.Since)
	if err := write(filepath.Join(dir, project.ConfigFile), text); err != nil {
		return nil, err
	}
	return project.OpenOver(r.base, dir)
}

func write(path, text string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(text), 0o666)
}

// failChecks tells which checks kept figures from being published.
func (r *Result) failChecks(run pipeline.Result) {
	for _, check := range run.Checks {
		if check.Status == kpi.CheckFailed {
			r.Differences = append(r.Differences, Difference{Line: r.Case.line("files"), What: "check " + check.Name,
				Want: "no row that fails", Got: strconv.FormatInt(check.Rows, 10)})
		}
	}
}

func (r *Result) compareRefused(files []load.FileResult) {
	differs := func(line int, file, want, got string) {
		r.Differences = append(r.Differences, Difference{Line: line, What: file, Want: want, Got: got})
	}
	var got []load.FileResult
	for _, f := range files {
		if f.Status == load.StatusRefused || f.Status == load.StatusHeld {
			got = append(got, f)
		}
	}
	for i, want := range r.Case.Expect.Refused {
		line := r.Case.line("expect", "refused", strconv.Itoa(i))
		k := slices.IndexFunc(got, func(f load.FileResult) bool { return f.File == want.File })
		if k < 0 {
			differs(line, want.File, "refused: "+want.Error, "not refused")
			continue
		}
		if !strings.Contains(got[k].Error, want.Error) {
			differs(line, want.File, "refused: "+want.Error, "refused: "+got[k].Error)
		}
		got = slices.Delete(got, k, k+1)
	}
	for _, f := range got {
		differs(r.Case.line("expect", "refused"), f.File, "loaded", f.Status+": "+f.Error)
	}
}

func (r *Result) compareRejects(p *project.Project) error {
	batches, err := returns.All(p)
	if err != nil {
		return err
	}
	left := slices.Clone(r.Case.Expect.Rejects)
	var more []Reject
	for _, b := range batches {
		for row, err := range b.Rows() {
			if err != nil {
				return err
			}
			got := Reject{File: b.File, Row: row.Row, Column: row.Column, Rule: row.Rule}
			if k := slices.Index(left, got); k >= 0 {
				left = slices.Delete(left, k, k+1)
			} else {
				more = append(more, got)
			}
		}
	}
	for _, want := range left {
		line := r.Case.line("expect", "rejects", strconv.Itoa(slices.Index(r.Case.Expect.Rejects, want)))
		r.Differences = append(r.Differences, Difference{Line: line, What: want.String(), Want: "rejected", Got: "not rejected so"})
	}
	line := r.Case.line("expect", "rejects")
	for _, got := range more {
		r.Differences = append(r.Differences, Difference{Line: line, What: got.String(), Want: "loaded", Got: "rejected"})
	}
	return nil
}

// compareValues holds the figures of each date, as a reader of the release sees them, against those expected.
func (r *Result) compareValues(ctx context.Context, p *project.Project, run pipeline.Result) error {
	c := r.Case
	r.got = make([][]*float64, len(c.Expect.Values))
	for k, asOf := range c.AsOf {
		snap, err := snapshotOn(ctx, p, run, asOf)
		if err != nil {
			return fmt.Errorf("%s: as of %s: %w", c.File, asOf, err)
		}
		for i, want := range c.Expect.Values {
			region := want.Region
			if region == "" {
				d, _ := linesOf(p, want.ID)
				region = d.Region
			}
			got := snap.Series.At(kpi.Key{ID: want.ID, Measure: want.Measure, Region: region}, asOf)
			r.got[i] = append(r.got[i], got)
			expected := "a figure to be written"
			if len(want.Values) > 0 {
				expected = figure(want.Values[k])
			}
			if figure(got) != expected {
				d := Difference{Line: c.valueLine(i), ID: want.ID, Region: want.Region, Measure: want.Measure, AsOf: &asOf,
					Want: expected, Got: figure(got)}
				if got == nil {
					d.Lacks = lacking(snap, want.ID)
				}
				r.Differences = append(r.Differences, d)
			}
		}
	}
	slices.SortStableFunc(r.Differences, func(a, b Difference) int { return cmp.Compare(a.Line, b.Line) })
	return nil
}

// snapshotOn is what a release shows as of a date; nothing where nothing could be loaded.
func snapshotOn(ctx context.Context, p *project.Project, run pipeline.Result, asOf kpi.Date) (*kpi.Snapshot, error) {
	switch {
	case run.Release.ID == "":
		return &kpi.Snapshot{}, nil
	case run.Snapshot != nil && run.Release.AsOf == asOf:
		return run.Snapshot, nil
	}
	v, err := pipeline.OpenView(ctx, p, asOf)
	if err != nil {
		return nil, err
	}
	return v.Snapshot, v.Close()
}

// lacking names the sources that a commitment is answered from and that were not filed, or not up to the date.
func lacking(snap *kpi.Snapshot, id string) []string {
	var names []string
	for _, a := range snap.Attainments {
		if a.ID == id {
			for _, l := range a.Lacks {
				name := l.Name
				if !l.Filed.IsZero() {
					name += " after " + l.Filed.String()
				}
				names = append(names, name)
			}
			break
		}
	}
	return names
}

// figure writes a value as a case does.
func figure(v *float64) string {
	if v == nil {
		return "null"
	}
	return strconv.FormatFloat(*v, 'f', -1, 64)
}
