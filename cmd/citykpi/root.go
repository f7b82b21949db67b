package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime/debug"
	"slices"
	"time"
	_ "time/tzdata" // a minimal server may have no zone database

	"citykpi/pipeline"
	"citykpi/pipeline/durable"
	"citykpi/pipeline/inbox"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/project"
	"citykpi/pipeline/show"
	"citykpi/sql/query"

	"github.com/spf13/cobra"
)

// Exit codes, as in the README.
const (
	exitDone    = 0
	exitFailed  = 1
	exitUsage   = 2
	exitChecks  = 3
	exitSources = 4
	exitLocked  = 5
)

// version is what a release is stamped with; the build sets it.
var version = "dev"

// app is one invocation: what the global flags say and where its words go.
type app struct {
	project string
	format  string
	bom     bool
	noColor bool
	verbose bool
	now     string
	wait    time.Duration
	in      io.Reader
	out     io.Writer // results
	err     io.Writer // progress and logs
	log     *slog.Logger
}

var (
	errUsage   = errors.New("usage")
	errSources = errors.New("a source is missing or stale")
)

// Run executes one command line and returns its exit code.
func Run(ctx context.Context, args []string, in io.Reader, out, errw io.Writer) (code int) {
	shownOut, shownErr := show.NewWriter(out), show.NewWriter(errw)
	defer shownOut.Close()
	defer shownErr.Close()
	out, errw = shownOut, shownErr // cells and file names are of others: what they do to a terminal is shown instead
	a := &app{in: in, out: out, err: errw}
	defer func() {
		if r := recover(); r != nil {
			fmt.Fprintf(errw, "citykpi: internal error: %v\nPlease report it with the text below.\n%s", r, debug.Stack())
			code = exitFailed
		}
	}()
	root := a.root()
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errw)
	err := durable.Disk(root.ExecuteContext(ctx))
	tellOutcome(err)
	by, wasStopped := stoppedBy(ctx, err)
	if err != nil {
		mask := project.MaskOf(a.project) // it may name bureaus' files, and these people
		for _, line := range errorLines(err) {
			if !wasStopped || !onlyStopped(line) {
				fmt.Fprintln(errw, "citykpi: "+mask.Text(line))
			}
		}
	}
	if wasStopped {
		fmt.Fprintln(errw, "citykpi: "+by.Error())
		return by.exitCode()
	}
	return exitCode(err)
}

func exitCode(err error) int {
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errUsage):
		return exitUsage
	case errors.Is(err, pipeline.ErrChecks):
		return exitChecks
	case errors.Is(err, errSources):
		return exitSources
	case errors.Is(err, project.ErrLocked):
		return exitLocked
	}
	return exitFailed
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "citykpi",
		Short:         "Policy commitments of a city, computed from its bureaus' exports",
		Version:       version,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          usage(cobra.NoArgs),
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
		PersistentPreRunE: func(c *cobra.Command, _ []string) error {
			keepPrivate(c)
			level := slog.LevelInfo
			if a.verbose {
				level = slog.LevelDebug
			}
			a.log = slog.New(slog.NewTextHandler(a.err, &slog.HandlerOptions{Level: level}))
			if a.wait < 0 {
				return fmt.Errorf("%w: --wait %s: want 0 or longer, e.g. 10m", errUsage, a.wait)
			}
			switch {
			case slices.Contains([]string{"table", "csv", "json"}, a.format),
				c.Name() == sqlVerb && slices.Contains(query.Formats, query.Format(a.format)):
				return nil
			}
			if c.Name() == sqlVerb {
				return fmt.Errorf("%w: --format %s: want table, csv, json, ndjson, xlsx, parquet or arrow", errUsage, a.format)
			}
			return fmt.Errorf("%w: --format %s: want table, csv or json", errUsage, a.format)
		},
	}
	f := root.PersistentFlags()
	f.StringVar(&a.project, "project", ".", "the project's folder")
	f.StringVar(&a.format, "format", "table", "how results are printed: table, csv or json")
	f.BoolVar(&a.bom, "bom", false, "begin CSV with the mark that tells a spreadsheet it is UTF-8")
	f.BoolVar(&a.noColor, "no-color", false, "print without colours")
	f.BoolVarP(&a.verbose, "verbose", "v", false, "log what is being done and how long it takes")
	f.DurationVar(&a.wait, "wait", handsWait, "how long to wait for another command that writes to the project; jobs wait 10m")
	f.StringVar(&a.now, "now", "", "work as if it were this time (2026-10-16T02:30), not the clock's")
	_ = f.MarkHidden("now")
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return fmt.Errorf("%w: %w. Try: %s --help", errUsage, err, c.CommandPath())
	})
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(a.demoCmd(), a.initCmd(), a.loadCmd(), a.runCmd(), a.checkCmd(), a.kpiCmd(), a.rejectsCmd(),
		a.sqlCmd(), a.sqlChildCmd(), a.reportCmd(), a.scheduleCmd(), a.releaseCmd(), a.closeCmd(), a.verifyCmd(), a.lakeCmd(),
		a.testCmd(), a.doctorCmd(), a.schemaCmd(), a.licencesCmd())
	return root
}

// usage makes a wrong number of arguments a usage error.
func usage(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if err := check(c, args); err != nil {
			return fmt.Errorf("%w: %w. Try: %s --help", errUsage, err, c.CommandPath())
		}
		return nil
	}
}

// group is a verb that has others and does nothing itself.
func group(use, short string, verbs ...*cobra.Command) *cobra.Command {
	cmd := verb(use, short, cobra.NoArgs, func(c *cobra.Command, _ []string) error { return c.Help() })
	cmd.AddCommand(verbs...)
	return cmd
}

// verb is one without flags of its own.
func verb(use, short string, args cobra.PositionalArgs, run func(*cobra.Command, []string) error) *cobra.Command {
	return &cobra.Command{Use: use, Short: short, Args: usage(args), RunE: run}
}

var shanghai = func() *time.Location {
	loc, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		panic(err) // tzdata is linked in
	}
	return loc
}()

// clock is the one place that asks what time it is.
func (a *app) clock() (time.Time, error) {
	if a.now == "" {
		return time.Now().In(shanghai).Truncate(time.Second), nil
	}
	t, err := time.ParseInLocation("2006-01-02T15:04", a.now, shanghai)
	if err != nil {
		return t, fmt.Errorf("%w: --now %s: want the form 2026-10-16T02:30", errUsage, a.now)
	}
	return t, nil
}

// machine is the clock that files go by. It is the machine's own whatever --now says; tests move it
// on, so that what they have just written has settled.
var machine = inbox.Clock{Now: time.Now, Sleep: func(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}}

func dateFlag(name, value string) (kpi.Date, error) {
	if value == "" {
		return kpi.Date{}, nil
	}
	d, err := kpi.ParseDate(value)
	if err != nil {
		return d, fmt.Errorf("%w: --%s: %w", errUsage, name, err)
	}
	return d, nil
}

func (a *app) open() (*project.Project, error) { return project.Open(a.project) }

// patience is how a command that writes waits for others that do.
func (a *app) patience(c *cobra.Command) project.Patience {
	return project.Patience{
		Verb: c.CommandPath(), Wait: a.wait, Stop: c.Context().Done(),
		Waiting: func(holder string) { fmt.Fprintf(a.err, "waiting for the lock, %s\n", holder) },
	}
}
