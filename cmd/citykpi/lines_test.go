package main

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"testing"

	"citykpi/pipeline/lake"
	"citykpi/pipeline/project"
)

// Errors that were joined are lines; a line break in a name is none.
func TestErrorLines(t *testing.T) {
	forged := "a\ncitykpi: all is well\x1b[2J"
	open := &fs.PathError{Op: "open", Path: forged, Err: fs.ErrNotExist}
	for _, c := range []struct {
		err  error
		want []string
	}{
		{errors.New("plain"), []string{"plain"}},
		{open, []string{`open a\ncitykpi: all is well\u001b[2J: file does not exist`}},
		{fmt.Errorf("%w: %w", errUsage, open), []string{`usage: open a\ncitykpi: all is well\u001b[2J: file does not exist`}},
		{fmt.Errorf("load: %w", errors.Join(errors.New("one"), open, errors.Join(errors.New("two"), errors.New("three\n")))),
			[]string{"load: one", `open a\ncitykpi: all is well\u001b[2J: file does not exist`, "two", `three\n`}},
		{&project.InvalidError{Problems: []error{errors.New("x.yaml:1: a"), fmt.Errorf("%s:2: b", forged)}},
			[]string{"x.yaml:1: a", `a\ncitykpi: all is well\u001b[2J:2: b`}},
		{fmt.Errorf("%w\n%w", lake.Damaged([]error{errors.New("lake: a: is missing"), open}), errors.New("two")),
			[]string{"lake: a: is missing", `open a\ncitykpi: all is well\u001b[2J: file does not exist`, "two"}},
		{errors.New("query: Binder Error: no x\n\nLINE 1: select x\n               ^"),
			[]string{"query: Binder Error: no x", "LINE 1: select x", "               ^"}},
	} {
		if got := errorLines(c.err); !slices.Equal(got, c.want) {
			t.Errorf("%q is\n%q, want\n%q", c.err, got, c.want)
		}
	}
}
