package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"citykpi/data"
	"citykpi/data/demo"
	"citykpi/pipeline"
	"citykpi/pipeline/kpi"
	"citykpi/schedules"
	models "citykpi/sql"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"
)

func (a *app) initCmd() *cobra.Command {
	return &cobra.Command{
		Use:   "init DIR",
		Short: "A new project: config, folders, editable copies of policies, contracts, models, schedules",
		Long: `Init writes a project. Its copies of policies, contracts, models and schedules win
over the embedded ones file by file: delete those you do not change, and they
follow the program's own from then on.`,
		Args: usage(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			dir := args[0]
			if err := newProject(dir); err != nil {
				return err
			}
			for sub, files := range map[string]fs.FS{"data": data.FS, "sql": models.FS, "schedules": schedules.FS} {
				if err := os.CopyFS(filepath.Join(dir, sub), files); err != nil {
					return fmt.Errorf("init %s: %w", dir, err)
				}
			}
			p, err := pipeline.OpenProject(dir)
			if err != nil {
				return err
			}
			for _, c := range p.Contracts {
				if err := os.MkdirAll(p.Var("inbox", c.Bureau), 0o755); err != nil {
					return err
				}
			}
			fmt.Fprintf(a.out, "project %s\nNext: put exports into %s, then citykpi --project %s run\n", dir, p.Var("inbox", "<bureau>"), dir)
			return nil
		},
	}
}

// newProject writes citykpi.yml and the folders of run state into dir.
func newProject(dir string) error {
	path := filepath.Join(dir, pipeline.ConfigFile)
	if _, err := os.Stat(path); err == nil {
		return fmt.Errorf("%s exists already. Try: another folder", path)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	text, err := yaml.Marshal(pipeline.DefaultConfig)
	if err != nil {
		return err
	}
	for _, sub := range []string{"inbox", "outbox", "lake", "releases", "logs"} {
		if err := os.MkdirAll(filepath.Join(dir, "var", sub), 0o755); err != nil {
			return err
		}
	}
	return os.WriteFile(path, append([]byte("# A citykpi project. See README.md.\n"), text...), 0o644)
}

func (a *app) demoCmd() *cobra.Command {
	o := demo.Options{}
	var dir string
	var writeOnly bool
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "A project with synthetic exports of a city and the values they must give, computed",
		Long: `Demo writes a project with four years of exports as bureaus write them, and
truth.json with the values the commitments must have, then runs it, closes the
last quarter and takes in what the bureaus send late, so that there are figures
to restate. The same seed writes the same bytes.`,
		Args: usage(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			if err := newProject(dir); err != nil {
				return err
			}
			fmt.Fprintf(a.err, "writing a city of %s enterprises into %s\n", count(int64(o.Enterprises)), dir)
			o.HoldBack = !writeOnly
			if _, err := demo.Write(dir, o); err != nil || writeOnly {
				return err
			}
			a.project = dir
			return a.runDemo(c)
		},
	}
	f := cmd.Flags()
	f.StringVar(&dir, "dir", "citykpi-demo", "where the project is written")
	f.IntVar(&o.Enterprises, "enterprises", 60000, "size of the city")
	f.Int64Var(&o.Seed, "seed", 1, "another city of the same size")
	f.BoolVar(&writeOnly, "write-only", false, "write the project and stop")
	return cmd
}

// runDemo runs a demo whose late files are held back: publish, close the last
// quarter, take in what is late, publish again.
func (a *app) runDemo(c *cobra.Command) error {
	p, err := a.open()
	if err != nil {
		return err
	}
	o, err := a.options("", "")
	if err != nil {
		return err
	}
	if err := a.run(c, p, o); err != nil {
		return err
	}
	current, err := p.Releases().Current()
	if err != nil {
		return err
	}
	if _, err := p.Close(c.Context(), kpi.QuarterOf(current.AsOf), o.Now); err != nil {
		return err
	}
	if err := demo.Deliver(p.Dir); err != nil {
		return err
	}
	if o, err = a.options("", ""); err != nil {
		return err
	}
	return a.run(c, p, o)
}
