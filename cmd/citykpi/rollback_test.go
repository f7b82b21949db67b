package main

import (
	"os"
	"path/filepath"
	"strings"

	"citykpi/pipeline/release"

	"github.com/rogpeppe/go-internal/testscript"
)

// rollBack is the script command: rollback DIR N REASON. It rolls back to the Nth newest release.
func rollBack(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 || len(args[1]) != 1 {
		ts.Fatalf("usage: rollback DIR N REASON")
	}
	list, _, err := release.NewStore(filepath.Join(ts.MkAbs(args[0]), "var")).List()
	ts.Check(err)
	ts.Check(ts.Exec("citykpi", "--project", args[0], "release", "rollback", list[args[1][0]-'1'].ID, "--reason", args[2]))
}

// loseData is the script command: rmdata DIR. It removes the database of the release that serves.
func loseData(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: rmdata DIR")
	}
	id := strings.TrimSpace(ts.ReadFile(filepath.Join(args[0], "var", "CURRENT")))
	ts.Check(os.Remove(filepath.Join(ts.MkAbs(args[0]), "var", "releases", id, release.DatabaseFile)))
}
