package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"citykpi/pipeline"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/load"
	"citykpi/pipeline/project"
	"citykpi/pipeline/release"
	"citykpi/pipeline/show"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
)

func (a *app) loadCmd() *cobra.Command {
	var confirmed, trustClock bool
	cmd := &cobra.Command{
		Use:   "load [FILE…]",
		Short: "Load exports into the lake: the given files, or everything in var/inbox and what databases have that is new",
		Long: `Load sniffs each file, finds the contract it answers, checks every row and keeps
what holds as one immutable batch. Rows that break the contract are kept aside
with the reason; see citykpi rejects. The same bytes for the same period are never
loaded twice.

Without files it also asks the databases of citykpi.yml for what contracts pull from
them: what is new goes into the inbox as a Parquet file and is loaded like any other.

A file of a source that adds to what it filed before may correct that, in columns of
any export: 处理方式 says 更正 or 作废 of a row, and a key column with 原 before its
header (原签约日期) what the row it speaks of had there; without it that is the row
with the same key. 作废 needs the key alone. A key that was replaced means the row in its
place; a row that comes after its 作废 or 更正, or comes again, stays out, unless 处理方式
or its file's name says 补报. load says which rows of a file do not count, also of one that
it had loaded before; kpi explain lists every such step.

A file is held when its date or its rows are odd: far fewer rows than before, the
same rows as before, a day that another file covers, a day to come, a 合计 that its
own rows do not add up to. It stays in the inbox until --confirm names it.

A file that is still being written is left for the next load: one that somebody has
open for writing, or that changed within the last seconds (settle in citykpi.yml).
What is loaded has been taken out of the inbox first: whatever is put there under
the same name meanwhile is another file. A file that is named and lies elsewhere stays
where it is, and no copy of it is kept: put it into the inbox to have it among the originals.`,
		RunE: func(c *cobra.Command, files []string) error {
			if confirmed && len(files) == 0 {
				return fmt.Errorf("%w: --confirm wants the files that were looked at", errUsage)
			}
			p, err := project.OpenSources(a.project)
			if err != nil {
				return err
			}
			now, err := a.clock()
			if err != nil {
				return err
			}
			p.Patience = a.patience(c)
			var pruned pipeline.Pruned
			watch, finish := a.watch()
			results, err := pipeline.Load(c.Context(), p, files, pipeline.Options{
				Now: now, Watch: watch, Confirmed: confirmed, TrustClock: trustClock, Clock: &machine,
				Finally: a.finish(c.Context(), p, now, &pruned.History),
			})
			finish()
			if err != nil && len(results) == 0 && a.format != "json" {
				return err // whether there is something to load is not known
			}
			if printErr := a.printRun(pipeline.Result{Files: results, Pruned: pruned}, false); printErr != nil {
				return printErr
			}
			return err
		},
	}
	cmd.Flags().BoolVar(&confirmed, "confirm", false, "load the named files although they were held")
	trustClockFlag(cmd, &trustClock)
	return cmd
}

func (a *app) runCmd() *cobra.Command {
	var asOf, knownAt string
	var full, serve, trustClock bool
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Load the inbox, compute everything, check it and publish a release",
		Long: `Load the inbox, compute everything, check it and publish a release, which serves from
then on. With nothing new none is made.

A release for an earlier date than what serves, for a day to come, or for what was known at
an earlier time, is put beside the others: release list shows it, and its pages say so. It
restates no quarter that was not closed by then. --serve makes it serve all the same,
until the next run; a release for a day to come never does.`,
		Args: usage(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			o, err := a.options(asOf, knownAt)
			if err != nil {
				return err
			}
			p, err := a.open()
			if err != nil {
				return err
			}
			if serve && asOf == "" && knownAt == "" {
				return fmt.Errorf("%w: --serve goes with --as-of or --known-at: any other release serves by itself", errUsage)
			}
			o.Full, o.Serve, o.TrustClock = full, serve, trustClock
			return a.run(c, p, o)
		},
	}
	cmd.Flags().StringVar(&asOf, "as-of", "", "date the figures are for (default: the last quarter end the data reaches)")
	cmd.Flags().StringVar(&knownAt, "known-at", "", "count only what was loaded by this time (2025-10-15 or 2025-10-15T09:00)")
	cmd.Flags().BoolVar(&serve, "serve", false, "the release serves although it is for an earlier date or time than what serves")
	cmd.Flags().BoolVar(&full, "full", false, "make a release even if nothing is new")
	trustClockFlag(cmd, &trustClock)
	return cmd
}

