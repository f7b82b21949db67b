package source

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

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
		{"2023-02-29", "date.calendar"}, {"20221301", "date.calendar"}, {"2022/13/1", "date.calendar"}, {"0000-00-00", "date.calendar"}, {"01/02/2022", "date.form"}, {"31.12.2022", "date.form"},
		{"9月1日", "date.form"}, {"abc", "date.form"}, {"2022-9-1x", "date.form"}, {"1", "date.form"}, {"20000000000", "date.form"}, {"2022--1", "date.form"},
	} {
		got, p := parseDay([]byte(tt.in), false)
		text := dateOfDays(got).String()
		if p != nil {
			text = p.rule
		}
		if text != tt.want {
			t.Errorf("parseDay(%q) = %s, want %s", tt.in, text, tt.want)
		}
	}
	if got, _ := parseDay([]byte("43343"), true); dateOfDays(got).String() != "2022-09-01" {
		t.Errorf("serial of the 1904 system: %s", dateOfDays(got))
	}
}

// Every day of five centuries agrees with the standard library.
func TestEpochDays(t *testing.T) {
	day := time.Date(1700, 1, 1, 0, 0, 0, 0, time.UTC)
	for day.Year() < 2200 {
		if got, want := epochDays(day.Year(), int(day.Month()), day.Day()), int32(day.Unix()/86400); day.Year() >= 1970 && got != want {
			t.Fatalf("%s: %d, want %d", day, got, want)
		}
		if back := dateOfDays(epochDays(day.Year(), int(day.Month()), day.Day())); back != kpi.DateOf(day) {
			t.Fatalf("%s came back as %s", day, back)
		}
		day = day.AddDate(0, 0, 1)
	}
}

func TestFixed(t *testing.T) {
	for _, tt := range []struct {
		in    string
		scale int
		unit  int64
		want  int64
		bad   bool
	}{
		{"0", 2, 1, 0, false}, {"1", 2, 1, 100, false}, {"1,234.50", 2, 1, 123450, false}, {"-1.005", 2, 1, -101, false}, {"1.004", 2, 1, 100, false},
		{"100", 2, 10000, 100_000_000, false}, {"0.123456", 2, 10000, 123456, false}, {"123.45000000000002", 2, 10000, 123_450_000, false},
		{"1.5E7", 2, 1, 1_500_000_000, false}, {"1e-2", 2, 1, 1, false}, {"0E300", 2, 1, 0, false}, {"12345678901234.99", 2, 1, 1234567890123499, false},
		{"0.00000000000000000001", 2, 1, 0, false}, {".5", 2, 1, 50, false}, {"5.", 0, 1, 5, false},
		{"", 2, 1, 0, true}, {"-", 2, 1, 0, true}, {"1.2.3", 2, 1, 0, true}, {"1E", 2, 1, 0, true}, {"99999999999999999999", 2, 1, 0, true},
		{"900000000000000", 2, 1_000_000, 0, true}, {"1E30", 2, 1, 0, true}, {"12a", 2, 1, 0, true}, {",1", 2, 1, 0, true},
		{"1,234,567", 0, 1, 1234567, false}, {"1,2345,6789", 0, 1, 123456789, false}, {"999,999.5", 2, 1, 99999950, false}, {"1,000E3", 0, 1, 1000000, false}, {"-1,234", 0, 1, -1234, false},
		{"12,50", 2, 1, 0, true}, {"1,2,3", 0, 1, 0, true}, {"1,234,5678", 0, 1, 0, true}, {"1,2345,678", 0, 1, 0, true}, {"12345,678", 0, 1, 0, true}, {"0,125", 0, 1, 0, true}, {"1,", 0, 1, 0, true}, {"1,,234", 0, 1, 0, true}, {"1,5E3", 0, 1, 0, true}, {"1,.5", 2, 1, 0, true},
	} {
		got, err := fixed([]byte(tt.in), tt.scale, tt.unit)
		if (err != nil) != tt.bad || got != tt.want {
			t.Errorf("fixed(%q, %d, %d) = %d, %v", tt.in, tt.scale, tt.unit, got, err)
		}
	}
}

// The fast path never disagrees with the full one.
func TestPlainFixedAgrees(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	fast := 0
	for range 100_000 {
		b := make([]byte, 1+r.IntN(18))
		for i := range b {
			b[i] = "0123456789."[r.IntN(11)]
		}
		scale, unit := []int{0, 2, 6}[r.IntN(3)], []int64{1, 1000, 10000, 1e8}[r.IntN(4)]
		got, ok := plainFixed(b, scale, unit)
		if !ok {
			continue
		}
		fast++
		if want, err := fixed(b, scale, unit); err != nil || got != want {
			t.Fatalf("plainFixed(%q, %d, %d) = %d, fixed says %d, %v", b, scale, unit, got, want, err)
		}
	}
	if fast < 10_000 {
		t.Fatalf("only %d of 100,000 took the fast path", fast)
	}
}

