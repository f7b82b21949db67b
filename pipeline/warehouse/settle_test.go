package warehouse

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/source/contract"
)

// A story is files, one a line: the quarter of 2025 that a file is of, ! where its name says that it corrects
// others, and its rows: A=x files x under the key A, A:x says 补报 as well, A>B=x moves what stood
// under A to B, A~x corrects it where it is, and -A withdraws it.
func TestSettle(t *testing.T) {
	for _, c := range []struct{ name, story, stands, steps string }{
		{"a chain across files", "1 A=x\n1 A>B=y\n1 A>C=z", "C=z", "B replaces A=x; C replaces B=y, moved"},
		{"a chain across files, each by its last name", "1 A=x\n1 A>B=y\n1 B>C=z", "C=z", "B replaces A=x; C replaces B=y"},
		{"a chain of three by the first name", "1 A=x\n1 A>B=x\n1 B>C=x\n1 A>D=x", "D=x", "B replaces A=x; C replaces B=x; " +
			"D replaces C=x, moved"},
		{"a chain in one file", "1 A=x\n1 A>B=y B>C=z", "C=z", "B replaces A=x; C replaces B=y"},
		{"a chain in one file, the last first", "1 A=x\n1 C>D=w B>C=z A>B=y", "D=w", "B replaces A=x; C replaces B=y; D replaces C=z"},
		{"two rows of one file correct one row", "1 A=x\n1 A>B=y A>C=z", "C=z", "B replaces A=x; C replaces B=y, moved"},
		{"exchanged", "1 A=x B=y\n1 A>B=x B>A=y", "A=y B=x", "B replaces A=x; A replaces B=y"},
		{"exchanged, and the file comes again otherwise", "1 A=x B=y\n1 A>B=x B>A=y\n1 B>A=y A>B=x", "A=y B=x", ""},
		{"exchanged before they were filed", "1 A>B=x B>A=y\n1 A=x B=y", "A=y B=x", "B replaces A=x, late; A replaces B=y, late"},
		{"a ring of three", "1 A=x B=y C=z\n1 A>B=x B>C=y C>A=z", "A=z B=x C=y", ""},
		{"all one too low, twice", "1 A=x B=y C=z\n1 A>B=x B>C=y C>D=z\n2 A>B=x B>C=y C>D=z", "B=x C=y D=z", ""},
		{"a list of all corrections so far", "1 A=x\n1 A>B=y\n1 B>C=z\n2 A>B=y B>C=z", "C=z", ""},
		{"the same in one quarter, the last first", "1 A=x\n1 A>B=y\n1 B>C=z\n1 B>C=z A>B=y", "C=z", ""},
		{"back to its first key", "1 A=x\n1 A>B=x\n1 B>A=x", "A=x", "B replaces A=x; A replaces B=x"},
		{"under the old key where it stands under another", "1 A=x\n1 A>B=y\n1 A~z", "A=z", "B replaces A=x; A replaces B=y, moved"},
		{"what was withdrawn is corrected", "1 A=x\n1 -A\n1 A>B=y", "B=y", "withdraw A=x; B replaces nothing of A, withdrawn"},
		{"and corrected again by the old key", "1 A=x\n1 -A\n1 A>B=y\n1 A>C=z", "C=z",
			"withdraw A=x; B replaces nothing of A, withdrawn; C replaces B=y, moved"},
		{"withdrawn by the key it had", "1 A=x\n1 A>B=y\n1 -A", "", "B replaces A=x; withdraw B=y, moved"},
		{"corrected and withdrawn by its old key in one file", "1 A=x\n1 A>B=y -A", "", ""},
		{"withdrawn twice", "1 A=x\n1 -A\n1 -A", "", "withdraw A=x; withdraw nothing of A, withdrawn"},

		{"withdrawn before it came", "1 -A\n1 A=x", "", "withdraw A=x, late"},
		{"withdrawn before it came, in a file that completes another", "1 -A\n1! A=x", "", "withdraw A=x, late"},
		{"withdrawn twice before it came", "1 -A\n1 -A\n1 A=x", "", "withdraw nothing of A; withdraw nothing of A, withdrawn; " +
			"withdraw A=x, late"},
		{"replaced and withdrawn before it came", "1 A>B=y\n1 -A\n1 A=x", "", "withdraw B=y, moved; B replaces A=x, late"},
		{"and came again", "1 -A\n1 A=x\n1 A=x\n2 A=x", "", "withdraw A=x, late; withdraw A=x, resent; withdraw A=x, resent"},
		{"withdrawn before its key was given to something of a later quarter", "1 -A\n2 A=x", "A=x", "withdraw nothing of A"},
		{"withdrawn and filed in one file, as a log has it", "1 A=x -A", "", "withdraw A=x"},
		{"withdrawn and filed otherwise in one file", "1 A=x\n1 -A A=y", "A=y", "withdraw A=x; A again after A=x, withdrawn"},
		{"withdrawn and filed in one file while the old one is on its way", "1 -A A=y\n1 A=x", "A=y", "withdraw A=x, late"},
		{"replaced before it came", "1 A>B=y\n1 A=x", "B=y", "B replaces A=x, late"},
		{"corrected in place before it came", "1 A~y\n1 A=x", "A=y", "A replaces A=x, late"},
		{"corrected in place, and the old file comes again", "1 A=x\n1 A~y\n2 A=x", "A=y", "A replaces A=x; A replaces A=x, resent"},
		{"corrected in place, and an older file comes late", "2 A~y\n1 A=z", "A=y", "A replaces A=z, late"},
		{"an older file comes late", "2 A=x\n1 A=y", "A=x", "A again after A=x, older"},
		{"and a newer one behind it", "2 A=x\n1 A=y\n3 A=z", "A=z", "A again after A=x, older; A again after A=x"},
		{"an older file comes late and completes another", "2 A=x\n1! A=y", "A=y", "A again after A=x"},
		{"and an older one behind that", "2 A=x\n1! A=y\n1 A=z", "A=y", "A again after A=x; A again after A=y, older"},
		{"an older file comes late, of what stands under another key", "1 A=x\n3 A>B=y\n2 B=z", "B=y",
			"B replaces A=x; B replaces B=z, resent"},
		{"the file comes again after its withdrawal", "1 A=x B=y\n1 -A\n1 A=x B=y", "B=y", "withdraw A=x; withdraw A=x, resent"},
		{"a version before the last comes again", "1 A=x\n2 A=y\n2 -A\n2 A=x", "", "A again after A=x; withdraw A=y; withdraw A=x, resent"},
		{"the file comes again after its correction", "1 A=x\n1 A>B=y\n1 A=x", "B=y", "B replaces A=x; B replaces A=x, resent"},
		{"filed anew: it says something else", "1 A=x\n1 -A\n1 A=y", "A=y", "withdraw A=x; A again after A=x, withdrawn"},
		{"not so in a file older than the withdrawal", "1 A=x\n2 -A\n1 A=y", "", "withdraw A=x; withdraw A=y, resent"},
		{"filed anew: the row says so", "1 A=x\n1 -A\n1 A:x", "A=x", "withdraw A=x; A again after A=x, withdrawn"},
		{"filed anew: the file is called so", "1 A=x\n1 -A\n1! A=x", "A=x", "withdraw A=x; A again after A=x, withdrawn"},
		{"a file that completes another comes again", "1! A=x\n1 -A\n1! A=x", "", "withdraw A=x; withdraw A=x, resent"},
		{"filed anew by a file of a later quarter that is called so", "1! A=x\n1 -A\n2! A=x", "A=x",
			"withdraw A=x; A again after A=x, withdrawn"},
		{"filed anew and withdrawn again", "1 A=x\n1 -A\n1 A:x\n1 -A\n1 A=x", "", "withdraw A=x; A again after A=x, withdrawn; " +
			"withdraw A=x; withdraw A=x, resent"},
		{"withdrawn, filed otherwise, withdrawn, and each comes again", "1 A=x\n1 -A\n1 A=y\n1 -A\n1 A=x\n2 A=y", "",
			"withdraw A=x; A again after A=x, withdrawn; withdraw A=y; withdraw A=x, resent; withdraw A=y, resent"},
		{"withdrawn twice before it came, and filed anew", "1 -A\n1 -A\n1 A=x\n1 A:x", "A=x",
			"withdraw nothing of A; withdraw nothing of A, withdrawn; withdraw A=x, late; A again after A=x, withdrawn"},
		{"the same in a list of a later quarter", "1 A=x B=y\n1 -A\n2 A=x C=z", "B=y C=z", "withdraw A=x; withdraw A=x, resent"},
		{"under the key that was left", "1 A=x\n1 A>B=x\n1 A=y", "A=y B=x", "B replaces A=x; A again after A=x, moved"},
		{"two movers to one key", "1 A=x B=y\n1 A>C=x B>C=y", "B=y C=x", "C replaces C=x, taken; C replaces A=x"},
		{"to a key under which another row stands", "1 A=x B=y\n1 A>B=z", "A=x B=y", "B replaces B=y, taken"},
		{"and again when that one has gone", "1 A=x B=y\n1 A>B=z\n1 -B\n1 A>B=z", "B=z", "B replaces B=y, taken; withdraw B=y; " +
			"B replaces A=x"},
		{"which is withdrawn by the same file", "1 A=x B=y\n1 A>B=z -B", "B=z", ""},
		{"and another row to the key that stays", "1 A=x B=y C=w\n1 A>B=z C>A=w", "A=x B=y C=w", "B replaces B=y, taken; " +
			"A replaces A=x, taken"},
		{"to a key under which an equal row stands", "1 A=x B=x C=x\n1 A>B=x", "A=x B=x C=x", "B replaces B=x, taken"},
		{"and on to another such key", "1 A=x B=x C=x\n1 A>B=x B>C=x", "A=x B=x C=x", "B replaces B=x, taken; C replaces C=x, taken"},
		{"to a key that was filed in its own right before", "1 A=x\n2 B=x\n2 A>B=x", "A=x B=x", "B replaces B=x, taken"},
		{"to the key of an equal row that was withdrawn", "1 A=x B=x\n1 -B\n1 A>B=x", "B=x", "withdraw B=x; B replaces A=x"},
		{"equal rows exchanged", "1 A=x B=x C=x\n1 A>B=x B>C=x C>A=x", "A=x B=x C=x", "B replaces A=x; C replaces B=x; A replaces C=x"},
		{"the correction comes again", "1 A=x\n1 A>B=x\n2 A>B=x", "B=x", "B replaces A=x; B replaces B=x, moved"},
		{"the correction comes again after the row in its own right", "1 A=x\n1 A>B=x\n2 B=x C=y\n2 A>B=x", "B=x C=y",
			"B replaces A=x; B replaces B=x, moved"},
		{"and in one file with it", "1 A=x\n1 A>B=x\n2 A>B=x B=x", "B=x", ""},
		{"after its old key was given to something else", "1 A=x\n1 A>B=x\n1 A=y\n1 A>B=x", "A=y B=x",
			"B replaces A=x; A again after A=x, moved; B replaces B=x, taken"},
		{"after its new key was given to something else", "1 A=x\n1 A>B=x\n1 -B\n1 C=z\n1 C>B=z\n2! A>B=x", "B=z",
			"B replaces A=x; withdraw B=x; B replaces C=z; B replaces B=z, taken"},
		{"keys that had slipped, the correction comes again", "1 A=x B=y C=z\n1 A>B=x B>C=y C>D=z\n2 A>B=x B>C=y C>D=z", "B=x C=y D=z",
			"B replaces A=x; C replaces B=y; D replaces C=z; B replaces B=x, moved"},
		{"two corrections of a row to keys that were filed", "1 A=x B=y\n1 -B\n1 A>B=x A>C=z", "C=z",
			"withdraw B=y; B replaces A=x; C replaces B=x, moved"},
		{"to a key that its file corrects in place", "1 A=x B=y\n1 A>B=x B~z", "A=x B=z", "B replaces B=z, taken; B replaces B=y"},
		{"to a key that a later row of the same file has", "1 A=x\n1 A>B=z B=y", "A=x B=y", "B replaces B=y, taken"},
		{"to a key that a row of the same file has", "1 A=x\n1 B=y A>B=z", "A=x B=y", "B replaces B=y, taken"},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows, keys, text := story(c.story)
			stands, steps := settle(rows, keys)
			var left, told []string
			for i := range rows {
				if stands[i] {
					left = append(left, text[i])
				}
			}
			slices.Sort(left)
			if got := strings.Join(left, " "); got != c.stands {
				t.Errorf("%q stands, want %q", got, c.stands)
			}
			for _, s := range steps {
				words := s.step
				if s.step == contract.Replace {
					words = text[s.row][:1] + " replaces"
				} else if s.step == stepAgain {
					words = text[s.row][:1] + " again after"
				}
				if s.old >= 0 {
					words += " " + text[s.old]
				} else {
					words += " nothing of " + string(rune('A'+s.named))
				}
				if s.found != foundRow && s.found != foundNothing {
					words += ", " + s.found
				}
				told = append(told, words)
			}
			if got := strings.Join(told, "; "); c.steps != "" && got != c.steps {
				t.Errorf("steps\n%s\nwant\n%s", got, c.steps)
			}
		})
	}
}

