package source

import (
	"bytes"
	"math/big"
	"strings"
	"testing"
	"unicode/utf8"

	"citykpi/pipeline/source/fold"
	"citykpi/pipeline/source/grid"
)

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
		day, p := dayOfCell(fold.Trim([]byte(s)), k, epoch1904)
		if p != nil {
			if p.rule == "" || p.reason == "" || day != 0 {
				t.Fatalf("%q is refused as %+v with %d", s, p, day)
			}
			return
		}
		printed := dateOfDays(day).String()
		if again, p := parseDay([]byte(printed), epoch1904); p != nil || again != day {
			t.Fatalf("%q is %s, which is %v %v", s, printed, again, p)
		}
		if text := fold.Append(nil, fold.Trim([]byte(s))); k == grid.Text && day != openEndDays && !bytes.ContainsRune(text, ':') && bytes.ContainsAny(text, "年-/") && !strings.Contains(string(text), printed[:4]) {
			t.Fatalf("%q has lost its year: %s", s, printed)
		}
		if _, _, ok := monthOfCell(fold.Trim([]byte(s)), k, epoch1904); ok && k == grid.Text {
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
		first, last, ok := monthOfCell(fold.Trim([]byte(s)), grid.Kind(kind%uint8(grid.Year+1)), false)
		if !ok {
			return
		}
		from, to := dateOfDays(first), dateOfDays(last)
		if from.Day != 1 || to != from.MonthEnd() {
			t.Fatalf("%q is %s to %s", s, from, to)
		}
		if again, _, ok := monthOfCell([]byte(from.String()[:7]), grid.Text, false); !ok || again != first {
			t.Fatalf("%q is %s, which is %v", s, from, again)
		}
	})
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
		a, p := splitAmount(b)
		if p != nil {
			if p.rule == "" || p.reason == "" {
				t.Fatalf("%q is refused without a reason", s)
			}
			return
		}
		factor := max(a.factor, 1)
		value, err := fixed(a.number, moneyScale, factor)
		if err != nil {
			return
		}
		near(t, s, value, a.number, moneyScale, factor)
		if again, err := fixed([]byte(fixedText(value, moneyScale)), moneyScale, 1); err != nil || again != value {
			t.Fatalf("%q is %d, printed %s, read %d %v", s, value, fixedText(value, moneyScale), again, err)
		}
		if a.currency != "" && !strings.Contains(strings.Join(currencyOrder, " "), a.currency) {
			t.Fatalf("%q is in %s, which no batch can hold", s, a.currency)
		}
		w, p := splitAmount(fold.Append(nil, []byte(widened(string(b)))))
		if p != nil || !bytes.Equal(w.number, a.number) || w.factor != a.factor || w.currency != a.currency {
			t.Fatalf("%q is %s ×%d %s, and wide %s ×%d %s", s, a.number, a.factor, a.currency, w.number, w.factor, w.currency)
		}
	})
}

// widened writes ASCII as a Chinese keyboard does.
func widened(s string) string {
	return strings.Map(func(r rune) rune {
		if r > ' ' && r < 0x7F {
			return r + 0xFEE0
		}
		return r
	}, s)
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
		scale, unit := []int{0, moneyScale, decimalScale}[kind%3], []int64{1, 1e3, 1e4, 1e6, 1e8}[worth%5]
		value, err := fixed([]byte(s), scale, unit)
		if short, ok := plainFixed([]byte(s), scale, unit); ok && (err != nil || short != value) {
			t.Fatalf("plainFixed(%q, %d, %d) = %d, fixed says %d, %v", s, scale, unit, short, value, err)
		}
		if err != nil {
			return
		}
		near(t, s, value, []byte(s), scale, unit)
		if again, err := fixed([]byte(fixedText(value, scale)), scale, 1); err != nil || again != value {
			t.Fatalf("%q is %d, printed %s, read %d %v", s, value, fixedText(value, scale), again, err)
		}
	})
}

