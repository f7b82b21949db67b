package contract

import (
	"slices"
	"strings"

	"citykpi/pipeline/show"
)

// maxName is how many bytes a name may have that becomes a folder's: 26 Chinese
// characters, which leaves room for what is put around it.
const maxName = 80

// reserved are the folders beside those of sources in the lake.
var reserved = []string{"staging", "originals", "pulls", "forgotten", "ledger", "chain", "records", "quarantine"}

// Reserved reports whether the lake keeps a folder of this name for itself.
func Reserved(name string) bool { return slices.Contains(reserved, name) }

// badName says why a name cannot be a folder's in the mail boxes and the lake, or "".
func badName(name string) string {
	switch {
	case strings.ContainsAny(name, `/\`):
		return "is a path, not a name"
	case show.FileName(name) != name:
		return "begins with a dot, or holds a character that cannot be seen"
	case strings.TrimSpace(name) != name || strings.HasSuffix(name, "."):
		return "begins or ends with a blank or a dot, which not every disk keeps"
	case strings.ContainsAny(name, `<>:"|?*`):
		return "holds one of < > : \" | ? *, which not every disk takes"
	case len(name) > maxName:
		return "is too long for a folder's name"
	}
	return ""
}
