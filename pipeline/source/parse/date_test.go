package parse

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/source/fold"
	"citykpi/pipeline/source/grid"
)

func TestParseDay(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"2022-09-01", "2022-09-01"}, {"2022/9/1", "2022-09-01"}, {"2022.9.1", "2022-09-01"}, {"20220901", "2022-09-01"},
		{"2022年9月1日", "2022-09-01"}, {"2022年09月01", "2022-09-01"}, {"2022/9/1 0:00:00", "2022-09-01"},
		{"2022-09-01T08:30:00", "2022-09-01"}, {"２０２２－９－１", "2022-09-01"}, {"2022 年 9 月 1 日", "2022-09-01"},
		{"44805", "2022-09-01"}, {"44805.5", "2022-09-01"}, {"2024-02-29", "2024-02-29"},
		{"9999-12-31", "9999-12-31"}, {"9999-9-9", "9999-12-31"}, {"99991231", "9999-12-31"}, {"长期", "9999-12-31"},
		{"2022年9月", "date.day_missing"}, {"2022-09", "date.day_missing"}, {"202209", "date.day_missing"}, {"2022", "date.day_missing"},
		{"2023-02-29", "date.calendar"}, {"20221301", "date.calendar"}, {"2022/13/1", "date.calendar"},
		{"0000-00-00", "date.calendar"}, {"01/02/2022", "date.form"}, {"31.12.2022", "date.form"},
		{"9月1日", "date.form"}, {"abc", "date.form"}, {"2022-9-1x", "date.form"}, {"1", "date.form"},
		{"20000000000", "date.form"}, {"2022--1", "date.form"},
	} {
		got, p := Day([]byte(tt.in), false)
		text := DateOfDays(got).String()
		if p != nil {
			text = p.Rule
		}
		if text != tt.want {
			t.Errorf("parseDay(%q) = %s, want %s", tt.in, text, tt.want)
		}
	}
	if got, _ := Day([]byte("43343"), true); DateOfDays(got).String() != "2022-09-01" {
		t.Errorf("serial of the 1904 system: %s", DateOfDays(got))
	}
}

// Every day of five centuries agrees with the standard library.
func TestEpochDays(t *testing.T) {
	day := time.Date(1700, 1, 1, 0, 0, 0, 0, time.UTC)
	for day.Year() < 2200 {
		if got, want := EpochDays(day.Year(), int(day.Month()), day.Day()), int32(day.Unix()/86400); day.Year() >= 1970 && got != want {
			t.Fatalf("%s: %d, want %d", day, got, want)
		}
		if back := DateOfDays(EpochDays(day.Year(), int(day.Month()), day.Day())); back != kpi.DateOf(day) {
			t.Fatalf("%s came back as %s", day, back)
		}
		day = day.AddDate(0, 0, 1)
	}
}

