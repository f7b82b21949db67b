// Package data holds the defaults every installation starts from: policy
// documents, export contracts, regions and units. A project's own data/ folder
// wins over them file by file.
package data

import "embed"

//go:embed policies/*.yaml sources/*.yaml regions/*.yaml schools/*.yaml units.yaml
var FS embed.FS
