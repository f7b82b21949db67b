package main

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"citykpi/pipeline/project"
	"citykpi/reference"

	"github.com/spf13/cobra"
)

func (a *app) schemaCmd() *cobra.Command {
	var write bool
	cmd := &cobra.Command{
		Use:   "schema [KIND]",
		Short: "What the YAML files of a project may hold, as JSON Schemas for editors",
		Long: `Schema lists the kinds of YAML files that a project has, and prints the JSON Schema of
one. Init writes all of them into the project's folder reference, where editors find
them by the first line of each file; --write does so again, as a newer program may know
more keys. Beside them lie the same as pages.`,
		Example: "  citykpi schema contract > contract.schema.json",
		Args:    usage(cobra.MaximumNArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			switch {
			case write && len(args) > 0:
				return fmt.Errorf("%w: --write writes all kinds. Try: citykpi schema --write", errUsage)
			case write:
				return a.writeReference()
			case len(args) == 0:
				return a.listSchemas()
			}
			text, err := reference.Schema(args[0])
			if errors.Is(err, reference.ErrKind) {
				return fmt.Errorf("%w: %w", errUsage, err)
			}
			if err != nil {
				return err
			}
			_, err = a.out.Write(text)
			return err
		},
	}
	cmd.Flags().BoolVar(&write, "write", false, "write the schemas of this program into the project")
	return cmd
}

func (a *app) listSchemas() error {
	type record struct {
		Kind  string `json:"kind"`
		Files string `json:"files"`
		Says  string `json:"says"`
	}
	l := listing{columns: []string{"kind", "files", "says"}}
	var records []record
	for _, k := range reference.Kinds {
		l.add(k.Name, k.Files, k.About)
		records = append(records, record{k.Name, k.Files, k.About})
	}
	return a.print(l, records)
}

// writeReference writes the schemas and pages of this program into the project, over those of another.
func (a *app) writeReference() error {
	if _, err := os.Stat(filepath.Join(a.project, project.ConfigFile)); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: %w. Try: citykpi init %s, or --project DIR", a.project, project.ErrNotProject, a.project)
	}
	dir := filepath.Join(a.project, reference.Folder)
	if err := writeReference(dir); err != nil {
		return err
	}
	fmt.Fprintf(a.out, "schemas %s\n", dir)
	return nil
}

func writeReference(dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil { // the folder is the user's, as the umask says
		return err
	}
	return fs.WalkDir(reference.FS, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := fs.ReadFile(reference.FS, name)
		if err != nil {
			return err
		}
		return replaceFile(filepath.Join(dir, name), text)
	})
}

// replaceFile writes a file of its own, wherever a link of that name led.
func replaceFile(path string, text []byte) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Close())
}

// checkReference says whether editors are told of the keys that this program knows.
func (a *app) checkReference() finding {
	if _, err := os.Stat(filepath.Join(a.project, project.ConfigFile)); err != nil {
		return finding{"schemas", "note", "not looked at: no project"} // checkProject says why
	}
	const try = ". Try: citykpi schema --write"
	files := (&project.Project{Dir: a.project}).Files(reference.Folder, embed.FS{}) // the project's own alone
	for _, k := range reference.Kinds {
		now, err := reference.Schema(k.Name)
		if err != nil {
			return finding{"schemas", "wrong", err.Error()}
		}
		name := reference.Folder + "/" + reference.SchemaFile(k.Name)
		has, err := fs.ReadFile(files, reference.SchemaFile(k.Name))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return finding{"schemas", "note", name + " is missing: editors complete no keys" + try}
		case err != nil:
			return finding{"schemas", "note", name + " cannot be read" + try}
		case string(has) != string(now):
			return finding{"schemas", "note", name + " is that of another version" + try}
		}
	}
	return finding{"schemas", "ok", "editors find those of this program in " + reference.Folder}
}
