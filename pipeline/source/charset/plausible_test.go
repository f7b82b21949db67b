package charset

import (
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
)

func TestGarbled(t *testing.T) {
	for _, text := range []string{"¼×¹«Ë¾", "ÕÅÈý", "甲（¼×¹«Ë¾）", "ä¸\u00adæ–‡", "鍗椾含鍏\ue100徃"} {
		if !Garbled([]byte(text)) {
			t.Errorf("%s is not said to be garbled", text)
		}
	}
	for _, text := range []string{"", "abc", "Société Générale", "Ångström Müßig", "ÄÖÜ", "±×÷°", "“”……——", "南京公司", "\ue000公司",
		"\ue100", "①②③④", "ソニー", "½¼¾"} {
		if Garbled([]byte(text)) {
			t.Errorf("%s is said to be garbled", text)
		}
	}
}

// Each line of a text is told by what it says, not by whether it is well formed.
func TestPlausible(t *testing.T) {
	gb := func(s string) string {
		b, err := simplifiedchinese.GB18030.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for _, tt := range []struct {
		line string
		gb   bool // in a file of GB 18030
		want bool // it is foreign there
	}{
		{"k2,北京市海淀区", true, true}, {"k2,甲", true, true}, {gb("k2,北京市海淀区"), true, false}, {gb("k1,溧水区漯河路"), true, false},
		{gb("k1,贸"), true, false}, {gb("路"), true, false},
		{"k1,1", true, false}, {gb("龴龵䶮㛃有限公司"), true, false}, {"k2,北京市\xff海淀区海淀区海淀区海淀区", true, true},
		{gb("k2,北京市海淀区"), false, true}, {"k2,北京市海淀区", false, false}, {"José Müller", false, false}, {"α-淀粉酶", false, false},
		{"β", false, false}, {"k2,北京\xe5\xb8海淀区", false, false},
		{"阿里·木", false, false}, {"3×4 ±5°", false, false}, {gb("毛每煤"), false, true}, {"Москва", false, false},
	} {
		if got := foreign([]byte(tt.line), tt.gb); got != tt.want {
			u, g := plausible([]byte(tt.line))
			t.Errorf("%q in a file of GB %v: foreign %v (as UTF-8 %.2f, as GB %.2f)", tt.line, tt.gb, got, u, g)
		}
	}
}
