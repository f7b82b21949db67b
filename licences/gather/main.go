// Command gather writes down what others' works are part of the program. It is run by
// the Makefile:
//
//	gather notice duckdb_arrow  licences/dist/notice.json, before the program is built
//	gather sbom bin/citykpi v1  bin/citykpi.cdx.json, after it: the same list for machines (CycloneDX)
//
// Both are functions of go.mod, package-lock.json and the program: no clock, no chance.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"citykpi/licences"
)

const (
	program = "./cmd/citykpi"
	dist    = "licences/dist"
	bundled = "reports/assets/dist/packages.json" // written by reports/assets/build.mjs
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "gather:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) == 2 && args[0] == "notice":
		return notice(args[1])
	case len(args) == 3 && args[0] == "sbom":
		return sbom(args[1], args[2])
	}
	return errors.New("usage: gather notice TAGS | gather sbom PROGRAM VERSION")
}

// notice writes the list that is embedded. A component whose terms are not allowed, or
// not found, ends the build.
func notice(tags string) error {
	list, err := linked(tags)
	if err != nil {
		return err
	}
	libraries, err := prebuilt(list, tags)
	if err != nil {
		return err
	}
	packages, err := fromNPM()
	if err != nil {
		return err
	}
	list = slices.Concat(list, libraries, packages)
	slices.SortFunc(list, func(a, b licences.Component) int {
		return strings.Compare(a.Kind+" "+a.Name, b.Kind+" "+b.Name)
	})
	var wrong []error
	for _, c := range list {
		wrong = append(wrong, licences.Check(c))
	}
	if err := errors.Join(wrong...); err != nil {
		return err
	}
	return write(filepath.Join(dist, licences.NoticeFile), list)
}

// write puts v there whole or not at all, and leaves a file alone that says it already:
// what embeds it is not built again.
func write(path string, v any) error {
	text, err := json.MarshalIndent(v, "", "\t")
	if err != nil {
		return err
	}
	text = append(text, '\n')
	if old, err := os.ReadFile(path); err == nil && string(old) == string(text) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	draft := path + ".draft"
	if err := os.WriteFile(draft, text, 0o644); err != nil {
		return err
	}
	return os.Rename(draft, path)
}

// fromNPM are the packages of which something is in the bundles.
func fromNPM() (list []licences.Component, err error) {
	text, err := os.ReadFile(bundled)
	if err != nil {
		return nil, fmt.Errorf("%w. Try: make assets", err)
	}
	if err := json.Unmarshal(text, &list); err != nil {
		return nil, fmt.Errorf("%s: %w", bundled, err)
	}
	for i := range list {
		c := &list[i]
		c.Kind, c.PURL = licences.NPM, "pkg:npm/"+strings.Replace(c.Name, "@", "%40", 1)+"@"+c.Version
		said := c.Licence
		if err := granted(c); err != nil {
			return nil, err
		}
		if !slices.Contains(strings.Split(c.Licence, " AND "), said) {
			return nil, fmt.Errorf("%s %s says %q in package.json, its texts say %q", c.Name, c.Version, said, c.Licence)
		}
	}
	return list, nil
}
