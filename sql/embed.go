// Package models holds the SQL of the warehouse: one model per file, its spec
// and cases (TESTING.md) beside it. A project's own sql/ folder wins over it file by file.
package models

import "embed"

//go:embed TESTING.md staging core kpi mart checks
var FS embed.FS
