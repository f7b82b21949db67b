package syntax

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
)

func lines(n int, line func(i int) string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(line(i))
	}
	return b.String()
}

// A few lines that stand for a billion.
var laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + lines(9, func(i int) string {
	alias := fmt.Sprintf("*a%d", i)
	return fmt.Sprintf("a%d: &a%d [%s]\n", i+1, i+1, strings.Repeat(alias+", ", 9)+alias)
})

func TestBounds(t *testing.T) {
	repeat := strings.Repeat
	for _, c := range []struct{ what, text, want string }{
		{"brackets", "a: " + repeat("[", 10000) + repeat("]", 10000), "[1:1] more than 40 levels"},
		{"brackets on many lines", "a:\n" + repeat("  [\n", 50), "[41:1] more than 40 levels"},
		{"braces", "a: " + repeat("{a: ", 5000), "more than 40 levels"},
		{"dashes", repeat("- ", 10000) + "x", "more than 40 levels"},
		{"question marks", repeat("? ", 10000) + "x", "more than 40 levels"},
		{"blocks", lines(300, func(i int) string { return repeat(" ", i) + "a:\n" }), "[41:1] more than 40 levels"},
		{"a mapping of thousands", lines(4000, func(i int) string { return fmt.Sprintf("k%d: 1\n", i) }), "more than 2000 entries"},
		{"a list of thousands", "a:\n" + repeat("- b\n", 4000), "more than 2000 entries"},
		{"documents", repeat("---\na\n", 5000), "more than 50 documents"},
		{"a billion laughs", laughs, "with its aliases written out"},
		{"laughs in a merge", laughs + "b: {<<: *a9}\n", "with its aliases written out"},
		{"empty lines", "a: |\n" + repeat("\n", 60000), "[1:1] more than 200 empty lines"},
		{"empty lines of another system", "a: |\n" + repeat("\r\n", 30000), "more than 200 empty lines"},
		{"an alias of itself", "a: &a [*a]\n", "stands before its anchor &a, or in it"},
		{"an alias of nothing", "a: *b\n", "could not find alias"},
		{"aliases", "a: &a x\nb: [" + repeat("*a, ", 500) + "]", "more than 100 aliases"},
		{"depth by aliases", "a: &a " + repeat("[", 30) + repeat("]", 30) + "\nb: " + repeat("[", 30) + "*a" + repeat("]", 30), "levels"},
		{"a large file", "# " + repeat("x", MaxBytes), "at most 131072 are read"},
		{"words", "a: [" + repeat("b,", 60000) + "]", "words and signs"},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		began := time.Now()
		var into any
		_, err := Decode([]byte(c.text), &into)
		took := time.Since(began)
		runtime.ReadMemStats(&after)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.what, err, c.want)
		}
		if mb := (after.TotalAlloc - before.TotalAlloc) >> 20; mb > 64 || took > 2*time.Second {
			t.Errorf("%s: refused after %s and %d MB", c.what, took, mb)
		}
	}
}

func TestWhatIsRead(t *testing.T) {
	for _, text := range []string{
		"", "# nothing\n", "a: 1\nb: [1, {c: d}]\n", "- a\n- - b\n  - c\n", "a: &x {b: 1}\nc: *x\nd:\n  <<: *x\n", "---\na: 1\n---\nb: 2\n",
		"a: |\n" + strings.Repeat("  [[[[ {{{{ - - -\n", 1000), "a: '" + strings.Repeat("[", 500) + "'\n",
		"# " + strings.Repeat("[", 500) + "\na: 1\n",
	} {
		if err := Check([]byte(text)); err != nil {
			t.Errorf("%.40q: %v", text, err)
		}
	}
}

