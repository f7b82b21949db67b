// Command citykpi loads bureaus' exports, computes a city's policy commitments
// and publishes dashboards and reports.
package main

import (
	"os"
	"runtime/debug"
	"syscall"
)

func main() {
	// What is kept in Go is little beside the database's memory: it is collected seldom, as
	// that takes a tenth of a run, until there is much of it.
	debug.SetGCPercent(300)
	debug.SetMemoryLimit(640 << 20)
	os.Exit(Run(untilSignal(os.Interrupt, syscall.SIGTERM), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
