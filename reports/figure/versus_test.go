package figure

import "testing"

// What is compared has one unit and as many decimals, and never looks alike where it differs.
func TestComparedFiguresLookAlikeOnlyWhereTheyAre(t *testing.T) {
	for _, c := range []struct {
		unit            string
		old, now        float64
		was, is, change string
	}{
		{"家", 12439, 12441, "12,439 家", "12,441 家", "+2 家"},
		{"年", 3, 2.5, "3.0 年", "2.5 年", "−0.5 年"},
		{"年", 3.25, 2.5, "3.25 年", "2.50 年", "−0.75 年"},
		{"元", 718180000, 718900000, "7.182 亿元", "7.189 亿元", "+0.007 亿元"},
		{"元", 718180000, 718180040, "7.1818000 亿元", "7.1818004 亿元", "+0.0000004 亿元"},
		{"元", 98765000, 123456000, "0.99 亿元", "1.23 亿元", "+0.24 亿元"},
		{"元", 1234500, 1234560, "123.450 万元", "123.456 万元", "+0.006 万元"},
		{"元", 950, 950.5, "950.00 元", "950.50 元", "+0.50 元"},
		{"%", 66.67, 70, "66.7%", "70.0%", "+3.3 个百分点"},
		{"%", 66.67, 66.68, "66.67%", "66.68%", "+0.01 个百分点"},
		{"%", 99.97, 100, "99.97%", "100.00%", "+0.03 个百分点"},
	} {
		s := Versus(c.unit, &c.old, &c.now)
		if was, is, change := s.Amount(c.old).String(), s.Amount(c.now).String(), s.Moved(c.old, c.now,
			c.unit).String(); was != c.was || is != c.is || change != c.change {
			t.Errorf("%v to %v: %s, %s, %s; want %s, %s, %s", c.old, c.now, was, is, change, c.was, c.is, c.change)
		}
	}
	if s := Versus("元", nil, nil); s.Decimals != 2 {
		t.Errorf("of nothing: %+v", s)
	}
}
