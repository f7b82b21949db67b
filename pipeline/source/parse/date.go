package parse

import (
	"bytes"
	"regexp"
	"strings"
	"unicode"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/source/fold"
)

var dateForm = &Problem{"date.form", "不是可识别的日期，请写成 2022-09-01 的形式"}

var daysSeveral = &Problem{"date.form", "单元格里不止一个日期，或日期中间有空格，请只写一个，如 2022-09-01"}

var yearShort = &Problem{"date.form", "日期的年份不是四位，请写成 2022-09-01 的形式"}

var dayMissing = &Problem{"date.day_missing", "日期缺少“日”，请写成 2022-09-01 的形式"}

// OpenEndDays is the day that stands for "open", in days since 1970-01-01.
var OpenEndDays = EpochDays(9999, 12, 31)

// EpochDays is the number of days from 1970-01-01 to a day of the Gregorian
// calendar, counted in 400-year eras that start on 1 March.
func EpochDays(y, m, d int) int32 {
	if m <= 2 {
		y--
		m += 12
	}
	era := y / 400
	yoe := y - era*400
	doy := (153*(m-3)+2)/5 + d - 1
	doe := yoe*365 + yoe/4 - yoe/100 + doy
	return int32(era*146097 + doe - 719468)
}

// DateOfDays is the date so many days after 1970-01-01.
func DateOfDays(days int32) kpi.Date {
	return kpi.Date{Year: 1970, Month: 1, Day: 1}.AddDays(int(days))
}

// DayNumber is how many days after 1970-01-01 a date is.
func DayNumber(d kpi.Date) int32 { return EpochDays(d.Year, int(d.Month), d.Day) }

