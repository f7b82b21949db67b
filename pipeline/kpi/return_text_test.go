package kpi

import (
	"strings"
	"testing"
)

func TestKeptCell(t *testing.T) {
	for _, text := range []string{"", "甲", "=1+1", " 前后有空格 ", "多\n行\t", "𠂇龴", strings.Repeat("x", 32767), "_x41_", "x0041_"} {
		if got, kept := KeptCell(text); kept || got != text {
			t.Errorf("%.20q does not go back as it is, but as %q", text, got)
		}
	}
	seen := map[string]string{}
	for _, text := range []string{strings.Repeat("x", 32768), strings.Repeat("𠂇", 16384), "_x0041_b", "a_X4E00_", "a\x1b[0m",
		"a\rb", "\u202e甲", "\u200b", "\xff", "\ufffe", "\x00"} {
		got, kept := KeptCell(text)
		if !kept || !strings.HasPrefix(got, KeptMark) {
			t.Errorf("%.20q goes back as %q, which a workbook would change", text, got)
		}
		if other, ok := seen[got]; ok {
			t.Errorf("%.20q and %.20q have one mark", text, other)
		}
		seen[got] = text
		if _, again := KeptCell(got); again {
			t.Errorf("the mark %q does not fit a workbook itself", got)
		}
	}
}
