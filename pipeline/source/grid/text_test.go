package grid

import (
	"testing"
)

// A program that doubles quotes and sets none around the cell; nothing of it ends the program.
func TestFormulaText(t *testing.T) {
	for cell, want := range map[string]string{
		`="00125"`: "00125", `=""00125""`: "00125", `=""""`: "", `="""`: `="""`, `=""`: "", `="`: `="`, `=""""""`: `""`,
		`=""a""b""`: `=""a""b""`, `=""a"`: `=""a"`, `=A1`: "=A1",
	} {
		if got := string(FormulaText([]byte(cell))); got != want {
			t.Errorf("%s: %q, want %q", cell, got, want)
		}
	}
}
