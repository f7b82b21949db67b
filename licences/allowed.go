package licences

import (
	"fmt"
	"slices"
	"strings"
)

// allowed are the licences under which works of others may be part of the program: they
// ask for their words to be handed on (or nothing), and MPL-2.0 for the source of the
// files under it, which is unchanged. None asks anything of the program's own code.
var allowed = []string{"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "ISC", "MIT", "MPL-2.0", "PostgreSQL",
	"Unicode-3.0", "Zlib", "blessing"}

// tolerated are single components under terms of their own: what makes the data of TPC's
// benchmarks lies in DuckDB's archives, cannot be left out, and is never run.
var tolerated = map[string]string{"duckdb/dbgen": "LicenseRef-TPC-EULA", "duckdb/dsdgen": "LicenseRef-TPC-EULA"}

// Check says what is wrong with a component's terms: nil, or an error that names it.
func Check(c Component) error {
	if c.Licence == "" {
		return fmt.Errorf("%s %s: no licence found in %d texts. "+
			"Try: look at what its source says, then teach licences/gather or leave it out", c.Name, c.Version, len(c.Texts))
	}
	for _, id := range strings.FieldsFunc(c.Licence, func(r rune) bool { return r == ' ' || r == '(' || r == ')' }) {
		if id != "AND" && !slices.Contains(allowed, id) && tolerated[c.Name] != id {
			return fmt.Errorf("%s %s: licence %s is not among those the program may contain (licences/allowed.go). "+
				"Try: another library", c.Name, c.Version, id)
		}
	}
	if len(c.Texts) == 0 && c.Kind != Cxx {
		return fmt.Errorf("%s %s: comes without the words of its licence, %s", c.Name, c.Version, c.Licence)
	}
	return nil
}
