package durable

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestFileNameFits(t *testing.T) {
	long := strings.Repeat("很长的名字", 40)
	for stem, want := range map[string]string{"名单_20250930": "名单_20250930 (2).xlsx", long + "_20250930": "",
		long + "甲_20250930": "", strings.Repeat("x", 600): "", strings.Repeat("\xff", 400): ""} {
		got := FileName(stem, " (2).xlsx")
		if want != "" && got != want || len(got) > maxName || !strings.HasSuffix(got, " (2).xlsx") ||
			utf8.ValidString(stem) != utf8.ValidString(got) {
			t.Errorf("%.20q…: %q, %d bytes", stem, got, len(got))
		}
		if strings.HasSuffix(stem, "_20250930") && !strings.HasSuffix(got, "_20250930 (2).xlsx") {
			t.Errorf("the date is lost: %q", got)
		}
	}
	if FileName(long+"甲"+long, "") == FileName(long+"乙"+long, "") {
		t.Error("two long names became one")
	}
}
