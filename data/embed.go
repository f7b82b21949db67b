// Package data holds the defaults every installation starts from: policy
// documents, export contracts, regions, units and rules of recognition. A project's own data/ folder
// wins over them file by file.
package data

import "embed"

//go:embed policies/*.yaml sources/*.yaml regions/*.yaml schools/*.yaml units.yaml recognition.yaml
var FS embed.FS
