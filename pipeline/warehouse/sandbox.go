//go:build duckdb_arrow

package warehouse

import "fmt"

// SandboxOptions bound what one reader may take. Zero values mean DuckDB's own.
type SandboxOptions struct {
	Threads  int
	MemoryMB int
}

// sandboxSettings close every door DuckDB has to the outside, and the lock
// keeps them closed. Nothing spills: a reader writes no file at all.
var sandboxSettings = []struct{ name, value string }{
	{"autoinstall_known_extensions", "false"},
	{"autoload_known_extensions", "false"},
	{"allow_community_extensions", "false"},
	{"temp_directory", "''"},
	{"TimeZone", "'Asia/Shanghai'"},
	{"enable_external_access", "false"},
	{"lock_configuration", "true"},
}

func sandboxStatements(o SandboxOptions) (settings []string) {
	if o.Threads > 0 {
		settings = append(settings, fmt.Sprintf("set threads = %d", o.Threads))
	}
	if o.MemoryMB > 0 {
		settings = append(settings, fmt.Sprintf("set memory_limit = '%dMB'", o.MemoryMB))
	}
	for _, s := range sandboxSettings {
		settings = append(settings, "set "+s.name+" = "+s.value)
	}
	return settings
}
