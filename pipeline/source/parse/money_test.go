package parse

import (
	"bytes"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"citykpi/pipeline/source/fold"
)

func TestFixed(t *testing.T) {
	for _, tt := range []struct {
		in    string
		scale int
		unit  int64
		want  int64
		bad   bool
	}{
		{"0", 2, 1, 0, false}, {"1", 2, 1, 100, false}, {"1,234.50", 2, 1, 123450, false}, {"-1.005", 2, 1, -101, false},
		{"1.004", 2, 1, 100, false},
		{"100", 2, 10000, 100_000_000, false}, {"0.123456", 2, 10000, 123456, false}, {"123.45000000000002", 2, 10000, 123_450_000, false},
		{"1.5E7", 2, 1, 1_500_000_000, false}, {"1e-2", 2, 1, 1, false}, {"0E300", 2, 1, 0, false},
		{"12345678901234.99", 2, 1, 1234567890123499, false},
		{"0.00000000000000000001", 2, 1, 0, false}, {".5", 2, 1, 50, false}, {"5.", 0, 1, 5, false},
		{"", 2, 1, 0, true}, {"-", 2, 1, 0, true}, {"1.2.3", 2, 1, 0, true}, {"1E", 2, 1, 0, true}, {"99999999999999999999", 2, 1, 0, true},
		{"900000000000000", 2, 1_000_000, 0, true}, {"1E30", 2, 1, 0, true}, {"12a", 2, 1, 0, true}, {",1", 2, 1, 0, true},
		{"1,234,567", 0, 1, 1234567, false}, {"1,2345,6789", 0, 1, 123456789, false}, {"999,999.5", 2, 1, 99999950, false},
		{"1,000E3", 0, 1, 1000000, false}, {"-1,234", 0, 1, -1234, false},
		{"12,50", 2, 1, 0, true}, {"1,2,3", 0, 1, 0, true}, {"1,234,5678", 0, 1, 0, true}, {"1,2345,678", 0, 1, 0, true},
		{"12345,678", 0, 1, 0, true}, {"0,125", 0, 1, 0, true}, {"1,", 0, 1, 0, true}, {"1,,234", 0, 1, 0, true},
		{"1,5E3", 0, 1, 0, true}, {"1,.5", 2, 1, 0, true},
	} {
		got, err := Fixed([]byte(tt.in), tt.scale, tt.unit)
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
		got, ok := PlainFixed(b, scale, unit)
		if !ok {
			continue
		}
		fast++
		if want, err := Fixed(b, scale, unit); err != nil || got != want {
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
		{"120元", "120", 1, "CNY", ""}, {"¥120.00", "120.00", 0, "CNY", ""}, {"人民币500万元", "500", 1e4, "CNY", ""},
		{"USD300", "300", 0, "USD", ""},
		{"543993.4瑞士法郎", "543993.4", 1, "CHF", ""}, {"120元人民币", "120", 1, "CNY", ""}, {"120人民币", "120", 0, "CNY", ""},
		{"80港币", "80", 0, "HKD", ""}, {"€5", "5", 0, "EUR", ""},
		{"12", "12", 0, "", ""}, {"1.5E7", "1.5E7", 0, "", ""}, {"(500)", "-500", 0, "", ""}, {"-500", "-500", 0, "", ""},
		{"2百万日元", "2", 1e6, "JPY", ""},
		{"100万贝壳", "100", 1e4, "", "money.form"}, {"约100万", "100", 1e4, "", "money.form"}, {"万元", "", 0, "", "money.form"},
		{"美元100万元人民币", "100", 1e4, "", "money.currency"},
	} {
		a, p := SplitAmount(fold.Append(nil, []byte(tt.in)))
		rule := ""
		if p != nil {
			rule = p.Rule
		}
		if rule != tt.rule || rule == "" && (string(a.Number) != tt.number || a.Factor != tt.factor || a.Currency != tt.currency) {
			t.Errorf("splitAmount(%q) = %s ×%d %s %s", tt.in, a.Number, a.Factor, a.Currency, rule)
		}
	}
}

// An amount that is read keeps its digits, its sign and its unit, prints as an
// amount that reads as the same, and means the same with every digit made wide.
func FuzzMoney(f *testing.F) {
	for _, s := range []string{"1,000(万元人民币)", "3.5亿", "-1.005", "1.5E7", "(500)", "¥12", "１２３４", "297(万美元)", "HK$100万"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			return
		}
		b := fold.Append(nil, fold.Trim([]byte(s)))
		a, p := SplitAmount(b)
		if p != nil {
			if p.Rule == "" || p.Reason == "" {
				t.Fatalf("%q is refused without a reason", s)
			}
			return
		}
		factor := max(a.Factor, 1)
		value, err := Fixed(a.Number, MoneyScale, factor)
		if err != nil {
			return
		}
		near(t, s, value, a.Number, MoneyScale, factor)
		if again, err := Fixed([]byte(FixedText(value, MoneyScale)), MoneyScale, 1); err != nil || again != value {
			t.Fatalf("%q is %d, printed %s, read %d %v", s, value, FixedText(value, MoneyScale), again, err)
		}
		if a.Currency != "" && !strings.Contains(strings.Join(CurrencyOrder, " "), a.Currency) {
			t.Fatalf("%q is in %s, which no batch can hold", s, a.Currency)
		}
		w, p := SplitAmount(fold.Append(nil, []byte(widened(string(b)))))
		if p != nil || !bytes.Equal(w.Number, a.Number) || w.Factor != a.Factor || w.Currency != a.Currency {
			t.Fatalf("%q is %s ×%d %s, and wide %s ×%d %s", s, a.Number, a.Factor, a.Currency, w.Number, w.Factor, w.Currency)
		}
	})
}

