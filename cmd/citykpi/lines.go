package main

import (
	"regexp"
	"strings"

	"citykpi/pipeline/lake"
	"citykpi/pipeline/show"
)

// excerpt is how DuckDB shows the place in a query, with a caret below it.
var excerpt = regexp.MustCompile(`\n+LINE \d+:[^\n]*(\n *\^)?`)

// errorLines is what an error says, one line for each thing that went wrong. Several
// errors joined are lines of their own; a line break that stands in anything else, such as
// a file's name, is shown as one, so that nobody's file can say a line of ours.
func errorLines(err error) []string {
	lines := []string{""}
	add := func(text string) {
		for _, at := range excerpt.FindAllStringIndex(text, 1) {
			lines[len(lines)-1] += show.Line(text[:at[0]])
			for line := range strings.Lines(strings.TrimLeft(text[at[0]:at[1]], "\n")) {
				lines = append(lines, show.Line(strings.TrimSuffix(line, "\n")))
			}
			text = text[at[1]:]
		}
		lines[len(lines)-1] += show.Line(text)
	}
	text := err.Error()
	for _, inner := range within(err) {
		before, after, found := strings.Cut(text, inner.Error())
		if !found || inner.Error() == "" {
			continue
		}
		if before == "\n" {
			lines = append(lines, "")
		} else {
			add(before)
		}
		its := errorLines(inner)
		lines[len(lines)-1] += its[0]
		lines = append(lines, its[1:]...)
		text = after
	}
	add(text)
	return lines
}

// within are the errors that an error is made of, in the order it says them.
func within(err error) []error {
	switch err := err.(type) { //nolint:errorlint // whoever calls goes down the chain, one error at a time
	case *lake.DamagedError: // unwraps to what it is, not to what it lists
		return err.Problems
	case interface{ Unwrap() []error }:
		return err.Unwrap()
	case interface{ Unwrap() error }:
		if inner := err.Unwrap(); inner != nil {
			return []error{inner}
		}
	}
	return nil
}