// A moment that says its zone is the day it was in China.
func TestMoments(t *testing.T) {
	for text, want := range map[string]string{
		"2022-09-30T16:30:00Z": "2022-10-01", "2022-09-30T15:59:59Z": "2022-09-30", "2022-09-30T16:30:00.123Z": "2022-10-01",
		"2022-09-30 16:30:00+00:00": "2022-10-01",
		"2022-10-01T00:30:00+08:00": "2022-10-01", "2022-10-01T00:30:00+0900": "2022-09-30",
		"2022-09-30T11:00:00-05:00": "2022-10-01", "2022-09-30T16:30Z": "2022-10-01",
		"2022-09-30 16:30:00 UTC": "2022-10-01", "2022-09-30 16:30:00 +0000 UTC": "2022-10-01",
		"2022-09-30T16:30:00+00:00[UTC]": "2022-10-01", "2022-12-31T20:00:00Z": "2023-01-01",
		"2022-09-30T16:30:00": "2022-09-30", "2022/9/30 16:30": "2022-09-30", "2022-09-30 08:30-09:30": "2022-09-30",
		"2022-09-30 下午 4:30":      "2022-09-30",
		"2022-09-30T16:30:00 PST": "date.zone", "2022-09-30T16:30:00 EST5EDT": "date.zone",
		"2022-09-30 16:30 America/New_York": "date.zone", "2022-09-30T16:30:00[Europe/Paris]": "date.zone",
		"2022-09-30T16:30:00 PST8PDT": "date.zone",
		"2022-09-30 16:30:00 CST":     "2022-09-30", "2022-09-30T23:30:00[Asia/Shanghai]": "2022-09-30",
		"2022-09-30 23:30 Asia/Shanghai": "2022-09-30", "2022-09-30 23:30 北京时间": "2022-09-30",
		"2022-09-30T16:30:00-05:00[America/New_York]": "2022-10-01",
		"2022-09-30 16:30 GMT+8":                      "2022-09-30",
		"2022-09-30 4:30 PM UTC":                      "2022-10-01", "2022-09-30 12:30 AM UTC": "2022-09-30",
		"2022-09-30T16:30:00+99:00": "date.zone", "2022-09-30T16:30:00+08:75": "date.zone",
		"2022-09-30 99:99": "date.time", "2022-09-30 24:61": "date.time", "2022-09-30 25:00:00": "date.time",
		"2022-09-30T08:60:00Z": "date.time", "2022-09-30 08:30:61": "date.time", "2022-09-30 24:00": "2022-09-30",
		"2022-09-30 24:00:01":         "date.time",
		"2022/09/30 2023/01/01 08:00": "date.time", "2022-09-30 2023-01-01 08:00": "date.time",
		"2022-09-30 08:30 09:30": "date.time", "2022-09-30 x:y": "date.time", "2022-09-30 8:5": "2022-09-30",
		"2022-09-30 0:00:00": "2022-09-30", "2022-09-30 08:30:00.000": "2022-09-30", "2022-09-30 08:30:00:123": "2022-09-30",
		"2022-09-30 星期五 08:30": "2022-09-30", "2022-09-30 08:30 - 17:30": "2022-09-30", "2022-09-30 08:30:00~17:30:00": "2022-09-30",
		"2022-09-30 8:30 PM": "2022-09-30", "2022-09-30  08:30": "2022-09-30", "2022-09-30 上午8:30:15": "2022-09-30",
		"2022-09-30T08:30:00,5": "2022-09-30",
		"9999-12-31T16:00:00Z":  "9999-12-31", "2022-09-30T16:30:00?": "date.zone", "2022-09-30T16:30:00Zulu": "date.zone",
		"1664524800000": "date.form", "1664524800": "date.form",
	} {
		day, p := Day([]byte(text), false)
		got := DateOfDays(day).String()
		if p != nil {
			got = p.Rule
		}
		if got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

// A day that is read prints as a day that reads as the same, whatever it stood
// in; a cell that is no day says why and gives no day.
//
// Cells are valid UTF-8 in all of these: readers make them so.
func FuzzDay(f *testing.F) {
	for _, s := range []string{"2022-09-01", "2022年9月1日", "44805.5", "长期", "2022/9/1 0:00:00"} {
		for kind := range uint8(grid.Year + 1) {
			f.Add(s, kind, kind%2 == 0)
		}
	}
	f.Fuzz(func(t *testing.T, s string, kind uint8, epoch1904 bool) {
		if !utf8.ValidString(s) {
			return
		}
		k := grid.Kind(kind % uint8(grid.Year+1))
		day, p := DayOfCell(fold.Trim([]byte(s)), k, epoch1904)
		if p != nil {
			if p.Rule == "" || p.Reason == "" || day != 0 {
				t.Fatalf("%q is refused as %+v with %d", s, p, day)
			}
			return
		}
		printed := DateOfDays(day).String()
		if again, p := Day([]byte(printed), epoch1904); p != nil || again != day {
			t.Fatalf("%q is %s, which is %v %v", s, printed, again, p)
		}
		if text := fold.Append(nil, fold.Trim([]byte(s))); k == grid.Text && day != OpenEndDays &&
			!bytes.ContainsRune(text, ':') && bytes.ContainsAny(text, "年-/") && !strings.Contains(string(text), printed[:4]) {
			t.Fatalf("%q has lost its year: %s", s, printed)
		}
		if _, _, ok := MonthOfCell(fold.Trim([]byte(s)), k, epoch1904); ok && k == grid.Text {
			t.Fatalf("%q is a day and a month", s)
		}
	})
}

// A month that is read is a whole one, and prints as a month that reads as the same.
func FuzzMonth(f *testing.F) {
	for _, s := range []string{"2022年9月", "2022-09", "2022/9", "202209", "2022.10", "2022年9月份"} {
		f.Add(s, uint8(grid.Text))
		f.Add(s, uint8(grid.Number))
	}
	f.Fuzz(func(t *testing.T, s string, kind uint8) {
		if !utf8.ValidString(s) {
			return
		}
		first, last, ok := MonthOfCell(fold.Trim([]byte(s)), grid.Kind(kind%uint8(grid.Year+1)), false)
		if !ok {
			return
		}
		from, to := DateOfDays(first), DateOfDays(last)
		if from.Day != 1 || to != from.MonthEnd() {
			t.Fatalf("%q is %s to %s", s, from, to)
		}
		if again, _, ok := MonthOfCell([]byte(from.String()[:7]), grid.Text, false); !ok || again != first {
			t.Fatalf("%q is %s, which is %v", s, from, again)
		}
	})
}
