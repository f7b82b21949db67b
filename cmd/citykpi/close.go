package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"citykpi/pipeline"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/project"
	"citykpi/pipeline/release"
	rates "citykpi/reports/figure"

	"github.com/spf13/cobra"
)

func (a *app) closeCmd() *cobra.Command {
	var reopen, show bool
	var reason string
	cmd := &cobra.Command{
		Use:   "close [QUARTER]",
		Short: "Freeze a quarter's figures; without a quarter: what is closed, and what has been restated since",
		Long: `Close keeps the figures of a quarter as the current release has them: they stay the
published ones. When data that comes later, or a changed definition, gives another
figure, every release prints it as a restatement: old, new, cause. The verdicts that it
gave of deadlines are kept as well, and stand beside those that read otherwise.`,
		Example: "  citykpi close 2026Q3\n  citykpi close 2026Q3 --show\n  citykpi close 2026Q3 --reopen --reason '市科技局更正名单'",
		Args:    usage(cobra.MaximumNArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return a.listClosed(c.Context())
			}
			q, err := kpi.ParseQuarter(args[0])
			if err != nil {
				return fmt.Errorf("%w: %w", errUsage, err)
			}
			now, err := a.clock()
			if err != nil {
				return err
			}
			p, err := a.open()
			if err != nil {
				return err
			}
			p.Patience = a.patience(c)
			switch {
			case show:
				return errors.Join(a.showClosed(p, q), pipeline.ClosedWhole(c.Context(), p))
			case reopen:
				if err := pipeline.Reopen(p, q, reason, now); err != nil {
					return err
				}
				fmt.Fprintf(a.out, "%s is open again\n", q)
				return nil
			}
			closed, err := pipeline.Close(c.Context(), p, q, now)
			if err != nil {
				return err
			}
			fmt.Fprintf(a.out, "%s closed with %d figures of release %s\n", q, len(closed.Values), closed.Release)
			return nil
		},
	}
	cmd.Flags().BoolVar(&show, "show", false, "print the figures as published")
	cmd.Flags().BoolVar(&reopen, "reopen", false, "give the published figures up")
	cmd.Flags().StringVar(&reason, "reason", "", "why the quarter is reopened; it is kept")
	return cmd
}

// listClosed prints the closed quarters and the restatements of the current release, and then what
// was closed and is not there any more as it was.
func (a *app) listClosed(ctx context.Context) (err error) {
	p, err := a.open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pipeline.ClosedWhole(ctx, p)) }()
	closed, err := pipeline.ClosedQuarters(p)
	if err != nil {
		return err
	}
	current, err := pipeline.Releases(p).Current()
	if err != nil && !errors.Is(err, release.ErrNone) {
		return err
	}
	type quarter struct {
		Quarter  kpi.Quarter `json:"quarter"`
		ClosedAt time.Time   `json:"closed_at"`
		Release  string      `json:"release"`
		Figures  int         `json:"figures"`
		Restated int         `json:"restated"`
	}
	quarters, restated := []quarter{}, current.Restated
	l := listing{columns: []string{"quarter", "closed", "release", "figures", "restated"}, right: []string{"figures", "restated"}}
	for _, c := range closed {
		n := 0
		for _, r := range restated {
			if r.Quarter == c.Quarter {
				n++
			}
		}
		quarters = append(quarters, quarter{c.Quarter, c.ClosedAt, c.Release, len(c.Values), n})
		l.add(c.Quarter.String(), c.ClosedAt.In(shanghai).Format(toMinute), c.Release, count(int64(len(c.Values))), count(int64(n)))
	}
	if a.format == "json" {
		if restated == nil {
			restated = []kpi.Restatement{}
		}
		return writeJSON(a.out, struct {
			Closed   []quarter         `json:"closed"`
			Restated []kpi.Restatement `json:"restated"`
		}{quarters, restated})
	}
	if err := a.print(l, nil); err != nil || len(restated) == 0 || a.format == "csv" {
		return err
	}
	fmt.Fprintln(a.out)
	r := listing{columns: []string{"quarter", "id", "measure", "region", "published", "now", "cause", "came", "went", "changed"},
		right: []string{"published", "now", "came", "went", "changed"}}
	units := unitsOf(p.Documents)
	for _, s := range restated {
		r.add(s.Quarter.String(), s.ID, s.Measure, s.Region, units.published(s, s.Old), units.published(s, s.New), s.Reasons(),
			count(s.Came), count(s.Went), count(s.Changed))
	}
	return a.print(r, nil)
}

// showClosed prints a quarter's figures as they were published.
func (a *app) showClosed(p *project.Project, q kpi.Quarter) error {
	c, err := pipeline.ClosedQuarter(p, q)
	if err != nil {
		return fmt.Errorf("%s: %w", q, err)
	}
	l := listing{columns: []string{"id", "measure", "region", "published"}, right: []string{"published"}}
	for _, v := range c.Values {
		l.add(v.ID, v.Measure, v.Region, number(&v.Value))
	}
	return a.print(l, c)
}

// lineUnits is the unit of every line of the catalogue.
type lineUnits map[kpi.Key]string

func unitsOf(documents []kpi.Document) lineUnits {
	units := lineUnits{}
	for _, d := range documents {
		for _, c := range slices.Concat(d.Commitments, d.Indicators) {
			units[kpi.Key{ID: c.ID}] = c.ValueUnit()
			for _, m := range c.Also {
				units[kpi.Key{ID: c.ID, Measure: m.Name}] = cmp.Or(m.Unit, c.ValueUnit())
			}
		}
	}
	return units
}

// published is one of the two figures of a restatement in its own unit, with the decimals that
// both have: amounts and rates two, of a quantity those it is counted in.
func (u lineUnits) published(r kpi.Restatement, v *float64) string {
	if v == nil {
		return "—"
	}
	unit := u[kpi.Key{ID: r.ID, Measure: r.Measure}]
	decimals := 0
	if unit == rates.Yuan || unit == "%" {
		decimals = 2
	}
	for _, f := range []*float64{r.Old, r.New} {
		if f != nil && *f != math.Trunc(*f) {
			decimals = 2 // the warehouse has no more
		}
	}
	return strings.ReplaceAll(rates.Number(*v, decimals), "−", "-")
}