func TestSplitAmount(t *testing.T) {
	for _, tt := range []struct {
		in       string
		number   string
		factor   int64
		currency string
		rule     string
	}{
		{"1,000(万元人民币)", "1,000", 1e4, "CNY", ""}, {"3500万人民币", "3500", 1e4, "CNY", ""}, {"297(万美元)", "297", 1e4, "USD", ""},
		{"3.5亿", "3.5", 1e8, "", ""}, {"100万", "100", 1e4, "", ""}, {"100(万)", "100", 1e4, "", ""}, {"100万元", "100", 1e4, "CNY", ""},
		{"120元", "120", 1, "CNY", ""}, {"¥120.00", "120.00", 0, "CNY", ""}, {"人民币500万元", "500", 1e4, "CNY", ""}, {"USD300", "300", 0, "USD", ""},
		{"543993.4瑞士法郎", "543993.4", 1, "CHF", ""}, {"120元人民币", "120", 1, "CNY", ""}, {"120人民币", "120", 0, "CNY", ""}, {"80港币", "80", 0, "HKD", ""}, {"€5", "5", 0, "EUR", ""},
		{"12", "12", 0, "", ""}, {"1.5E7", "1.5E7", 0, "", ""}, {"(500)", "-500", 0, "", ""}, {"-500", "-500", 0, "", ""}, {"2百万日元", "2", 1e6, "JPY", ""},
		{"100万贝壳", "100", 1e4, "", "money.form"}, {"约100万", "100", 1e4, "", "money.form"}, {"万元", "", 0, "", "money.form"},
		{"美元100万元人民币", "100", 1e4, "", "money.currency"},
	} {
		a, p := splitAmount(fold.Append(nil, []byte(tt.in)))
		rule := ""
		if p != nil {
			rule = p.rule
		}
		if rule != tt.rule || rule == "" && (string(a.number) != tt.number || a.factor != tt.factor || a.currency != tt.currency) {
			t.Errorf("splitAmount(%q) = %s ×%d %s %s", tt.in, a.number, a.factor, a.currency, rule)
		}
	}
}

func TestParseCode(t *testing.T) {
	for _, tt := range []struct {
		in    string
		excel bool
		want  string
	}{
		{"91350100M000100Y43", false, "91350100M000100Y43"},
		{"91350100M000100Y4Z", false, "credit_code.check"},
		{"91350100M000100Y44", false, "credit_code.check"},
		{"91231222MA193K3x7M", false, "91231222MA193K3X7M"},
		{"９１３５０１００Ｍ０００１００Ｙ４３", false, "91350100M000100Y43"},
		{"9135 0100 M000 100Y 43", false, "91350100M000100Y43"},
		{"320100000123456", false, "320100000123456"}, {"3201000001234", false, "3201000001234"}, {"企独苏宁字第1", false, "credit_code.form"},
		{"12345678X90", false, "12345678X90"}, {"9.13201E+17", false, "credit_code.digits_lost"}, {"913201000000000000", true, "credit_code.digits_lost"},
		{"320100000123456", true, "320100000123456"}, {"123", false, "credit_code.form"}, {"32010000012345A", false, "credit_code.form"},
	} {
		got, p := parseCode(nil, []byte(tt.in), tt.excel)
		text := string(got)
		if p != nil {
			text = p.rule
		}
		if text != tt.want {
			t.Errorf("parseCode(%q) = %s, want %s", tt.in, text, tt.want)
		}
	}
	_, p := parseCode(nil, []byte("91350100M000100Y44"), false)
	if want := "校验码不符：末位应为“3”，实为“4”"; p.reason != want {
		t.Errorf("reason %q, want %q", p.reason, want)
	}
}

// A registration number is not two.
func TestParseRegistrationNo(t *testing.T) {
	for in, want := range map[string]string{"320100000123456": "320100000123456", "企独苏宁总字第 000001 号": "企独苏宁总字第000001号", "3201 0000 0123 456": "320100000123456", "32010000\n0123456": "320100000123456",
		"320100000123456\n320100000123457": "registration_no.several", "320100000123456 320100000123457": "registration_no.several", "3201000001234\n3201000001235": "registration_no.several"} {
		got, p := parseRegistrationNo(nil, []byte(in), false)
		text := string(got)
		if p != nil {
			text = p.rule
		}
		if text != want {
			t.Errorf("parseRegistrationNo(%q) = %s, want %s", in, text, want)
		}
	}
}