func story(files string) (rows []saying, keys int, text []string) {
	for n, file := range strings.Split(files, "\n") {
		words := strings.Fields(file)
		quarter, marked := strings.CutSuffix(words[0], "!")
		for i, w := range words[1:] {
			r := saying{Batch: fmt.Sprint("b", n), Row: int64(i) + 2,
				On: kpi.Quarter{Year: 2025, N: int(quarter[0] - '0')}.End(), Dated: true, Marked: marked}
			key := func(s string) int {
				keys = max(keys, int(s[0]-'A')+1)
				return int(s[0] - 'A')
			}
			switch {
			case w[0] == '-':
				r.Action, r.Own, r.Named = contract.Withdraw, -1, key(w[1:])
				w = w[1:] + "="
			case w[1] == '>':
				r.Action, r.Named, r.Marked = contract.Replace, key(w), true
				w = w[2:]
				r.Own = key(w)
			case w[1] == '~':
				r.Action, r.Own, r.Named, r.Marked = contract.Replace, key(w), key(w), true
			case w[1] == ':':
				r.Action, r.Own, r.Named, r.Marked = contract.Anew, key(w), key(w), true
			default:
				r.Own, r.Named = key(w), key(w)
			}
			sum := fnv.New64()
			sum.Write([]byte(w[2:]))
			r.Says = sum.Sum64()
			rows, text = append(rows, r), append(text, w[:1]+"="+w[2:])
		}
	}
	return rows, keys, text
}

