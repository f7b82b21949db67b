package main

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"citykpi/licences"

	"github.com/google/licensecheck"
)

var legalName = regexp.MustCompile(`(?i)^(licen[cs]e|copying|copyright|notice|patents)`)

// grants are the files that set terms; a NOTICE or a grant of patents adds to them.
var grants = regexp.MustCompile(`(?i)^(.*/)?(licen[cs]e|copying)`)

// read are texts that somebody had to read, as no words of a known licence stand in them.
var read = map[string]string{
	"modernc.org/sqlite LICENSE-SQLITE": "blessing", // dedicated to the public domain
	"modernc.org/memory LICENSE-LOGO":   "",         // where the picture in its README is from; no part of the program
}

// granted sets a component's licence to all whose words stand in its texts. A licence
// file in which none is found, or of which most is something else, is an error.
func granted(c *licences.Component) error {
	found := map[string]bool{}
	for _, t := range c.Texts {
		if id, known := read[c.Name+" "+t.File]; known {
			if id != "" {
				found[id] = true
			}
			continue
		}
		scan, words := licensecheck.Scan([]byte(t.Text)), 0
		for _, m := range scan.Match {
			if strings.HasPrefix(m.ID, "GooglePatent") || m.IsURL {
				continue // a grant beside the licence; a mention
			}
			found[m.ID] = true
			words++
		}
		if grants.MatchString(t.File) && (words == 0 || scan.Percent < 50) {
			return fmt.Errorf("%s %s: %s is %.0f%% a licence that is known. "+
				"Try: read it, then say in licences/gather/words.go what it is", c.Name, c.Version, t.File, scan.Percent)
		}
	}
	c.Licence = strings.Join(slices.Sorted(maps.Keys(found)), " AND ")
	return nil
}
