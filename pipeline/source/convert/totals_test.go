package convert

import (
	"math"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"citykpi/pipeline/source/fold"
	"citykpi/pipeline/source/parse"
)

func TestTotalWord(t *testing.T) {
	for in, want := range map[string]struct {
		kind  totalKind
		count int64
	}{
		"合计": {grandTotal, -1}, "合 计：": {grandTotal, -1}, "总计": {grandTotal, -1}, "小计": {subTotal, -1}, "本页小计": {subTotal, -1},
		"江宁区小计": {subTotal, -1},
		"全市合计":  {grandTotal, -1}, "合计１２０户": {grandTotal, 120}, "合计：120家": {grandTotal, 120}, "共 120 条": {grandTotal, 120},
		"小计3家": {subTotal, 3}, "累计": {runningTotal, -1},
		"共": {noTotal, -1}, "共青团南京市委": {noTotal, -1}, "共3期": {noTotal, -1}, "合计科技有限公司": {noTotal, -1}, "设计": {noTotal, -1},
		"合计12": {noTotal, -1}, "2024年第三季度小计": {noTotal, -1},
		"南京市江宁区某某街道办事处下属企业小计": {noTotal, -1},
	} {
		if kind, count := totalWord(fold.Word(in)); kind != want.kind || count != want.count {
			t.Errorf("totalWord(%q) = %d, %d", in, kind, count)
		}
	}
}

// Sums do not overflow, whatever their order, and a difference of sums is the sum of what lies between.
func TestColumnSum(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	for range 200 {
		var s, part columnSum
		want, wantPart := new(big.Int), new(big.Int)
		for i := range 400 {
			v := []int64{math.MaxInt64, math.MinInt64, -1, r.Int64(), -r.Int64()}[r.IntN(5)]
			s.add(v)
			want.Add(want, big.NewInt(v))
			if i < 250 {
				part.add(v)
				wantPart.Add(wantPart, big.NewInt(v))
			}
		}
		if got := s.value(0).Num(); got.Cmp(want) != 0 {
			t.Fatalf("%s, want %s", got, want)
		}
		if got := s.minus(part).plus(part).value(0).Num(); got.Cmp(want) != 0 {
			t.Fatalf("taken apart and put together: %s, want %s", got, want)
		}
		if got := s.minus(part).value(0).Num(); got.Cmp(want.Sub(want, wantPart)) != 0 {
			t.Fatalf("between: %s, want %s", got, want)
		}
	}
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
		if again, n := totalWord(fold.Word(inWide(word))); again != kind || n != count {
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
		scale, unit := []int{0, parse.MoneyScale, parse.DecimalScale}[kind%3], []int64{1, 1e3, 1e4, 1e6, 1e8}[worth%5]
		value, err := parse.Fixed([]byte(s), scale, unit)
		if err != nil {
			return
		}
		if said, half, ok := exactly([]byte(s), unit); ok { // what a total row says is the same number
			said.Sub(said, columnSum{lo: uint64(value), hi: value >> 63}.value(scale))
			if slack := half.Add(half, new(big.Rat).SetFrac(big.NewInt(1), powerOfTen(scale))); said.Abs(said).Cmp(slack) > 0 &&
				value < 1e15 && value > -1e15 {
				t.Fatalf("%q as a total is %s away from %d", s, said.FloatString(9), value)
			}
		}
	})
}

// inWide writes ASCII as a Chinese keyboard does.
func inWide(s string) string {
	return strings.Map(func(r rune) rune {
		if r > ' ' && r < 0x7F {
			return r + 0xFEE0
		}
		return r
	}, s)
}
