package numfmt

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"citykpi/pipeline/source/grid"
)

// What a person sees of a number.
func TestNumberFormats(t *testing.T) {
	for _, tt := range []struct {
		code string
		v    float64
		want string // "": it is not known
	}{
		{"00000", 123, "00123"}, {`"NJ"0000`, 12, "NJ0012"}, {`\N\J0000`, 12, "NJ0012"}, {`e"年"m"月"`, 44805, "2022年9月"},
		{`yyyy"年"m"月"d"日"`, 44805, "2022年9月1日"},
		{"000-0000", 1234567, "123-4567"}, {"000-0000", 5551234567, "555123-4567"}, {"0000-00-00", 20220901, "2022-09-01"},
		{"0", 12.5, "13"}, {"0.00", 2.675, "2.68"}, {"0.00", -1.005, "-1.01"},
		{"#,##0", 1234567, "1,234,567"}, {"#,##0.00;(#,##0.00)", -1234.5, "(1,234.50)"}, {"#", 0, ""}, {"0%", 0.12, "12%"},
		{"0.0%", 0.125, "12.5%"}, {"0.00%", 0.07, "7.00%"},
		{`0"万元"`, 5, "5万元"}, {`[$¥-804]#,##0.00`, 1234, "¥1,234.00"}, {`"$"#,##0`, 1234, "$1,234"}, {"0.0,", 12345, "12.3"},
		{"#.##", 0.5, ".5"}, {"0.##", 5, "5."}, {"?0", 5, " 5"},
		{"General;-General;;@", 0, ""}, {"General;-;;", -3, "-"}, {"General;-;;", 7, "7"}, {`[>=100]"甲"0;"乙"0`, 150, "甲150"},
		{`[>=100]"甲"0;"乙"0`, 50, "乙50"}, {`[Red]0;[Blue]-0`, -4, "-4"},
		{"h:mm", 0.3541666667, "8:30"}, {"[h]:mm:ss", 1.5, "36:00:00"}, {"h:mm AM/PM", 0.75, "6:00 PM"},
		{"yyyy-mm-dd hh:mm", 44805.5, "2022-09-01 12:00"}, {"aaaa", 44805, "星期四"}, {"mmm-yy", 44805, "Sep-22"},
		{`上午/下午h"时"mm"分"`, 0.75, "下午6时00分"}, {`_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ `, 0, "-"},
		{`_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ `, 1200, "1,200"},
		{"yyyy-mm-dd", 60, "?"}, {"yyyy-mm-dd", 1, "1900-01-01"}, {"yyyy-mm-dd", 59, "1900-02-28"}, {"yyyy-mm-dd", 61, "1900-03-01"},
		{"[DBNum1]0", 12, "?"}, {"# ?/?", 0.5, "?"}, {"0.00E+00", 12345, "?"}, {"ggge", 44805, "?"}, {"mm:ss.0", 0.5, "?"},
		{"dddd", 44805, "?"}, {"[<0]0;0", -1, "?"},
	} {
		f := parseFormat(tt.code)
		if f == nil {
			t.Errorf("%s shows numbers as they are", tt.code)
			continue
		}
		got, ok := f.Shown(tt.v, false)
		if got = strings.Trim(got, " "); !ok {
			got = "?"
		}
		if got != strings.Trim(tt.want, " ") {
			t.Errorf("%s shows %v as %q, want %q", tt.code, tt.v, got, tt.want)
		}
	}
	for _, code := range []string{"", "General", "@", "general;@", "G/通用格式"} {
		if f := parseFormat(code); f != nil {
			t.Errorf("%q is more than General: %+v", code, f)
		}
	}
}

