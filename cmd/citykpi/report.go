package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"citykpi/pipeline"
	"citykpi/pipeline/durable"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/project"
	"citykpi/pipeline/release"
	"citykpi/reports/dashboard"
	"citykpi/reports/dispatch"

	"github.com/spf13/cobra"
)

// writers of the quarterly dispatch report, by the format --to names.
var quarterlyWriters = map[string]func(io.Writer, *kpi.Snapshot, kpi.Quarter) error{
	"html": dispatch.HTML,
	"xlsx": dispatch.XLSX,
}

func (a *app) reportCmd() *cobra.Command {
	return group("report", "Reports from the release", group("build", "Write a report", a.reportQuarterlyCmd()))
}

func (a *app) reportQuarterlyCmd() *cobra.Command {
	var period, out string
	var to []string
	cmd := &cobra.Command{
		Use:   "quarterly",
		Short: "The dispatch report of a quarter (调度报告)",
		Args:  usage(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			for _, format := range to {
				if quarterlyWriters[format] == nil {
					return fmt.Errorf("%w: --to %s: want html, xlsx", errUsage, format)
				}
			}
			p, err := a.open()
			if err != nil {
				return err
			}
			current, err := pipeline.Releases(p).Current()
			if err != nil {
				return err
			}
			q := kpi.QuarterOf(kpi.LastQuarterEnd(current.AsOf))
			if period != "last" {
				if q, err = kpi.ParseQuarter(period); err != nil {
					return fmt.Errorf("%w: --period: %w, or last", errUsage, err)
				}
			}
			if q.End().After(current.AsOf) {
				return fmt.Errorf("report %s: release %s is as of %s. Try: citykpi run --as-of %s", q, current.ID, current.AsOf, q.End())
			}
			v, err := pipeline.OpenView(c.Context(), p, q.End())
			if err != nil {
				return err
			}
			defer v.Close()
			makeDir, write := func(dir string) error { return os.MkdirAll(dir, 0o777) }, durable.WriteOut
			if out == "" {
				out, makeDir, write = p.Var("reports", current.ID), durable.MakeDir, durable.WriteFile
			}
			if err := makeDir(out); err != nil {
				return fmt.Errorf("report %s: %w", q, err)
			}
			return a.writeQuarterly(out, v.Snapshot, q, to, write)
		},
	}
	cmd.Flags().StringVar(&period, "period", "last", "the quarter, 2026Q3; last is the release's last complete one")
	cmd.Flags().StringSliceVar(&to, "to", []string{"html", "xlsx"}, "formats to write: html, xlsx")
	cmd.Flags().StringVar(&out, "out", "", "folder (default: var/reports/<release>)")
	return cmd
}

func quarterlyName(q kpi.Quarter, format string) string {
	return fmt.Sprintf("调度报告_%s.%s", q, format)
}

func (a *app) writeQuarterly(dir string, s *kpi.Snapshot, q kpi.Quarter, to []string, write func(path string, data []byte) error) error {
	type record struct {
		Format string `json:"format"`
		File   string `json:"file"`
	}
	records := []record{}
	for _, format := range to {
		var b bytes.Buffer
		if err := quarterlyWriters[format](&b, s, q); err != nil {
			return fmt.Errorf("report %s: %w", q, err)
		}
		path := filepath.Join(dir, quarterlyName(q, format))
		if err := write(path, b.Bytes()); err != nil {
			return fmt.Errorf("report %s: %w", q, err)
		}
		records = append(records, record{format, path})
	}
	if a.format == "json" {
		return writeJSON(a.out, records)
	}
	for _, r := range records {
		fmt.Fprintln(a.out, r.File)
	}
	return nil
}

// render writes the site of a release and, where it is as of a quarter's end,
// that quarter's report.
func (a *app) render(p *project.Project, dir string, s *kpi.Snapshot, behind *pipeline.Site) error {
	site := filepath.Join(dir, release.SiteDir)
	if err := durable.MakeDir(site); err != nil {
		return fmt.Errorf("render site: %w", err)
	}
	ctx := context.Background() // a release is rendered whole
	var err error
	if s.Jobs, err = a.scheduled(ctx, p, s.Release.CreatedAt); err != nil { // no reason not to publish
		a.log.Warn("the pages do not tell what was scheduled", "error", err)
	}
	if err := dashboard.Site(ctx, site, s, behind); err != nil {
		return fmt.Errorf("render site: %w", err)
	}
	q := kpi.QuarterOf(s.Release.AsOf)
	if q.End() != s.Release.AsOf {
		return nil
	}
	reports := filepath.Join(dir, release.ReportDir)
	if err := durable.MakeDir(reports); err != nil {
		return fmt.Errorf("render reports: %w", err)
	}
	for _, format := range []string{"html", "xlsx"} {
		f, err := durable.Create(filepath.Join(reports, quarterlyName(q, format)))
		if err != nil {
			return fmt.Errorf("render reports: %w", err)
		}
		if err := quarterlyWriters[format](f, s, q); err != nil {
			f.Close()
			return fmt.Errorf("render reports: %w", err)
		}
		if err := f.Close(); err != nil {
			return fmt.Errorf("render reports: %w", err)
		}
	}
	return nil
}
