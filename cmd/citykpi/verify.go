package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"citykpi/pipeline"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/project"
	"citykpi/pipeline/show"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
)

func (a *app) verifyCmd() *cobra.Command {
	var all bool
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Hold everything that is kept against its hashes: batches, originals, releases, closed quarters",
		Long: `Verify reads every batch, every original, what is kept of forgotten ones, every closed quarter and the release that
serves, with --all every release, and says of each that is not what was written
what is wrong and what to do. It changes nothing and waits for nobody.

A run looks at names and sizes of all files, and at the bytes of those that the
disk says were changed since the run before. What a failing disk changes by itself only
verify finds: the job weekly-verify does so every Sunday.`,
		Args: usage(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			p, err := project.OpenSources(a.project)
			if err != nil {
				return err
			}
			progress, finish := a.hashing()
			v, err := pipeline.Verify(c.Context(), p, all, progress)
			finish()
			if err != nil {
				return err
			}
			if a.format == "json" {
				return writeJSON(a.out, v)
			}
			fmt.Fprintf(a.out, "whole: %s batches, %s originals, %s releases, %s closed quarters; the ledger has %s lines\n",
				count(int64(v.Batches)),
				count(int64(v.Originals)), count(int64(v.Releases)), count(int64(v.Quarters)), count(int64(v.Lines)))
			if v.Forgotten > 0 {
				fmt.Fprintf(a.out, "forgotten and kept: %s\n", count(int64(v.Forgotten)))
			}
			if len(v.Gone) > 0 {
				fmt.Fprintf(a.out, "forgotten, and nothing of it is kept: %s\n", strings.Join(v.Gone, ", "))
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "read the files of every release, not only of the one that serves")
	return cmd
}

// bar shows how many bytes of total are done.
func (a *app) bar(doing string, total int64) *progressbar.ProgressBar {
	return progressbar.NewOptions64(total, progressbar.OptionSetWriter(show.Raw(a.err)), progressbar.OptionSetDescription(doing),
		progressbar.OptionShowBytes(true), progressbar.OptionSetWidth(24), progressbar.OptionClearOnFinish(),
		progressbar.OptionEnableColorCodes(!a.noColor))
}

// hashing shows a bar on a terminal.
func (a *app) hashing() (progress func(done, total int64), finish func()) {
	if !terminal(a.err) || a.format != "table" {
		return nil, func() {}
	}
	var bar *progressbar.ProgressBar
	return func(done, total int64) {
			if bar == nil || bar.GetMax64() != total {
				bar = a.bar("verifying", total)
			}
			bar.Set64(done)
		}, func() {
			if bar != nil {
				bar.Finish()
			}
		}
}

func (a *app) lakeCmd() *cobra.Command {
	var forgetReason, beginReason string
	forget := &cobra.Command{
		Use:   "forget ID --reason TEXT",
		Short: "Give up a batch, an original or a release, for a reason that is kept",
		Long: `Forget is the only way by which a release may be made on fewer batches than the one
before. The batch's folder and its original are moved to var/lake/forgotten; a line of
the ledger says when, why and which bytes are kept there, which verify holds it to; its
number is never given again. The same file may be loaded again.

Of what was forgotten before and has lost its bytes, as some have to be destroyed by rule,
it records that: verify names what is missing until then.`,
		Example: "  citykpi lake forget tech_contract-20250930-0017 --reason '市科技局撤回'",
		Args:    usage(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			p, now, err := a.openSourcesNow()
			if err != nil {
				return err
			}
			p.Patience = a.patience(c)
			if err := pipeline.Forget(c.Context(), p, args[0], forgetReason, now); err != nil {
				return err
			}
			fmt.Fprintf(a.out, "%s is forgotten. Next: citykpi run\n", args[0])
			return nil
		},
	}
	forget.Flags().StringVar(&forgetReason, "reason", "", "why it is given up; it is kept")
	begin := &cobra.Command{
		Use:   "begin --reason TEXT",
		Short: "Begin the ledger anew from what lies there, when it is lost and no backup has it",
		Long: `Begin takes what lies in the lake, the releases and the closed quarters for the truth from now
on: what was changed or lost before nobody will find any more. The ledger before, if
there is one, is kept beside the new one.`,
		Args: usage(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			p, now, err := a.openSourcesNow()
			if err != nil {
				return err
			}
			p.Patience = a.patience(c)
			if err := pipeline.BeginLedger(c.Context(), p, beginReason, now); err != nil {
				return err
			}
			fmt.Fprintln(a.out, "the ledger begins anew. Next: citykpi verify --all")
			return nil
		},
	}
	begin.Flags().StringVar(&beginReason, "reason", "", "why; it is kept")
	return group("lake", "What is kept for ever: its ledger, and how something of it is given up", forget, begin,
		verb("log", "The ledger: what came to be and what was given up, oldest first", cobra.NoArgs, a.lakeLog))
}

func (a *app) openSourcesNow() (*project.Project, time.Time, error) {
	now, err := a.clock()
	if err != nil {
		return nil, now, err
	}
	p, err := project.OpenSources(a.project)
	return p, now, err
}

// lakeLog prints the ledger, as far as it can be read.
func (a *app) lakeLog(*cobra.Command, []string) error {
	p, err := project.OpenSources(a.project)
	if err != nil {
		return err
	}
	g, err := lake.ReadLedger(p.Var("lake"))
	entries := slices.Clone(g.Entries())
	for i := range entries { // originals have the names of bureaus' files
		e := &entries[i]
		e.ID, e.Reason = p.Mask.Text(e.ID), p.Mask.Text(e.Reason)
		e.Originals = slices.Clone(e.Originals)
		for k, name := range e.Originals {
			e.Originals[k] = p.Mask.Text(name)
		}
	}
	l := listing{columns: []string{"line", "at", "what", "id", "sha256", "reason"}, right: []string{"line"}}
	for _, e := range entries {
		at := ""
		if !e.At.IsZero() {
			at = e.At.In(shanghai).Format(toMinute)
		}
		l.add(count(int64(e.N)), at, e.What, e.ID, e.SHA256[:min(12, len(e.SHA256))], strings.TrimSpace(e.Reason))
	}
	if printErr := a.print(l, entries); printErr != nil {
		return printErr
	}
	return err
}
