package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"citykpi/pipeline/project"
	"citykpi/pipeline/show"
	"citykpi/sql/modeltest"

	"github.com/spf13/cobra"
)

var errCases = errors.New("cases do not hold")

func (a *app) testCmd() *cobra.Command {
	var update bool
	cmd := &cobra.Command{
		Use:   "test [MODEL…]",
		Short: "Run the cases that lie beside the models: exports, dates, and the figures that must come of them",
		Long: `Test runs the cases of the named models (enterprise_tier, core.enterprise_match), or all there are: the
project's own sql/*/*.test.yaml over the shipped ones. Of a model these are the cases that lie beside it and
those that expect a figure it counts; of one that has neither, those of the KPI models that read it.

Each case goes from the inbox to a release in a folder of its own, by the project's contracts, policies and
models with all their documents, and nothing is written to the project. How cases are written: sql/TESTING.md.

--update writes the figures that came out into the cases, where they differ or are not there yet, and nothing
else of them: look at what it changed. A shipped case is then the project's own. Rows that are rejected and files
that are refused it does not write.`,
		RunE: func(c *cobra.Command, models []string) error {
			p, err := a.open()
			if err != nil {
				return err
			}
			now, err := a.clock()
			if err != nil {
				return err
			}
			all, err := modeltest.Find(p)
			if err != nil {
				return err
			}
			report := &caseReport{app: a, update: update, project: p, Cases: []caseResult{}, Without: []string{}}
			cases := all
			if len(models) > 0 {
				if cases, err = modeltest.Of(p, all, models); err != nil {
					return err
				}
			} else {
				report.Without = append(report.Without, modeltest.Without(p, all)...)
			}
			dir, err := os.MkdirTemp("", "citykpi-test-")
			if err != nil {
				return err
			}
			defer os.RemoveAll(dir)
			if err := modeltest.NewRunner(p, dir, now).All(c.Context(), cases, report.tell); err != nil {
				return err
			}
			return report.end()
		},
	}
	cmd.Flags().BoolVar(&update, "update", false, "write the figures that came out into the cases")
	return cmd
}

// caseReport is what test prints: as a table case by case while they run. Others rely on its JSON.
type caseReport struct {
	app     *app
	project *project.Project
	update  bool
	Cases   []caseResult `json:"cases"`
	Without []string     `json:"models_without_case"` // of sql/kpi, when all cases were run
	failed  int
	updated int
}

type caseResult struct {
	File        string                 `json:"file"`
	Says        string                 `json:"case"`
	Status      string                 `json:"status"` // ok | failed | updated | wrong: it could not be run
	Differences []modeltest.Difference `json:"differences"`
	Error       string                 `json:"error,omitempty"`
}

func (r *caseReport) tell(res modeltest.Result, err error) {
	c := caseResult{File: res.Case.File, Says: res.Case.Says, Status: "ok", Differences: res.Differences}
	switch {
	case err != nil:
		c.Status, c.Error = "wrong", err.Error()
	case len(res.Differences) > 0:
		c.Status = "failed"
		if r.update {
			var left []modeltest.Difference
			if left, err = modeltest.Update(r.project, res); err != nil {
				c.Error = err.Error()
			} else if len(left) == 0 {
				c.Status = "updated"
			}
		}
	}
	switch c.Status {
	case "updated":
		r.updated++
	case "failed", "wrong":
		r.failed++
	}
	if c.Differences == nil {
		c.Differences = []modeltest.Difference{}
	}
	r.Cases = append(r.Cases, c)
	if r.app.format != "table" {
		return
	}
	out := r.app.out
	if c.Status == "ok" {
		fmt.Fprintf(out, "ok      %s  %s\n", c.File, show.Line(c.Says))
		return
	}
	fmt.Fprintf(out, "%-7s %s  %s\n", strings.ToUpper(c.Status), c.File, show.Line(c.Says))
	for _, d := range c.Differences {
		fmt.Fprintf(out, "        %s:%d: %s\n", c.File, d.Line, show.Line(d.String()))
	}
	if err != nil {
		for _, line := range errorLines(err) {
			fmt.Fprintf(out, "        %s\n", line)
		}
	}
}

// end prints what stands at the end, and is an error if a case does not hold.
func (r *caseReport) end() error {
	switch r.app.format {
	case "json":
		if err := writeJSON(r.app.out, r); err != nil {
			return err
		}
	case "csv":
		if err := r.app.csv(r.listing()); err != nil {
			return err
		}
	default:
		fmt.Fprintf(r.app.out, "\ncases: %d, failed: %d", len(r.Cases), r.failed)
		if r.update {
			fmt.Fprintf(r.app.out, ", updated: %d", r.updated)
		}
		fmt.Fprintln(r.app.out)
		if len(r.Without) > 0 {
			fmt.Fprintf(r.app.out, "models without a case: %s\n", strings.Join(r.Without, ", "))
		}
	}
	if r.failed > 0 {
		return fmt.Errorf("%d of %d %w", r.failed, len(r.Cases), errCases)
	}
	return nil
}

// listing has a row for each case that holds and for each difference of the others.
func (r *caseReport) listing() listing {
	l := listing{columns: []string{"status", "file", "line", "case", "what", "want", "got"}, right: []string{"line"}}
	for _, c := range r.Cases {
		switch {
		case c.Error != "":
			l.add(c.Status, c.File, "", c.Says, c.Error, "", "")
		case len(c.Differences) == 0:
			l.add(c.Status, c.File, "", c.Says, "", "", "")
		}
		for _, d := range c.Differences {
			l.add(c.Status, c.File, strconv.Itoa(d.Line), c.Says, d.Subject(), d.Want, d.Got)
		}
	}
	return l
}
