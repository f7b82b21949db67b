package fold

import "testing"

func TestCleanName(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"南京 Ａ１ 科技(集团)有限公司", "南京A1科技（集团）有限公司"}, {"南京华科　有限公司", "南京华科有限公司"}, {"南京\u200b华科", "南京华科"},
		{"华科（南京）有限公司", "华科（南京）有限公司"}, {"𠂇A·B", "𠂇A·B"},
	} {
		if got := string(Name(nil, []byte(tt.in))); got != tt.want {
			t.Errorf("cleanName(%q) = %q, want %q", tt.in, got, tt.want)
		}
		if NameIsClean([]byte(tt.in)) && tt.in != tt.want {
			t.Errorf("%q is taken for clean", tt.in)
		}
	}
}

func TestTrimmed(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"  a b ", "a b"}, {"\u00a0甲\u3000", "甲"}, {"'0123", "0123"}, {"\ufeff甲\u200b", "甲"}, {"　", ""}, {"甲。", "甲。"},
		{"\u2009甲\u202f", "甲"},
	} {
		if got := string(Trim([]byte(tt.in))); got != tt.want {
			t.Errorf("trimmed(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
	for r := rune(1); r < 0x10000; r++ { // every invisible rune is trimmed at both ends
		if Invisible(r) {
			if got := string(Trim([]byte(string(r) + "甲" + string(r)))); got != "甲" {
				t.Errorf("%U stays: %q", r, got)
			}
		}
	}
}
