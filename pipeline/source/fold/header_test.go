package fold

import "testing"

func TestHeaderKey(t *testing.T) {
	for _, tt := range []struct{ in, key, unit string }{
		{"注册资本（万元）", "注册资本", "万元"}, {"注册资本(元)", "注册资本", "元"}, {"合同\n成交 金额", "合同成交金额", ""}, {"＊企业名称", "企业名称", ""},
		{"注册资本(资金数额)", "注册资本(资金数额)", ""}, {"金额（单位：亿元）", "金额", "亿元"}, {"资金【万元】", "资金", "万元"}, {"金额(人民币万元)", "金额", "万元"},
		{"(万元)", "(万元)", ""}, {"是否（有元）", "是否(有元)", ""},
	} {
		if key, unit := HeaderKey(tt.in); key != tt.key || unit != tt.unit {
			t.Errorf("headerKey(%q) = %q, %q", tt.in, key, unit)
		}
	}
}