// Whatever is said in whatever order, nothing is unsound.
func FuzzSettle(f *testing.F) {
	f.Add("1 A=x\n1 A>B=y\n2 -A")
	f.Add("1 A>B=x B>A=y C>C=z\n1 A=x")
	f.Add("1 A=x B=y\n1 A>C=x")
	f.Add("1 A=x B=y\n1 A>B=z C>A=x\n2 -B A>B=z")
	f.Add("1 A=x B=y C=z\n1 A>B=x B>C=y C>A=z\n1 A=x\n2 -B")
	f.Add("1 A=x B=x C=x\n1 A>B=x")
	f.Add("1 A=x B=y C=z\n1 A>B=x B>C=y C>D=z\n2 A>B=x B>C=y C>D=z")
	f.Add("1 D=x\n1 D>B=x\n1 A=y C=z\n1 A>B=y C>D=z D>E=z")
	f.Add("1 A=x\n1 A>B=x\n1 -B\n1 C=z\n1 C>B=z\n1 A>B=x")
	f.Add("1 A=x B=y\n1 -B\n1 A>B=y A>C=z")
	f.Add("1 A=x\n1 A>B=x\n1 A>B=z B>C=y")
	f.Add("1 -A\n1 A=x\n1 A:x\n1 -A\n2 A=x")
	f.Fuzz(func(t *testing.T, s string) {
		for _, line := range strings.Split(s, "\n") {
			words := strings.Fields(line)
			if len(words) == 0 || strings.Trim(words[0], "1234!") != "" || words[0][0] == '!' || strings.Count(words[0], "!") > 1 {
				return
			}
			for _, w := range words[1:] {
				switch plain := strings.Trim(w, "ABCDEFxyz"); {
				case len(w) == 2 && w[0] == '-' && plain == "-":
				case len(w) == 3 && w[0] >= 'A' && w[0] <= 'F' && (plain == "=" || plain == ":" || plain == "~"):
				case len(w) == 5 && w[1] == '>' && w[3] == '=' && strings.Trim(w[:1]+w[2:3], "ABCDEF") == "" &&
					strings.Trim(w[4:], "xyz") == "":
				default:
					return
				}
			}
			if len(words[0]) > 2 {
				return
			}
		}
		rows, keys, _ := story(s)
		stands, steps := settle(rows, keys)
		for _, fault := range unsound(rows, stands, steps) {
			t.Errorf("%s: %s", s, fault)
		}
	})
}