// Numbers of every scale keep their digits, on the short way as on the long one.
func FuzzNumber(f *testing.F) {
	for _, s := range []string{"0", "1,234.50", "-0.000001", "1E-7", "123456789012345678", ".5", "5.", "+3"} {
		f.Add(s, uint8(0), uint8(0))
		f.Add(s, uint8(1), uint8(1))
		f.Add(s, uint8(2), uint8(0))
	}
	f.Fuzz(func(t *testing.T, s string, kind, worth uint8) {
		if !utf8.ValidString(s) {
			return
		}
		scale, unit := []int{0, MoneyScale, DecimalScale}[kind%3], []int64{1, 1e3, 1e4, 1e6, 1e8}[worth%5]
		value, err := Fixed([]byte(s), scale, unit)
		if short, ok := PlainFixed([]byte(s), scale, unit); ok && (err != nil || short != value) {
			t.Fatalf("plainFixed(%q, %d, %d) = %d, fixed says %d, %v", s, scale, unit, short, value, err)
		}
		if err != nil {
			return
		}
		near(t, s, value, []byte(s), scale, unit)
		if again, err := Fixed([]byte(FixedText(value, scale)), scale, 1); err != nil || again != value {
			t.Fatalf("%q is %d, printed %s, read %d %v", s, value, FixedText(value, scale), again, err)
		}
	})
}

// near holds an integer of 10^-scale against the number it was read from: no
// digit that the column keeps may be lost, the rest is rounded. Of a number of
// more than nineteen digits only those are asked for.
func near(t *testing.T, s string, value int64, number []byte, scale int, factor int64) {
	if len(number) > 60 {
		return
	}
	want := exact(number)
	if want == nil {
		t.Fatalf("%q is read as %d, and is no number", s, value)
	}
	want.Mul(want, new(big.Rat).SetInt64(factor)).Mul(want, new(big.Rat).SetInt(tenTo(scale)))
	slack := big.NewRat(1, 2)
	if size := new(big.Rat).Abs(want); size.Cmp(big.NewRat(1e15, 1)) > 0 {
		slack.Add(slack, size.Quo(size, new(big.Rat).SetInt(tenTo(18))))
	}
	if off := want.Sub(want, new(big.Rat).SetInt64(value)); off.Abs(off).Cmp(slack) > 0 {
		t.Fatalf("%q (%s ×%d) is %d, which is %s off", s, number, factor, value, off.FloatString(3))
	}
}

func tenTo(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

// widened writes ASCII as a Chinese keyboard does.
func widened(s string) string {
	return strings.Map(func(r rune) rune {
		if r > ' ' && r < 0x7F {
			return r + 0xFEE0
		}
		return r
	}, s)
}

// exact is what a folded decimal number says, nil if it is none.
func exact(number []byte) *big.Rat {
	if bytes.ContainsAny(number, "_/xXbBoOpPiIn") {
		return nil
	}
	v, ok := new(big.Rat).SetString(strings.ReplaceAll(string(number), ",", ""))
	if !ok {
		return nil
	}
	return v
}