// A code that is read has every letter and digit of its cell in their order,
// reads as itself again, and passes its check.
func FuzzCode(f *testing.F) {
	for _, s := range []string{goodCode, "320100000123456", "9.13201E+17", "91350100M000100Y44", "'91350100m000100y43 ", "３２０１００００００１２３４５６"} {
		f.Add(s, false)
		f.Add(s, true)
	}
	f.Fuzz(func(t *testing.T, s string, excel bool) {
		if !utf8.ValidString(s) {
			return
		}
		cell := fold.Trim([]byte(s))
		no, p := parseRegistrationNo(nil, cell, excel)
		if p == nil {
			if again, p := parseRegistrationNo(nil, no, false); p != nil || !bytes.Equal(again, no) {
				t.Fatalf("registration number %q is %q, which is %q %v", s, no, again, p)
			}
		}
		code, p := parseCode(nil, cell, excel)
		if p != nil {
			if p.rule == "" || p.reason == "" || !utf8.ValidString(p.reason) {
				t.Fatalf("%q is refused as %+v", s, p)
			}
			return
		}
		if want := bytes.ToUpper(fold.Append(nil, cell)); !bytes.Equal(code, want) {
			t.Fatalf("%q is %q, its characters are %q", s, code, want)
		}
		if again, p := parseCode(nil, code, false); p != nil || !bytes.Equal(again, code) {
			t.Fatalf("%q is %q, which is %q %v", s, code, again, p)
		}
		if check, ok := CheckCharacter(string(code)); len(code) == 18 && (!ok || check != code[17]) {
			t.Fatalf("%q passes with check %c", code, check)
		}
		if excel && len(code) > 15 {
			t.Fatalf("%q passes as a number, of which a workbook keeps fifteen digits", code)
		}
	})
}

// A row is a total by its words alone, however they are spaced and wide, and
// never one that could be an enterprise.
func FuzzTotalWord(f *testing.F) {
	for _, s := range []string{"合计", "江宁区小计", "共 120 条", "合计：３５户", "累计", "某某会计师事务所", "合计科技有限公司"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			return
		}
		word := fold.Word(s)
		kind, count := totalWord(word)
		if again, n := totalWord(fold.Word(widened(word))); again != kind || n != count {
			t.Fatalf("%q is %d of %d, and wide %d of %d", s, kind, count, again, n)
		}
		switch {
		case kind == noTotal && count >= 0:
			t.Fatalf("%q counts %d and is no total", s, count)
		case kind != noTotal && (strings.HasSuffix(word, "公司") || !strings.ContainsAny(word, "计共和")):
			t.Fatalf("%q is taken for a total", s)
		}
	})
}

// What a total row says is the number that the same cell is in a column, as far as it is read.
func FuzzSaidNumber(f *testing.F) {
	for _, s := range []string{"0", "1,234.50", "-0.000001", "1E-7", "123456789012345678", ".5", "5.", "+3"} {
		f.Add(s, uint8(0), uint8(0))
		f.Add(s, uint8(1), uint8(1))
		f.Add(s, uint8(2), uint8(0))
	}
	f.Fuzz(func(t *testing.T, s string, kind, worth uint8) {
		scale, unit := []int{0, moneyScale, decimalScale}[kind%3], []int64{1, 1e3, 1e4, 1e6, 1e8}[worth%5]
		value, err := fixed([]byte(s), scale, unit)
		if err != nil {
			return
		}
		if said, half, ok := exactly([]byte(s), unit); ok { // what a total row says is the same number
			said.Sub(said, columnSum{lo: uint64(value), hi: value >> 63}.value(scale))
			if slack := half.Add(half, new(big.Rat).SetFrac(big.NewInt(1), powerOfTen(scale))); said.Abs(said).Cmp(slack) > 0 && value < 1e15 && value > -1e15 {
				t.Fatalf("%q as a total is %s away from %d", s, said.FloatString(9), value)
			}
		}
	})
}