// What a number means where its format says more than its digits.
func TestSeenNumbers(t *testing.T) {
	for _, tt := range []struct {
		code string
		v    float64
		want string // "?": another number is seen
	}{
		{"0.0%", 0.125, "12.5%"}, {"0%", 0.07, "7%"}, {"0%", -0.125, "-12.5%"}, {"0%", 0, "0%"},
		{"0.00%", 1.0 / 3, "33.3333333333333%"}, {"0%", 12, "1200%"},
		{`0"万元"`, 5.5, "5.5万元"}, {`"$"0`, 5, "$5"}, {`[$¥-804]#,##0.00`, 1234.5, "¥1234.5"}, {`#,##0;(#,##0)`, -5, "-5"},
		{"0.00E+00", 12345, "12345"}, {`0"人"`, 12, "12人"},
		{`0!.0,`, 12345, "?"}, {`0\.0000`, 12345, "?"}, {"0.0,,", 12345, "?"}, {`"-"0`, 5, "?"}, {`"1"000`, 5, "?"},
		{"h:mm", 0.5, "?"}, {`-0`, 5, "?"}, {`"优";"劣"`, 5, "?"}, {`0;-0;"无"`, 0, "0"},
		{`_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ `, -12, "-12"},
	} {
		n, ok := parseFormat(tt.code).Numeral(tt.v)
		got := n.Front + n.Digits + n.Back
		if !ok {
			got = "?"
		}
		if got != tt.want {
			t.Errorf("%s of %v means %q, want %q", tt.code, tt.v, got, tt.want)
		}
	}
}

// No code of a format ends the program, and what is seen of a number has its digits.
func FuzzNumberFormat(f *testing.F) {
	for _, code := range []string{"00000", `"NJ"0000`, `e"年"m"月"`, "0.0%", "[>=100]0;0", "# ?/?", "[$-804]yyyy;@", `0!.0,`,
		"h:mm AM/PM", ";;", `\`} {
		f.Add(code, 44805.5)
		f.Add(code, -0.125)
	}
	f.Fuzz(func(t *testing.T, code string, v float64) {
		n := parseFormat(code)
		if n == nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return
		}
		n.Shown(v, false)
		n.adds(v)
		seen, ok := n.Numeral(v)
		if !ok {
			return
		}
		got, err := strconv.ParseFloat(seen.Digits, 64)
		near := func(a float64) bool { return math.Abs(a-v) <= 1e-9*math.Abs(v) }
		percent := strings.HasPrefix(seen.Back, "%") && near(got/100) // or a sign that is only written there: 0!%
		if err != nil || !near(got) && !percent {
			t.Fatalf("%q of %v means %+v", code, v, seen)
		}
	})
}

// What goes back to a bureau is read again without the workbook it came from.
func TestGoesBack(t *testing.T) {
	for _, tc := range []struct {
		cell  string
		kind  grid.Kind
		epoch bool
		want  string
	}{
		{"44805", grid.Date, false, "2022-09-01"}, {"43343", grid.Date, true, "2022-09-01"},
		{"44805.4375", grid.Date, false, "2022-09-01 10:30:00"},
		{"44805.999999999", grid.Date, false, "2022-09-01"}, {"44805", grid.Month, false, "2022-09"},
		{"44562", grid.Year, false, "2022"}, {"44805", grid.Year, false, "2022-09-01"},
		{"0.5", grid.Date, false, "0.5"}, {"1.5E7", grid.Number, false, "15000000"},
		{"9.13201E+17", grid.Number, false, "9.13201E+17"}, {"0.1", grid.Number, false, "0.1"},
		{"320107000123456", grid.Number, false, "320107000123456"}, {"44805", grid.Text, false, "44805"},
		{"#N/A", grid.Error, false, "#N/A"}, {"", grid.Number, false, ""},
	} {
		if got := string((&Styles{Epoch1904: tc.epoch}).GoesBack([]byte(tc.cell), tc.kind)); got != tc.want {
			t.Errorf("%s (%d, 1904 %v): %q, want %q", tc.cell, tc.kind, tc.epoch, got, tc.want)
		}
	}
}

func TestDateFormat(t *testing.T) {
	for code, want := range map[string]grid.Kind{`yyyy"年"m"月"`: grid.Month, `[$-804]yyyy"年"m"月";@`: grid.Month,
		`yyyy\-mm`: grid.Month, "yyyy/m": grid.Month, `yyyy"年"m"月"d"日"`: grid.Date, "m/d/yy h:mm": grid.Date,
		"yyyy": grid.Year, "0.00": grid.Number, "h:mm:ss": grid.Number, `0"day"`: grid.Number, "#,##0;[Red]-0": grid.Number,
		"[$-409]mmm-yy;@": grid.Month, `"年"0`: grid.Number, "": grid.Number} {
		if got := dateFormat(code); got != want {
			t.Errorf("dateFormat(%s) = %d, want %d", code, got, want)
		}
	}
}
