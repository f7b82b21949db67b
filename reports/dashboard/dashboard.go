// Package dashboard writes a release's site: static pages that open from a disk,
// an intranet or a USB stick without any request but for the site's own files.
package dashboard

import "embed"

//go:embed page
var pages embed.FS