var monthDays = [13]int{0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

// ValidDay reports a day that the calendar has, of the years 1000 to 9999.
func ValidDay(y, m, d int) bool {
	if y < 1000 || y > 9999 || m < 1 || m > 12 || d < 1 || d > monthDays[m] {
		return false
	}
	return m != 2 || d != 29 || y%4 == 0 && (y%100 != 0 || y%400 == 0)
}

// Day reads a date cell (trimmed) into days since 1970-01-01. It knows
// 2022-09-01, 2022/9/1, 2022.9.1, 20220901, 2022年9月1日, each with or without
// a time of day behind it (one that says its zone is a moment, whose day is China's), Excel serials of either epoch, and 长期 or any day
// of the year 9999, which mean "open".
func Day(b []byte, epoch1904 bool) (int32, *Problem) {
	if y, m, d := writtenDay(b); y >= 0 && m >= 0 && d >= 0 && ValidDay(y, m, d) {
		return closed(y, m, d), nil
	}
	b, clock := cutTime(b)
	if len(clock) > 0 {
		if shift, p := dayShift(clock); p != nil || shift != 0 {
			return shifted(b, shift, p)
		}
	}
	if !fold.Plain(b) {
		if b = fold.Apart(b); bytes.IndexByte(b, ' ') >= 0 {
			if b = spacedDay(b); b == nil {
				return 0, daysSeveral
			}
		}
		switch string(b) {
		case "长期", "永久", "无固定期限", "无期限":
			return OpenEndDays, nil
		}
	}
	if n := fold.Digits(b); n >= 0 {
		return dayOfNumber(n, len(b), epoch1904)
	}
	if whole, fraction, ok := bytes.Cut(b, []byte(".")); ok && fold.Digits(whole) >= 0 && len(whole) == 5 && fold.Digits(fraction) >= 0 {
		return dayOfNumber(fold.Digits(whole), 5, epoch1904) // a serial with a time of day
	}
	y, b := leadingNumber(b)
	b, sep1 := cutSeparator(b, "年")
	m, b := leadingNumber(b)
	b, sep2 := cutSeparator(b, "月")
	d, b := leadingNumber(b)
	if s, ok := bytes.CutSuffix(b, []byte("日")); ok {
		b = s
	} else if s, ok := bytes.CutSuffix(b, []byte("号")); ok {
		b = s
	}
	switch {
	case y >= 1000 && sep1 && m >= 1 && m <= 12 && d < 0 && len(b) == 0:
		return 0, dayMissing
	case !sep1 || !sep2 || len(b) != 0 || y < 0 || m < 0 || d < 0, d > 99 && y <= 31: // 01/02/2022: which of them is the month?
		return 0, dateForm
	case y > 0 && y < 1000: // 9/1/22: a year of two digits, or the month first
		return 0, yearShort
	case !ValidDay(y, m, d):
		return 0, &Problem{"date.calendar", "日历上没有这一天"}
	}
	return closed(y, m, d), nil
}

// spacedDay is a day or a month that has blanks for separators, 2022 09 01, with hyphens instead;
// nil if other digits stand apart.
func spacedDay(b []byte) []byte {
	if !fold.AllDigits(bytes.ReplaceAll(b, []byte(" "), nil)) {
		return nil
	}
	return bytes.ReplaceAll(b, []byte(" "), []byte("-"))
}

// writtenDay cuts the usual forms at a glance: 2022-09-01, 2022/9/1, 2022年9月1日. -1: another form.
func writtenDay(b []byte) (y, m, d int) {
	if len(b) < 8 || len(b) > 17 {
		return -1, 0, 0
	}
	switch sep := b[4]; sep {
	case '-', '/', '.':
		at := 2
		if b[7] != sep {
			at = 1
		}
		if b[5+at] != sep || len(b) > 10 {
			return -1, 0, 0
		}
		return fold.Digits(b[:4]), fold.Digits(b[5 : 5+at]), fold.Digits(b[6+at:])
	}
	const year, month, day = "年", "月", "日"
	if string(b[4:7]) != year || string(b[len(b)-3:]) != day {
		return -1, 0, 0
	}
	at := bytes.Index(b[7:], []byte(month))
	if at < 1 || at > 2 {
		return -1, 0, 0
	}
	return fold.Digits(b[:4]), fold.Digits(b[7 : 7+at]), fold.Digits(b[10+at : len(b)-3])
}

// closed maps every day of the year 9999 to the one that stands for "open".
func closed(y, m, d int) int32 {
	if y == 9999 {
		return OpenEndDays
	}
	return EpochDays(y, m, d)
}

// Serials between these stand for 1954-10-03 to 2119-01-10: other bare numbers
// are more likely a year or a mistake than a day.
const firstSerial, lastSerial = 20000, 80000

func dayOfNumber(n, width int, epoch1904 bool) (int32, *Problem) {
	switch {
	case width == 8:
		if y, m, d := n/10000, n/100%100, n%100; ValidDay(y, m, d) {
			return closed(y, m, d), nil
		}
		return 0, &Problem{"date.calendar", "日历上没有这一天"}
	case width == 5 && n >= firstSerial && n <= lastSerial:
		day, _ := SerialDay(n, epoch1904)
		return day, nil
	case width == 6 && ValidDay(n/100, n%100, 1), width == 4 && n > 1900 && n < 2100:
		return 0, dayMissing
	}
	return 0, dateForm
}

// cutTime cuts a time of day: "2022/9/1 0:00:00", "2022-09-01T00:00:00".
func cutTime(b []byte) (day, clock []byte) {
	for i, c := range b {
		if c == ' ' && i >= 6 || (c == 'T' || c == 't') && i >= 8 {
			if bytes.IndexByte(b[i:], ':') > 0 {
				return b[:i], b[i+1:]
			}
		}
	}
	return b, nil
}

// NoZone ends the time of a moment that may be meant in either of two zones.
const NoZone = "?"

var (
	clockForm = regexp.MustCompile(`(?i)^\s*T?\s*(?:(?:星期|周)[一二三四五六日天]\s*)?(凌晨|早上|上午|中午|下午|晚上|AM|PM)?\s*` +
		`(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,:]\d+)?)?\s*(上午|下午|AM\b|PM\b)?\s*(.*)$`)
	zone = regexp.MustCompile(`(?i)^(?:Z|UTC|GMT|` +
		`(?:UTC|GMT)?\s*([+-])(\d{1,2}):?(\d{2})?(?:\s*(?:UTC|GMT|[A-Z]{3,4}))?)(?:\[[\w/+-]+\])?$`)
	zoneHere = regexp.MustCompile(`(?i)^\[?(?:CST|PRC|Asia/(?:Shanghai|Chongqing)|北京时间|中国标准时间)\]?$`)
	until    = regexp.MustCompile(`^(-|－|–|—|~|～|至|到)\s*(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?$`)
)

var (
	noTime      = &Problem{"date.time", "日期后面不是可识别的时刻，请写成 2022-09-01 的形式"}
	zoneUnknown = &Problem{"date.zone", "时刻的时区无法识别，可能是前一天，也可能是后一天，请写成 2022-09-01 的形式"}
)

// minutesOf is a time of day in minutes; -1 if there is no such time. Midnight may be 24:00.
func minutesOf(hour, minute, second []byte) int {
	h, m, s := fold.Digits(hour), fold.Digits(minute), max(0, fold.Digits(second))
	if h < 0 || m < 0 || m > 59 || s > 60 || h*3600+m*60+s > 24*3600 {
		return -1
	}
	return h*60 + m
}

// plainClock cuts the usual form at a glance: 08:30, 08:30:00, 08:30:00.000.
func plainClock(b []byte) bool {
	if len(b) < 4 || b[1] != ':' && b[2] != ':' {
		return false
	}
	hour, rest, _ := bytes.Cut(b, []byte(":"))
	minute, second, _ := bytes.Cut(rest, []byte(":"))
	second, fraction, parted := bytes.Cut(second, []byte("."))
	if len(minute) != 2 || len(second) != 2 && (len(second) > 0 || len(rest) > 2) || parted && !fold.AllDigits(fraction) ||
		len(second) > 0 && fold.Digits(second) < 0 {
		return false
	}
	return minutesOf(hour, minute, second) >= 0
}

// dayShift is how many days later it is in China at a time of day that says its zone. Without one it is China's.
func dayShift(clock []byte) (days int32, p *Problem) {
	if plainClock(clock) {
		return 0, nil
	}
	if bytes.HasSuffix(clock, []byte(NoZone)) {
		return 0, &Problem{"date.zone", "时刻没有说明时区，可能是前一天，也可能是后一天，请写成 2022-09-01 的形式"}
	}
	m := clockForm.FindSubmatch(clock)
	if m == nil {
		return 0, noTime
	}
	of, rest := minutesOf(m[2], m[3], m[4]), m[6]
	switch half := strings.ToLower(string(m[1]) + string(m[5])); {
	case of < 0:
		return 0, noTime
	case half == "am" && of >= 12*60:
		of -= 12 * 60
	case of < 12*60 && (half == "pm" || half == "下午" || half == "晚上"):
		of += 12 * 60
	}
	if len(rest) == 0 || zoneHere.Match(rest) {
		return 0, nil
	}
	if u := until.FindSubmatch(rest); u != nil { // 08:30-09:30 is from one to the other, and 08:30:00-09:30 a zone
		end := minutesOf(u[2], u[3], u[4])
		if end < 0 {
			return 0, noTime
		}
		if string(u[1]) != "-" || len(u[4]) > 0 || len(m[4]) == 0 && end > of {
			return 0, nil
		}
	}
	z := zone.FindSubmatch(rest)
	if z == nil && !bytes.ContainsFunc(rest, unicode.IsLetter) {
		return 0, noTime
	}
	if z == nil || fold.Digits(z[2]) > 14 || fold.Digits(z[3]) > 59 {
		return 0, zoneUnknown
	}
	minutes := of + chinaOffset
	if len(z[1]) > 0 {
		offset := fold.Digits(z[2])*60 + max(0, fold.Digits(z[3]))
		if z[1][0] == '-' {
			offset = -offset
		}
		minutes -= offset
	}
	return int32((minutes+24*60)/(24*60) - 1), nil
}

// chinaOffset is that of China in minutes.
const chinaOffset = 8 * 60

// shifted is the day so many days behind that of a cell.
func shifted(b []byte, shift int32, p *Problem) (int32, *Problem) {
	if p != nil {
		return 0, p
	}
	day, p := Day(b, false)
	if p != nil || day == OpenEndDays {
		return day, p
	}
	return day + shift, nil
}

func cutSeparator(b []byte, word string) ([]byte, bool) {
	if len(b) > 0 && (b[0] == '-' || b[0] == '/' || b[0] == '.') {
		return b[1:], true
	}
	return bytes.CutPrefix(b, []byte(word))
}

// leadingNumber cuts up to four digits off the front; -1 if there are none.
func leadingNumber(b []byte) (int, []byte) {
	i := 0
	for i < len(b) && i < 4 && b[i] >= '0' && b[i] <= '9' {
		i++
	}
	return fold.Digits(b[:i]), b[i:]
}
