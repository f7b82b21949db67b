package kpi

import (
	"slices"
	"strings"
	"testing"
)

// A date that is read prints as it was written, and moving there and back leads home.
func FuzzDate(f *testing.F) {
	for _, s := range []string{"2026-09-30", "2024-02-29", "2025-02-29", "0000-01-01", "9999-12-31", "2026-9-30", ""} {
		f.Add(s, 1)
		f.Add(s, -400)
	}
	f.Fuzz(func(t *testing.T, s string, days int) {
		var read Date
		d, err := ParseDate(s)
		if unmarshalled := read.UnmarshalText([]byte(s)); s != "" && (unmarshalled == nil) != (err == nil) || read != d {
			t.Fatalf("%q is %v as a flag and %v in a file", s, d, read)
		}
		if err != nil {
			return
		}
		if d.String() != s || d.IsZero() {
			t.Fatalf("%q is %v, which prints as %s", s, d, d)
		}
		days %= 100_000
		if there := d.AddDays(days); there.Since(d) != days || there.AddDays(-days) != d {
			t.Fatalf("%d days after %s is %s, which is %d days after it", days, d, there, there.Since(d))
		}
		if end := d.MonthEnd(); end.Before(d) || end.Month != d.Month || end.AddDays(1).Day != 1 {
			t.Fatalf("the month of %s ends on %s", d, end)
		}
		if last := LastQuarterEnd(d); last.After(d) || d.Since(last) > 92 {
			t.Fatalf("the last quarter before %s ends on %s", d, last)
		}
	})
}

// A quarter that is read prints as it was written, holds its days and no others, and has
// neighbours that can be named.
func FuzzQuarter(f *testing.F) {
	for _, s := range []string{"2026Q3", "2026q4", "0000Q1", "9999Q4", "2026Q5", "26Q1", "2026Q3\n"} {
		f.Add(s, 1)
		f.Add(s, -5)
	}
	f.Fuzz(func(t *testing.T, s string, n int) {
		q, err := ParseQuarter(s)
		if err != nil {
			return
		}
		if q.String() != strings.ToUpper(s) {
			t.Fatalf("%q prints as %s", s, q)
		}
		if q.Start().After(q.End()) || QuarterOf(q.Start()) != q || QuarterOf(q.End()) != q || QuarterOf(q.End().AddDays(1)) == q {
			t.Fatalf("%s is %s to %s", q, q.Start(), q.End())
		}
		n %= 4000
		there := q.Add(n)
		if back := there.Add(-n); back != q || there.N < 1 || there.N > 4 {
			t.Fatalf("%d quarters after %s is %s, and back %s", n, q, there, back)
		}
		if there.Chinese() == "" || !strings.HasPrefix(q.Chinese(), strings.TrimLeft(s[:4], "0")) {
			t.Fatalf("%s is called %s", q, q.Chinese())
		}
	})
}

// Names that are alike are some of those there are, each once, and a name is like itself.
func FuzzLikeness(f *testing.F) {
	f.Add("南京甲乙科技有限公司\n南京甲乙科枝有限公司", "甲乙科技")
	f.Add("（有限）公司", "")
	f.Add("a\n\xff", "\xff")
	f.Fuzz(func(t *testing.T, list, text string) {
		names := strings.Split(list, "\n")
		l := NewLikeness(names, []string{"南京市", "南京"})
		for _, asked := range append([]string{text}, names...) {
			like := l.To(asked)
			for n, i := range like {
				if i < 0 || i >= len(names) || slices.Contains(like[:n], i) {
					t.Fatalf("%q is like %v of %d", asked, like, len(names))
				}
			}
		}
	})
}