func trustClockFlag(cmd *cobra.Command, trust *bool) {
	cmd.Flags().BoolVar(trust, "trust-clock", false, "this time is right although batches or releases bear a later one, or are "+
		"years old; it is kept")
}

func (a *app) checkCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Check definitions, data and freshness, with the rows that fail; publishes nothing",
		Args:  usage(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			p, err := a.open()
			if err != nil {
				return err
			}
			o, err := a.options("", "")
			if err != nil {
				return err
			}
			o.DryRun, o.SkipInbox = true, true
			r, err := pipeline.Run(c.Context(), p, o)
			if err != nil {
				return err
			}
			return errors.Join(a.printChecks(r), a.printStanding(p))
		},
	}
	return cmd
}

// printStanding says what is to be known of the release that serves.
func (a *app) printStanding(p *project.Project) error {
	store := pipeline.Releases(p)
	stands, err := store.Standing()
	if err != nil {
		return err
	}
	a.sayPin(stands)
	if stands.Damage != nil {
		return fmt.Errorf("%w. Try: %s", stands.Damage, store.Offer(stands.Serving.ID))
	}
	return nil
}

// options are those of a run, the clock read once.
func (a *app) options(asOf, knownAt string) (o pipeline.Options, err error) {
	if o.Now, err = a.clock(); err != nil {
		return o, err
	}
	if o.AsOf, err = dateFlag("as-of", asOf); err != nil {
		return o, err
	}
	if o.KnownAt, err = knownAtFlag(knownAt); err != nil {
		return o, err
	}
	o.Version, o.Clock = version, &machine
	if began := time.Now(); a.now == "" {
		o.Elapsed = func() time.Duration { return time.Since(began) }
	}
	return o, nil
}

