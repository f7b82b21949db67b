package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"citykpi/licences"
)

// duckdbArchives is the module that brings DuckDB's libraries compiled, for one system.
const duckdbArchives = "github.com/duckdb/duckdb-go-bindings/lib/"

// inside is what each of its archives holds of others: the folder of DuckDB's third_party
// where it stands, with its terms. The archives carry no texts; DuckDB's source does.
var inside = map[string][]licences.Component{
	"duckdb_static": {
		{Name: "duckdb/concurrentqueue", Licence: "BSD-2-Clause"}, {Name: "duckdb/fast_float", Licence: "MIT"},
		{Name: "duckdb/httplib", Licence: "MIT"}, {Name: "duckdb/jaro_winkler", Licence: "MIT"},
		{Name: "duckdb/nanoarrow", Licence: "Apache-2.0"}, {Name: "duckdb/pcg", Licence: "Apache-2.0"},
		{Name: "duckdb/pdqsort", Licence: "Zlib"}, {Name: "duckdb/ska_sort", Licence: "BSL-1.0"},
		{Name: "duckdb/tdigest", Licence: "Apache-2.0"}, {Name: "duckdb/vergesort", Licence: "MIT"},
	},
	"parquet_extension": {
		{Name: "duckdb/brotli", Licence: "MIT"}, {Name: "duckdb/lz4", Licence: "BSD-2-Clause"},
		{Name: "duckdb/parquet", Licence: "Apache-2.0"}, {Name: "duckdb/snappy", Licence: "BSD-3-Clause"},
		{Name: "duckdb/thrift", Licence: "Apache-2.0"},
	},
	"icu_extension":                     {{Name: "duckdb/icu", Licence: "Unicode-3.0"}},
	"tpcds_extension":                   {{Name: "duckdb/dsdgen", Licence: "LicenseRef-TPC-EULA"}},
	"tpch_extension":                    {{Name: "duckdb/dbgen", Licence: "LicenseRef-TPC-EULA"}},
	"duckdb_fastpforlib":                {{Name: "duckdb/fastpforlib", Licence: "Apache-2.0"}},
	"duckdb_fmt":                        {{Name: "duckdb/fmt", Licence: "MIT"}},
	"duckdb_fsst":                       {{Name: "duckdb/fsst", Licence: "MIT"}},
	"duckdb_hyperloglog":                {{Name: "duckdb/hyperloglog", Licence: "MIT"}},
	"duckdb_jemalloc":                   {{Name: "duckdb/jemalloc", Licence: "BSD-2-Clause"}},
	"duckdb_mbedtls":                    {{Name: "duckdb/mbedtls", Licence: "Apache-2.0"}},
	"duckdb_miniz":                      {{Name: "duckdb/miniz", Licence: "MIT"}},
	"duckdb_pg_query":                   {{Name: "duckdb/libpg_query", Licence: "BSD-3-Clause AND PostgreSQL"}},
	"duckdb_re2":                        {{Name: "duckdb/re2", Licence: "BSD-3-Clause"}},
	"duckdb_skiplistlib":                {{Name: "duckdb/skiplist", Licence: "MIT"}},
	"duckdb_utf8proc":                   {{Name: "duckdb/utf8proc", Licence: "MIT"}},
	"duckdb_yyjson":                     {{Name: "duckdb/yyjson", Licence: "MIT"}},
	"duckdb_zstd":                       {{Name: "duckdb/zstd", Licence: "BSD-3-Clause"}},
	"duckdb_generated_extension_loader": nil, // DuckDB's own, as the next three
	"autocomplete_extension":            nil,
	"core_functions_extension":          nil,
	"json_extension":                    nil,
}

var (
	archive = regexp.MustCompile(`-l([a-z0-9_]+)`)
	ofLinux = []string{"stdc++", "stdc", "m", "dl"} // linked when the program starts: the system's own
)

// prebuilt are the libraries inside DuckDB's archives, as the module's own linker flags
// name these. An archive that nobody has looked into ends the build.
func prebuilt(list []licences.Component, tags string) (found []licences.Component, err error) {
	at := slices.IndexFunc(list, func(c licences.Component) bool { return strings.HasPrefix(c.Name, duckdbArchives) })
	if at < 0 {
		return nil, fmt.Errorf("no module %s… is linked: what is inside DuckDB is not known", duckdbArchives)
	}
	module := &list[at]
	packages, err := listed(module.Name, tags)
	if err != nil {
		return nil, err
	}
	flags, err := os.ReadFile(filepath.Join(packages[len(packages)-1].Dir, "prebuilt.go"))
	if err != nil {
		return nil, err
	}
	for _, m := range archive.FindAllStringSubmatch(string(flags), -1) {
		libraries, known := inside[m[1]]
		if !known && !slices.Contains(ofLinux, m[1]) {
			return nil, fmt.Errorf("%s %s links lib%s.a, whose contents have no licence in licences/gather/prebuilt.go",
				module.Name, module.Version, m[1])
		}
		for _, c := range libraries {
			c.Kind, c.Version, c.PURL = licences.Cxx, module.Version, "pkg:generic/"+c.Name+"@"+module.Version
			c.Source = "https://github.com/duckdb/duckdb"
			module.Uses = append(module.Uses, c.Name)
			found = append(found, c)
		}
	}
	slices.Sort(module.Uses)
	return found, nil
}
