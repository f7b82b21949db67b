package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"citykpi/data/demo"
	"citykpi/pipeline"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/project"

	"github.com/spf13/cobra"
)

func (a *app) demoCmd() *cobra.Command {
	o := demo.Options{}
	var dir string
	var writeOnly bool
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "A project with synthetic exports of a city and the values they must give, computed",
		Long: `Demo writes a project with four years of exports as bureaus write them, and
truth.json with the values the commitments must have. It loads them on the days they
came, most in time and some late, runs the project, closes the last quarter, and the one in
which most of what was promised fell due, and takes in what the bureaus send after that and what one commitment is defined by since, so
that there are figures to restate. The same seed writes the same bytes.`,
		Args: usage(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			if err := newProject(dir, demoConfig()); err != nil {
				return err
			}
			fmt.Fprintf(a.err, "writing a city of %s enterprises into %s\n", count(int64(o.Enterprises)), dir)
			o.HoldBack = !writeOnly
			written, err := demo.Write(dir, o)
			if err != nil || writeOnly {
				return err
			}
			a.project = dir
			return a.runDemo(c, written.Arrivals)
		},
	}
	f := cmd.Flags()
	f.StringVar(&dir, "dir", "citykpi-demo", "where the project is written")
	f.IntVar(&o.Enterprises, "enterprises", 60000, "size of the city")
	f.Int64Var(&o.Seed, "seed", 1, "another city of the same size")
	f.BoolVar(&writeOnly, "write-only", false, "write the project and stop")
	return cmd
}

// demoConfig uses everything that is shipped, so that the demo shows it.
func demoConfig() project.Config {
	c := project.DefaultConfig
	c.Jurisdictions = []string{"320100", "230000", "320600"}
	c.Documents = []string{"NJ88", "NJGT", "NJSG", "HLJ", "NT"}
	return c
}

// runDemo runs a demo whose late files are held back: load what came day by day,
// publish, close the last quarter, take in what is late, publish again.
func (a *app) runDemo(c *cobra.Command, came []demo.Arrival) error {
	p, err := a.open()
	if err != nil {
		return err
	}
	o, err := a.options("", "")
	if err != nil {
		return err
	}
	if added := demo.Uncovered(p.Documents); len(added) > 0 {
		fmt.Fprintf(a.err, "not covered by the demo's truth: %s\n", strings.Join(added, ", "))
	}
	if err := a.loadAsItCame(c.Context(), p, came, o.Now); err != nil {
		return err
	}
	o.Clock = nil // nobody is writing to this inbox
	if err := a.run(c, p, o); err != nil {
		return err
	}
	current, err := pipeline.Releases(p).Current()
	if err != nil {
		return err
	}
	for _, q := range demo.Closed(kpi.QuarterOf(current.AsOf)) {
		if _, err := pipeline.Close(c.Context(), p, q, o.Now); err != nil {
			return err
		}
	}
	if err := demo.Deliver(p.Dir); err != nil {
		return err
	}
	if p, err = a.open(); err != nil { // one definition is another since
		return err
	}
	if o, err = a.options("", ""); err != nil {
		return err
	}
	o.Clock = nil
	return a.run(c, p, o)
}

// loadAsItCame loads the files of each day on that day. What would come after now is
// left in the inbox.
func (a *app) loadAsItCame(ctx context.Context, p *project.Project, came []demo.Arrival, now time.Time) error {
	for _, day := range came {
		at := time.Date(day.Day.Year, day.Day.Month, day.Day.Day, 9, 30, 0, 0, shanghai)
		if at.After(now) {
			break
		}
		files := make([]string, len(day.Files))
		for i, f := range day.Files {
			files[i] = p.Var("inbox", filepath.FromSlash(f))
		}
		watch, finish := a.watch()
		results, err := pipeline.Load(ctx, p, files, pipeline.Options{Now: at, Watch: watch})
		finish()
		if err != nil {
			for _, r := range results {
				if r.Error != "" {
					fmt.Fprintf(a.err, "%s  %s: %s\n", r.File, r.Status, r.Error)
				}
			}
			return err
		}
		fmt.Fprintf(a.err, "%s  %d files loaded\n", day.Day, len(results))
	}
	return nil
}