func knownAtFlag(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	if d, err := time.ParseInLocation(time.DateOnly, s, shanghai); err == nil {
		return d.AddDate(0, 0, 1).Add(-time.Nanosecond), nil // by the end of that day
	}
	for _, form := range []string{"2006-01-02T15:04", time.RFC3339} {
		if t, err := time.ParseInLocation(form, s, shanghai); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%w: --known-at %s: want 2025-10-15 or 2025-10-15T09:00", errUsage, s)
}

// run runs the pipeline and says what came of it.
func (a *app) run(c *cobra.Command, p *project.Project, o pipeline.Options) error {
	watch, finish := a.watch()
	o.Watch, p.Patience = watch, a.patience(c)
	o.Render = func(dir string, s *kpi.Snapshot, behind *pipeline.Site) error { return a.render(p, dir, s, behind) }
	var history int
	o.Finally = a.finish(c.Context(), p, o.Now, &history)
	r, err := pipeline.Run(c.Context(), p, o)
	finish()
	r.Pruned.History = history
	if printErr := a.printRun(r, true); printErr != nil {
		return printErr
	}
	_, bad := loadJobs(p) // no reason not to publish, but whoever reads this may not see the scheduler's log
	a.sayBadJobs(bad)
	return errors.Join(err, r.Damaged)
}

// watch shows loading as a bar on a terminal, and stages in the log with -v.
func (a *app) watch() (w pipeline.Watch, finish func()) {
	finish = func() {}
	if terminal(a.err) && a.format == "table" {
		var bar *progressbar.ProgressBar
		w.Loading = func(done, total int64, _ string) {
			if bar == nil {
				bar = a.bar("loading", total)
			}
			bar.Set64(done)
		}
		finish = func() {
			if bar != nil {
				bar.Finish()
			}
		}
	}
	began := map[string]time.Time{}
	w.Stage = func(name string, made bool) {
		if made {
			a.log.Debug("stage", "name", name, "ms", time.Since(began[name]).Milliseconds())
			return
		}
		began[name] = time.Now()
	}
	return w, finish
}

// runRecord is what load and run print as JSON.
type runRecord struct {
	Files   []load.FileResult `json:"files"`
	Release *string           `json:"release"`
	New     bool              `json:"new"`
	Beside  bool              `json:"beside"` // the release is for an earlier date or time, and does not serve
	Checks  []checkRecord     `json:"checks"`
}

type checkRecord struct {
	Name   string `json:"name"`
	Status string `json:"status"`
	Rows   int64  `json:"rows"`
}

func (a *app) printRun(r pipeline.Result, ran bool) error {
	rec := runRecord{Files: r.Files, New: r.New, Beside: r.Beside && r.Release.ID != "", Checks: []checkRecord{}}
	if rec.Files == nil {
		rec.Files = []load.FileResult{}
	}
	if r.Release.ID != "" {
		rec.Release = &r.Release.ID
	}
	for _, c := range r.Checks {
		rec.Checks = append(rec.Checks, checkRecord{c.Name, string(c.Status), c.Rows})
	}
	if a.format == "json" {
		return writeJSON(a.out, rec)
	}
	if len(r.Files) > 0 {
		if err := a.print(fileListing(r.Files), nil); err != nil || a.format == "csv" {
			return err
		}
		for _, f := range r.Files {
			if f.Error != "" { // a line of its own: it says where and what next
				fmt.Fprintf(a.out, "%s  %s: %s\n", show.Line(f.File), f.Status,
					show.Line(strings.TrimPrefix(f.Error, filepath.Base(f.File)+": ")))
			}
			for _, note := range f.Notes {
				fmt.Fprintf(a.out, "%s  %s\n", show.Line(f.File), show.Line(note))
			}
		}
	} else if !ran {
		fmt.Fprintln(a.out, "nothing to load")
	}
	if what := r.Pruned.String(); what != "" {
		fmt.Fprintf(a.out, "pruned  %s, older than retain: in %s says\n", what, project.ConfigFile)
	}
	if r.NotPruned != nil {
		fmt.Fprintf(a.err, "not pruned: %v\n", r.NotPruned)
	}
	if !ran {
		return nil
	}
	for _, words := range r.Unread {
		fmt.Fprintln(a.err, words)
	}
	a.printFailures(r)
	if len(r.Checks) > 0 {
		fmt.Fprintln(a.out, "checks  "+checkCounts(r.Checks))
	}
	if n := len(r.Release.Restated); n > 0 {
		fmt.Fprintf(a.out, "restated %d figures of closed quarters. Try: citykpi close\n", n)
	}
	switch {
	case r.Beside && r.Release.ID != "":
		if r.New {
			fmt.Fprintf(a.out, "release %s  as of %s  %s\n", r.Release.ID, r.Release.AsOf, lightCounts(r.Snapshot))
			fmt.Fprintln(a.out, "site    "+filepath.Join(a.project, "var", "releases", r.Release.ID, release.SiteDir, "index.html"))
		} else {
			fmt.Fprintf(a.out, "nothing new; release %s is there already\n", r.Release.ID)
		}
		if r.Release.Ahead() {
			fmt.Fprintf(a.out, "it lies beside the release that serves, and never does so itself: %s is to come\n", r.Release.AsOf)
			break
		}
		fmt.Fprintln(a.out, "it lies beside the release that serves: it is for an earlier date or time. Try: --serve, if it is to serve")
	case r.New && r.Pin != nil:
		fmt.Fprintf(a.out, "release %s  as of %s  %s\n", r.Release.ID, r.Release.AsOf, lightCounts(r.Snapshot))
		fmt.Fprintf(a.out, "it waits: %s. Try: citykpi release unpin\n", r.Pin)
	case r.New:
		fmt.Fprintf(a.out, "release %s  as of %s  %s\n", r.Release.ID, r.Release.AsOf, lightCounts(r.Snapshot))
		fmt.Fprintln(a.out, "site    "+filepath.Join(a.project, "var", "releases", r.Release.ID, release.SiteDir, "index.html"))
	case r.Release.ID != "":
		fmt.Fprintf(a.out, "nothing new; release %s serves\n", r.Release.ID)
		if r.Pin != nil {
			fmt.Fprintf(a.out, "%s; %d made since then wait. Try: citykpi release unpin\n", r.Pin, len(r.Waiting))
		}
	}
	return nil
}

func fileListing(files []load.FileResult) listing {
	l := listing{
		columns: []string{"file", "source", "form", "read", "loaded", "rejected", "dropped", "status"},
		right:   []string{"read", "loaded", "rejected", "dropped"},
	}
	for _, f := range files {
		if f.Status != load.StatusLoaded && f.Status != load.StatusKnown {
			l.add(f.File, f.Source, f.Encoding, "", "", "", "", f.Status)
			continue
		}
		l.add(f.File, f.Source, f.Encoding,
			count(f.Read), count(f.Loaded), count(f.Rejected), count(f.Dropped), f.Status)
	}
	return l
}

func checkCounts(checks []kpi.Check) string {
	n := map[kpi.CheckStatus]int{}
	for _, c := range checks {
		n[c.Status]++
	}
	return fmt.Sprintf("%d passed, %d warned, %d failed", n[kpi.CheckPassed], n[kpi.CheckWarned], n[kpi.CheckFailed])
}

// lightCounts sums the lights of a release: 5 已完成 · 3 绿 · 11 其他.
func lightCounts(s *kpi.Snapshot) string {
	n, other, total := map[kpi.Light]int{}, 0, 0
	region := map[string]string{} // of each commitment's document
	for _, d := range s.Documents {
		for _, c := range d.Commitments {
			region[c.ID] = d.Region
		}
	}
	for _, at := range s.Attainments {
		if at.Region != region[at.ID] {
			continue
		}
		total++
		if at.Light == kpi.NoData || at.Light == kpi.NoLight {
			other++
		} else {
			n[at.Light]++
		}
	}
	var parts []string
	for _, l := range kpi.Lights {
		if n[l] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n[l], l.Chinese()))
		}
	}
	parts = append(parts, fmt.Sprintf("%d 其他", other))
	return fmt.Sprintf("%d commitments: %s", total, strings.Join(parts, " · "))
}

