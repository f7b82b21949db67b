package main

import (
	"syscall"

	"github.com/spf13/cobra"
)

// umask is the process's own; tests that run verbs in one process keep theirs.
var umask = syscall.Umask

// keepPrivate closes to others what this process makes, also what DuckDB and its like
// make, before a verb touches a project. Verbs that write where the user said leave the
// umask as it is, as test does, which writes cases of sql/, and schedule, whose jobs inherit it and may be such verbs;
// what these keep in var/ they make closed one by one.
func keepPrivate(c *cobra.Command) {
	if out := c.Flag("out"); out != nil && out.Changed {
		return
	}
	for of := c; of != nil; of = of.Parent() {
		switch of.Name() {
		case "init", "schedule", "schema", "test":
			return
		}
	}
	had := umask(0o077)
	umask(had | 0o077)
}
