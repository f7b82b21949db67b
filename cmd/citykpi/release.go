package main

import (
	"errors"
	"fmt"

	"citykpi/pipeline/release"

	"github.com/spf13/cobra"
)

func (a *app) releaseCmd() *cobra.Command {
	cmd := &cobra.Command{Use: "release", Short: "What was published: list, show, verify, roll back", Args: usage(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() }}
	cmd.AddCommand(
		&cobra.Command{Use: "list", Short: "All releases, newest first", Args: usage(cobra.NoArgs), RunE: a.releaseList},
		&cobra.Command{Use: "show [ID]", Short: "What a release was made from; the current one by default", Args: usage(cobra.MaximumNArgs(1)), RunE: a.releaseShow},
		&cobra.Command{Use: "verify [ID]", Short: "Hold every file of a release against its hashes", Args: usage(cobra.MaximumNArgs(1)), RunE: a.releaseVerify},
		&cobra.Command{Use: "rollback ID", Short: "Make an earlier release serve again", Args: usage(cobra.ExactArgs(1)), RunE: a.releaseRollback},
	)
	return cmd
}

func (a *app) releaseList(*cobra.Command, []string) error {
	p, err := a.open()
	if err != nil {
		return err
	}
	all, stray, err := p.Releases().List()
	if err != nil {
		return err
	}
	for _, err := range stray {
		fmt.Fprintln(a.err, err)
	}
	current, err := p.Releases().Current()
	if len(all) == 0 {
		err = nil
	}
	type record struct {
		release.Manifest
		Current bool `json:"current"`
	}
	records := []record{}
	l := listing{columns: []string{"release", "as of", "created", "batches", "checks", ""}, right: map[string]bool{"batches": true}}
	for _, m := range all {
		serving := ""
		if m.ID == current.ID {
			serving = "current"
		}
		records = append(records, record{m, m.ID == current.ID})
		l.rows = append(l.rows, []string{m.ID, m.AsOf.String(), m.CreatedAt.Format("2006-01-02 15:04"),
			count(int64(len(m.Batches))), checkCounts(m.Checks), serving})
	}
	return errors.Join(a.print(l, records), err) // which one serves is not known then
}

// manifest is that of the release an argument names, or of the current one.
func (a *app) manifest(args []string) (release.Store, release.Manifest, error) {
	p, err := a.open()
	if err != nil {
		return release.Store{}, release.Manifest{}, err
	}
	store := p.Releases()
	if len(args) == 0 {
		m, err := store.Current()
		return store, m, err
	}
	m, err := store.Get(args[0])
	return store, m, err
}

func (a *app) releaseShow(_ *cobra.Command, args []string) error {
	_, m, err := a.manifest(args)
	if err != nil {
		return err
	}
	if a.format == "json" {
		return writeJSON(a.out, m)
	}
	l := listing{columns: []string{"what", "value"}}
	l.rows = [][]string{
		{"id", m.ID}, {"created at", m.CreatedAt.Format("2006-01-02 15:04:05")}, {"as of", m.AsOf.String()},
		{"known at", m.KnownAt.Format("2006-01-02 15:04:05")}, {"fingerprint", m.Fingerprint},
		{"batches", count(int64(len(m.Batches)))}, {"checks", checkCounts(m.Checks)}, {"files", count(int64(len(m.Hashes)))},
	}
	return a.print(l, m)
}

func (a *app) releaseVerify(_ *cobra.Command, args []string) error {
	store, m, err := a.manifest(args)
	if err != nil {
		return err
	}
	if err := store.Verify(m.ID); err != nil {
		return err
	}
	fmt.Fprintf(a.out, "release %s is whole: %d files as published\n", m.ID, len(m.Hashes))
	return nil
}

func (a *app) releaseRollback(_ *cobra.Command, args []string) error {
	p, err := a.open()
	if err != nil {
		return err
	}
	if err := p.Releases().Rollback(args[0]); err != nil {
		return err
	}
	fmt.Fprintf(a.out, "release %s serves now; the next run with new data publishes a newer one\n", args[0])
	return nil
}