// unsound is what is wrong with what stands and with the steps. Each key has one row at most, and it is one that was
// filed under it and that no step took away. No row is taken away twice, which would make two of it, and a row that
// counts no more was filed again under its own key, or a step says why: that another row got its key is no reason.
func unsound(rows []saying, stands []bool, steps []step) (faults []string) {
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	under := map[int]bool{}
	for i, r := range rows {
		if stands[i] && (r.Action == contract.Withdraw || under[r.Own]) {
			fault("row %d stands", i)
		}
		under[r.Own] = under[r.Own] || stands[i]
	}
	gone, away := map[int]bool{}, map[int]bool{} // rows of which a step says that they count no more, and those it took away
	for _, st := range steps {
		switch {
		case st.found == foundTaken, st.found == foundOlder:
			gone[st.row] = true
			continue
		case (st.found == foundRow || st.found == foundMoved) && st.step != stepAgain:
			if away[st.old] {
				fault("row %d is taken away twice, by row %d too", st.old, st.row)
			}
			away[st.old] = true
		}
		gone[st.old] = true
	}
	moves := func(r saying) bool { return r.Action == contract.Replace && r.Named != r.Own }
	for i, r := range rows {
		// the same row filed again, or the same correction, before it or after it: a correction of another row is not
		again := slices.ContainsFunc(rows[i+1:], func(next saying) bool {
			return next.Action != contract.Withdraw && next.Own == r.Own && (!moves(next) || moves(r) && next.Named == r.Named)
		})
		given, said := false, false
		for _, before := range rows[:i] {
			given = given || moves(r) && moves(before) && before.Own == r.Own && before.Named == r.Named
			said = said || before.Action != contract.Withdraw && before.Own == r.Own && before.Says == r.Says
		}
		if !stands[i] && r.Action != contract.Withdraw && !gone[i] && !again && !(given && said) {
			fault("row %d is lost", i)
		}
	}
	for _, st := range steps {
		if st.row < 0 || st.old == st.row || (st.old < 0) != (st.found == foundNothing || st.found == foundWithdrawn &&
			st.step != stepAgain) {
			fault("step %+v", st)
		}
		if st.old >= 0 && stands[st.old] && st.found != foundTaken && st.found != foundOlder {
			fault("row %d stands, which row %d took away", st.old, st.row)
		}
	}
	return faults
}

// Stories that no one thought of, where few keys and few words make most rows meet another one.
func TestSettleAtRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	of := func(letters string) string { n := r.IntN(len(letters)); return letters[n : n+1] }
	for range 20_000 {
		var files []string
		keys, words := "ABCDEF"[:2+r.IntN(5)], "xyz"[:1+r.IntN(3)]
		for range 1 + r.IntN(5) {
			file := of("1112") + of("!   ")
			for range 1 + r.IntN(4) {
				switch r.IntN(8) {
				case 0:
					file += " -" + of(keys)
				case 1:
					file += " " + of(keys) + of("~:") + of(words)
				case 2, 3, 4:
					file += " " + of(keys) + "=" + of(words)
				default:
					file += " " + of(keys) + ">" + of(keys) + "=" + of(words)
				}
			}
			files = append(files, file)
		}
		s := strings.Join(files, "\n")
		rows, keyed, _ := story(s)
		stands, steps := settle(rows, keyed)
		for _, fault := range unsound(rows, stands, steps) {
			t.Fatalf("%s: %s", s, fault)
		}
	}
}
