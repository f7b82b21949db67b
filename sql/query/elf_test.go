package query

import (
	"debug/elf"
	"testing"
)

// The binary that make builds is where nobody can foresee, and its table of
// addresses cannot be written: a hole in the engine finds nothing to aim at.
func TestBinaryIsHardened(t *testing.T) {
	f, err := elf.Open("../../bin/citykpi")
	if err != nil {
		t.Skip("make build has not been run")
	}
	defer f.Close()
	relro := false
	for _, p := range f.Progs {
		relro = relro || p.Type == elf.PT_GNU_RELRO
	}
	flags, _ := f.DynValue(elf.DT_FLAGS)
	flags1, _ := f.DynValue(elf.DT_FLAGS_1)
	now := len(flags) > 0 && elf.DynFlag(flags[0])&elf.DF_BIND_NOW != 0 || len(flags1) > 0 && elf.DynFlag1(flags1[0])&elf.DF_1_NOW != 0
	if f.Type != elf.ET_DYN || !relro || !now {
		t.Errorf("bin/citykpi: %v, relro %v, bound at start %v. Try: make build with -buildmode=pie and -z relro -z now",
			f.Type, relro, now)
	}
}
