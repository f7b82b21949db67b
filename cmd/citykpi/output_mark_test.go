package main

import (
	"bytes"
	"testing"
)

// The mark stands once, before the first byte, and nowhere where nothing is written.
func TestMarkedOnce(t *testing.T) {
	var out bytes.Buffer
	m := &marked{out: &out}
	for _, s := range []string{"", "甲", "", "乙"} {
		if n, err := m.Write([]byte(s)); n != len(s) || err != nil {
			t.Fatalf("%d %v", n, err)
		}
		if s == "" && out.Len() == 3 {
			t.Error("a mark before nothing")
		}
	}
	if out.String() != "\ufeff甲乙" {
		t.Errorf("%q", out.String())
	}
}