func TestTitleUnits(t *testing.T) {
	for in, want := range map[string]string{"单位：万元": "万元", "（单位：万元、人）": "万元", "2025年小表（单位：元）": "元", "填报单位：某局  单位：人民币万元": "万元", "金额单位:人民币（亿元）": "亿元",
		"填报单位：某局": "", "单位：户": "", "单位万元": "", "单位：元|计量单位：万元": "元 万元", "单位：元|单位：元": "元"} {
		if got := strings.Join(titleUnits(strings.Split(in, "|")), " "); got != want {
			t.Errorf("titleUnits(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestPeriodEnd(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"企业登记_20250930", "2025-09-30"}, {"企业登记2025-09-30", "2025-09-30"}, {"企业登记_2025Q3", "2025-09-30"}, {"奖补2025年三季度", "2025-09-30"},
		{"奖补2025年第三季度", "2025-09-30"}, {"奖补2025年3季度", "2025-09-30"}, {"名单2025年9月", "2025-09-30"}, {"名单2025年", "2025-12-31"}, {"名单2025年上半年", "2025-06-30"},
		{"registry_nanjing_2019", "2019-12-31"}, {"名单_202502", "2025-02-28"}, {"20220101-20220930登记", "2022-09-30"}, {"截至２０２５年９月３０日", "2025-09-30"},
		{"2025年第三季度_导出20251012", "2025-10-12"}, {"2024年1-9月合同", "2024-09-30"}, {"名单第2025号", ""}, {"v20259999", ""}, {"名单", ""}, {"11320250930", ""},
	} {
		got, _ := PeriodEnd(tt.in, true)
		if got.String() != tt.want {
			t.Errorf("PeriodEnd(%q) = %s, want %s", tt.in, got, tt.want)
		}
	}
	if got, ok := PeriodEnd("宁政发〔2022〕88号", false); ok {
		t.Errorf("a document number is taken for %s", got)
	}
}

func TestFooterWord(t *testing.T) {
	for in, want := range map[string]bool{"合计": true, "合 计：": true, "小计": true, "制表人：张三": true, "填表说明": true, "备注：本表不含": true,
		"合计信息技术有限公司": false, "总计科技": false, "注册资本": false, "说明书": false, "单位负责人:李四": true} {
		if got := footerWord(fold.Word(in)); got != want {
			t.Errorf("footerWord(%q) = %v", in, got)
		}
	}
}

// The office's table of rates knows the currencies that a batch can hold, by the same words.
func TestCurrenciesHaveRates(t *testing.T) {
	rated := map[string]bool{"CNY": true}
	for _, v := range shipped(t, "exchange_rate").Column("currency").Values {
		rated[v.Canonical] = true
		for _, w := range v.Words {
			if currencies[w] != v.Canonical {
				t.Errorf("the contract takes %s for %s, a cell takes it for %q", w, v.Canonical, currencies[w])
			}
		}
	}
	for _, code := range currencyOrder {
		if !rated[code] {
			t.Errorf("no rate can be filed for %s", code)
		}
	}
	for word, code := range currencies {
		if !slices.Contains(currencyOrder, code) {
			t.Errorf("%s is %s, which no batch can hold", word, code)
		}
	}
}

// What goes back to a bureau is read again without the workbook it came from.
func TestGoesBack(t *testing.T) {
	for _, tc := range []struct {
		cell  string
		kind  grid.Kind
		epoch bool
		want  string
	}{
		{"44805", grid.Date, false, "2022-09-01"}, {"43343", grid.Date, true, "2022-09-01"}, {"44805.4375", grid.Date, false, "2022-09-01 10:30:00"},
		{"44805.999999999", grid.Date, false, "2022-09-01"}, {"44805", grid.Month, false, "2022-09"}, {"44562", grid.Year, false, "2022"}, {"44805", grid.Year, false, "2022-09-01"},
		{"0.5", grid.Date, false, "0.5"}, {"1.5E7", grid.Number, false, "15000000"}, {"9.13201E+17", grid.Number, false, "9.13201E+17"}, {"0.1", grid.Number, false, "0.1"},
		{"320107000123456", grid.Number, false, "320107000123456"}, {"44805", grid.Text, false, "44805"}, {"#N/A", grid.Error, false, "#N/A"}, {"", grid.Number, false, ""},
	} {
		if got := string((&numberStyles{epoch1904: tc.epoch}).goesBack([]byte(tc.cell), tc.kind)); got != tc.want {
			t.Errorf("%s (%d, 1904 %v): %q, want %q", tc.cell, tc.kind, tc.epoch, got, tc.want)
		}
	}
}
