package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"citykpi/data"
	"citykpi/pipeline"
	"citykpi/pipeline/duck"
	"citykpi/pipeline/durable"
	"citykpi/pipeline/project"
	"citykpi/reference"
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
			if err := duck.UsablePath(dir); err != nil {
				return err
			}
			if err := newProject(dir, project.FirstConfig()); err != nil {
				return err
			}
			for sub, files := range map[string]fs.FS{"data": data.FS, "sql": models.Editable, "schedules": schedules.FS} {
				if err := os.CopyFS(filepath.Join(dir, sub), files); err != nil {
					return fmt.Errorf("init %s: %w", dir, err)
				}
			}
			p, err := project.Open(dir)
			if err != nil {
				return err
			}
			for _, c := range p.Contracts {
				if err := durable.MakeDir(p.Var("inbox", c.Bureau)); err != nil {
					return err
				}
			}
			if err := pipeline.MakeKey(p); err != nil {
				return err
			}
			fmt.Fprintf(a.out, "project %s\nNext: put exports into %s, then citykpi --project %s run\n", dir,
				p.Var("inbox", "<bureau>"), dir)
			return nil
		},
	}
}

// newProject writes citykpi.yml as c says, the schemas that editors know its keys by, and the folders of run state into dir.
func newProject(dir string, c project.Config) error {
	path := filepath.Join(dir, project.ConfigFile)
	if _, err := os.Stat(path); err == nil {
		return fmt.Errorf("%s exists already. Try: another folder", path)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	text, err := yaml.Marshal(c)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil { // the folder is the user's, as the umask says; var/ is not
		return err
	}
	for _, sub := range []string{"inbox", "outbox", "lake", "releases", "logs"} {
		if err := durable.MakeDir(filepath.Join(dir, "var", sub)); err != nil {
			return err
		}
	}
	if err := writeReference(filepath.Join(dir, reference.Folder)); err != nil {
		return err
	}
	head := reference.FirstLine("config", "") + "# A citykpi project. See README.md; every key stands in reference/config.md.\n"
	return os.WriteFile(path, append([]byte(head), text...), 0o644)
}
