package schedules

import "embed"

// FS holds the jobs every installation starts with: one YAML file each. A
// project's own schedules/ folder wins over it file by file.
//
//go:embed *.yaml
var FS embed.FS
