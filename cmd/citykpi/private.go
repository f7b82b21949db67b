package main

import (
	"syscall"

	"github.com/spf13/cobra"
)

// umask is the process's own; tests that run verbs in one process keep theirs.
var umask = syscall.Umask

// keepPrivate closes to others what this process makes, also what DuckDB and its like
// make, before a verb touches a project. Verbs that write where the user said leave the
// umask as it is, and test, which writes cases of sql/: so does schedule, whose jobs inherit it and may be such verbs; what
// these keep in var/ they make closed one by one.
func keepPrivate(c *cobra.Command) {
	if out := c.Flag("out"); out != nil && out.Changed {
		return
	}
	for of := c; of != nil; of = of.Parent() {
		if of.Name() == "init" || of.Name() == "schedule" || of.Name() == "test" {
			return
		}
	}
	had := umask(0o077)
	umask(had | 0o077)
}
