package source

import (
	"slices"
	"strings"
	"testing"

	"citykpi/pipeline/source/parse"
)

func TestTitleUnits(t *testing.T) {
	for in, want := range map[string]string{"单位：万元": "万元", "（单位：万元、人）": "万元", "2025年小表（单位：元）": "元", "填报单位：某局  单位：人民币万元": "万元",
		"金额单位:人民币（亿元）": "亿元",
		"填报单位：某局":      "", "单位：户": "", "单位万元": "", "单位：元|计量单位：万元": "元 万元", "单位：元|单位：元": "元"} {
		if got := strings.Join(titleUnits(strings.Split(in, "|")), " "); got != want {
			t.Errorf("titleUnits(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestPeriodEnd(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"企业登记_20250930", "2025-09-30"}, {"企业登记2025-09-30", "2025-09-30"}, {"企业登记_2025Q3", "2025-09-30"}, {"奖补2025年三季度", "2025-09-30"},
		{"奖补2025年第三季度", "2025-09-30"}, {"奖补2025年3季度", "2025-09-30"}, {"名单2025年9月", "2025-09-30"}, {"名单2025年", "2025-12-31"},
		{"名单2025年上半年", "2025-06-30"},
		{"registry_nanjing_2019", "2019-12-31"}, {"名单_202502", "2025-02-28"}, {"20220101-20220930登记", "2022-09-30"},
		{"截至２０２５年９月３０日", "2025-09-30"},
		{"2025年第三季度_导出20251012", "2025-10-12"}, {"2024年1-9月合同", "2024-09-30"}, {"名单第2025号", ""}, {"v20259999", ""}, {"名单", ""},
		{"11320250930", ""},
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

// The office's table of rates knows the currencies that a batch can hold, by the same words.
func TestCurrenciesHaveRates(t *testing.T) {
	rated := map[string]bool{"CNY": true}
	for _, v := range shipped(t, "exchange_rate").Column("currency").Values {
		rated[v.Canonical] = true
		for _, w := range v.Words {
			if parse.Currencies[w] != v.Canonical {
				t.Errorf("the contract takes %s for %s, a cell takes it for %q", w, v.Canonical, parse.Currencies[w])
			}
		}
	}
	for _, code := range parse.CurrencyOrder {
		if !rated[code] {
			t.Errorf("no rate can be filed for %s", code)
		}
	}
	for word, code := range parse.Currencies {
		if !slices.Contains(parse.CurrencyOrder, code) {
			t.Errorf("%s is %s, which no batch can hold", word, code)
		}
	}
}