// What is let through costs the parser little, whatever it is made of.
func TestCostOfWhatIsRead(t *testing.T) {
	for _, line := range []string{"a: [b]\n", "- b\n", "k: {a: b}\n", "# x\n", "---\na\n", "  x y z\n", "\n", "a: |\n  x\n",
		"- {b: [c]}\n", "\"a\": 'b'\n", "? a\n: b\n", "!t a: b\n", "&a b: c\n", "%Y 1\n", "\t", "a: >\n x\n\n", "<<: {}\n", "[",
		"'", "\"\\u0000", "- - - a\n"} {
		for _, head := range []string{"", "a: |\n", "a: ["} {
			text := []byte(head + strings.Repeat(line, (16<<10)/len(line)))
			began := time.Now()
			var into any
			if _, err := Decode(text, &into); time.Since(began) > 2*time.Second {
				t.Errorf("%q and then %q: %s (%v)", head, line, time.Since(began), err)
			}
		}
	}
}

func FuzzCheck(f *testing.F) {
	f.Add([]byte(laughs))
	f.Add([]byte("a: &x {b: 1}\nc: *x\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		began := time.Now()
		Check(text)
		if time.Since(began) > 5*time.Second {
			t.Fatalf("%d bytes took %s", len(text), time.Since(began))
		}
	})
}

// A list that is longer than its place is an error, not a panic.
func TestLongList(t *testing.T) {
	var region struct{ Tile [2]int }
	_, err := Decode([]byte("tile: [1, 2, 3]\n"), &region)
	if err == nil || !strings.Contains(err.Error(), "more values than its key takes") {
		t.Error(err)
	}
}

// What is decoded is what is written: nothing is rounded, filled up or taken for another kind of value.
func TestWhatIsDecodedIsWhatIsWritten(t *testing.T) {
	type part struct {
		Pair  [2]float64 `yaml:"pair"`
		Whole int        `yaml:"whole"`
	}
	type file struct {
		Whole int               `yaml:"whole"`
		Share *float64          `yaml:"share"`
		Text  string            `yaml:"text"`
		Span  time.Duration     `yaml:"span"`
		Parts []part            `yaml:"parts"`
		Named map[string]*part  `yaml:"named"`
		Words map[string]string `yaml:"words"`
	}
	for text, want := range map[string]string{
		"whole: 7.5":                                     `[1:1] "7.5" is a number with a fraction, where a whole number is wanted`,
		"whole: '7'":                                     `[1:1] "7" is a text, where a whole number is wanted`,
		"text: a\nshare: \"7\"":                          `[2:1] "7" is a text, where a number is wanted`,
		"share: |\n  7":                                  `is a text, where a number is wanted`,
		"parts:\n  - whole: 1\n  - pair: [1]":            `[3:1] a list of 1, where one of 2 is wanted; write 2 values`,
		"parts: [{whole: 1}, {pair: []}]":                `[1:1] a list of 0, where one of 2 is wanted`,
		"named:\n  a:\n    \"whole\": 0.5":               `[3:1] "0.5" is a number with a fraction`,
		"named: {a: &a {whole: 0.5}, b: *a}":             `"0.5" is a number with a fraction`,
		"whole: 7.0":                                     "",
		"whole: 7\nshare: 7\ntext: 7\nspan: 7s":          "",
		"share: 0.5\nwords: {a: 7.5}":                    "",
		"named: {a: {pair: [1, 2.5]}, b: null}\nshare: ": "",
	} {
		var into file
		_, err := Decode([]byte(text), &into)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// A value's line is where it begins; of what is not there, that of the nearest above it.
func TestLine(t *testing.T) {
	tree, err := Parse([]byte("# first\na: 1\nb:\n  c:\n    d: x\n  'e f':\n    - y\n    - {g: 1,\n       h: 2}\n"))
	if err != nil {
		t.Fatal(err)
	}
	for keys, want := range map[string]int{
		"": 1, "a": 2, "b": 4, "b/c": 5, "b/c/d": 5, "b/c/none/d": 5, "b/e f": 7, "b/e f/1": 8,
		"b/e f/1/h": 9, "b/e f/2": 7, "b/e f/-1": 7, "none": 1,
	} {
		if got := Line(tree, strings.Split(keys, "/")...); got != want {
			t.Errorf("%s: line %d, want %d", keys, got, want)
		}
	}
	if got := Line(nil, "a"); got != 1 {
		t.Errorf("of no tree: line %d", got)
	}
}
