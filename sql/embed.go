// Package models holds the SQL of the warehouse: one model per file, its spec
// and cases (TESTING.md) beside it. A project's own sql/ folder wins over it file by file.
package models

import "embed"

//go:generate go run -tags duckdb_arrow -trimpath -buildmode=pie ./refs

// FS is all of it: the models of staging, core, kpi and mart with their checks, what all models of kpi
// share (kpi.yml), the tables that the program fills before any model runs (given), the queries by which it
// reads what the models made (page), and what each model reads (refs.json).
//
//go:embed TESTING.md refs.json kpi.yml given staging core kpi mart checks page
var FS embed.FS

// Editable is what a project may have copies of: all but what the program itself fills and reads, of which it
// would not know an older copy.
//
//go:embed TESTING.md staging core kpi mart checks
var Editable embed.FS