func (a *app) printFailures(r pipeline.Result) {
	for _, f := range r.Failures {
		fmt.Fprintf(a.out, "%s  %s: %d rows\n", f.Status, f.Name, f.Rows)
		if f.Status == kpi.CheckFailed || a.verbose {
			_ = a.print(listing{columns: f.Columns, rows: f.Sample[:min(5, len(f.Sample))]}, nil)
		}
	}
}

// printChecks lists every check, how every source stands, who filed when, and what is
// held; a missing or stale
// source that a commitment needs is exit code 4, a failed check 3.
func (a *app) printChecks(r pipeline.Result) error {
	if a.format == "json" {
		return writeJSON(a.out, struct {
			Checks   []kpi.Check `json:"checks"`
			Failures any         `json:"failures"`
			Sources  any         `json:"sources"`
			Calendar any         `json:"calendar"`
			Held     any         `json:"held"`
		}{r.Checks, r.Failures, r.Snapshot.Submissions, r.Snapshot.Calendar, r.Snapshot.Held})
	}
	l := listing{columns: []string{"status", "kind", "check", "rows"}, right: []string{"rows"}}
	for _, c := range r.Checks {
		l.add(string(c.Status), c.Kind, c.Name, count(c.Rows))
	}
	if err := a.print(l, nil); err != nil {
		return err
	}
	if a.format == "table" {
		fmt.Fprintln(a.out)
		a.printFailures(r)
	}
	fresh := listing{columns: []string{"source", "bureau", "status", "data date", "due", "batches"}, right: []string{"batches"}}
	var late []string
	for _, s := range r.Snapshot.Submissions {
		fresh.add(s.Source+" "+s.Name, s.Bureau, s.Status.Chinese(), orDash(s.DataDate.String()), s.Due.String(), count(int64(s.Batches)))
		if s.Status != kpi.SourceReady {
			late = append(late, s.Name)
		}
	}
	more := []listing{fresh, calendarListing(r.Snapshot.Calendar)}
	if len(r.Snapshot.Held) > 0 {
		more = append(more, heldListing(r.Snapshot.Held))
	}
	for _, l := range more {
		if err := a.print(l, nil); err != nil {
			return err
		}
		if a.format == "table" {
			fmt.Fprintln(a.out)
		}
	}
	fmt.Fprintln(a.err, "checks  "+checkCounts(r.Checks))
	for _, c := range r.Checks {
		if c.Status == kpi.CheckFailed {
			return pipeline.ErrChecks
		}
	}
	if late != nil {
		return fmt.Errorf("%w: %s", errSources, strings.Join(late, "、"))
	}
	return nil
}
