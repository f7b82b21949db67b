// Package personal finds what tells who a person is, identity numbers above all, and masks it.
package personal

import (
	"encoding/binary"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"citykpi/pipeline/source/fold"
	"citykpi/pipeline/source/parse"
)

// Identity numbers (公民身份号码, GB 11643-1999) turn up where no contract expects
// them: as a staff number, in a remark, in a file's name. They are told from other
// long numbers by what they are made of: the code of a place, a day of birth, a
// sequence number, and a check by ISO 7064 MOD 11-2.
//
//	110105 19491231 002 X
//
// A 统一社会信用代码 has eighteen characters too; its first tells the registering
// department and most begin with 9, where no place does. Digits that satisfy both
// checks are a person's if they hold a day of birth. A number whose check fails is
// still taken for one that was mistyped, if it stands alone, its owner would be of
// an age to work or study, and it is no credit code: contracts are numbered by place
// and day as well, but by days of these years. Numbers of fifteen digits, from before
// 1999, have no check and are shaped like a 注册号: only the word 身份证 before them
// tells them.

// identityWeights are those of ISO 7064 MOD 11-2 for the first seventeen digits.
var identityWeights = [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}

const identityChecks = "10X98765432"

// identityCheck is the check character that belongs to the first seventeen digits.
func identityCheck(digits []byte) byte {
	sum := 0
	for i, w := range identityWeights {
		sum += int(digits[i]-'0') * w
	}
	return identityChecks[sum%11]
}

// provinces are the first two digits of a place.
var provinces = func() (t [100]bool) {
	for _, p := range []int{
		11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46,
		50, 51, 52, 53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83,
	} {
		t[p] = true
	}
	return t
}()

func inProvince(digits []byte) bool { return provinces[twoDigits(digits)] }

func twoDigits(b []byte) int { return int(b[0]-'0')*10 + int(b[1]-'0') }

// born is the year of YYYYMMDD, 0 of what is no day.
func born(digits []byte) int {
	year := twoDigits(digits)*100 + twoDigits(digits[2:])
	month, day := twoDigits(digits[4:]), twoDigits(digits[6:])
	if year < 1900 || year > 2039 || month < 1 || month > 12 || day < 1 ||
		day > time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day() {
		return 0
	}
	return year
}

// lastStudent is the last year of birth that a number with a wrong check may hold.
const lastStudent = 2012

// IdentityNumber reports whether eighteen characters, folded, are an identity number:
// by their check, or, where they stand alone, without it.
func IdentityNumber(b []byte, alone bool) bool {
	if !inProvince(b) {
		return false
	}
	year := born(b[6:14])
	switch {
	case year == 0:
		return false
	case identityCheck(b) == b[17]:
		return true
	case !alone || year > lastStudent || string(b[2:4]) == "00" || string(b[4:6]) == "00":
		return false
	}
	check, _, ok := parse.CodeCheck(b)
	return !ok || check != b[17]
}

// formerNumber reports whether fifteen digits could be an identity number of before
// 1999: place, YYMMDD, sequence. Nothing else in them tells.
func formerNumber(b []byte) bool {
	if len(b) != 15 || !fold.AllDigits(b) || !inProvince(b) {
		return false
	}
	return born(append([]byte("19"), b[6:12]...)) > 0
}

const ShortestIdentity = 15 // digits, of a number of before 1999

// MayHoldIdentity is a quick look that nearly every cell fails: whether fifteen digits stand in a
// row, or apart only by what may stand within a number. Of such a row four bytes are looked at
// wherever it begins, so only what stands around those is read, unless they have an ideograph.
func MayHoldIdentity(b []byte) bool {
	const window, stride = 4, ShortestIdentity - 4 + 1
	for at := 0; at+window <= len(b); at += stride {
		if beginsIdeograph(binary.LittleEndian.Uint32(b[at:])) {
			continue
		}
		digits, from := 0, at-1
		for ; from >= 0 && inNumber[b[from]] != 0; from-- {
			digits += int(inNumber[b[from]] >> 1)
		}
		for ; at < len(b) && inNumber[b[at]] != 0; at++ {
			digits += int(inNumber[b[at]] >> 1)
		}
		if digits >= ShortestIdentity {
			return true
		}
	}
	return false
}

// beginsIdeograph reports whether one of four bytes is the first of a common ideograph: 0xE4 to 0xE9.
func beginsIdeograph(w uint32) bool {
	const ones = 0x01010101
	w ^= 0xE0 * ones // now 4 to 9
	low := w & (0x7F * ones)
	return (low+(0x80-4)*ones)&^(low+(0x80-10)*ones)&^w&(0x80*ones) != 0
}

// inNumber tells what identities reads as part of a number by its bytes: 2 for digits, 1 for X, blanks,
// dashes and what is not seen, 0 for the rest. Of what is not ASCII it takes too much: every byte behind
// a first one, and as digits what only scripts begin with that have digits of their own. But no
// ideograph is taken as a whole.
var inNumber = func() (t [256]byte) {
	for c := 0x80; c < 0xC0; c++ {
		t[c] = 1
	}
	for c := range byte(' ' + 1) {
		t[c] = 1
	}
	for _, c := range []byte("\x7FxX-./_,eE+\xC2\xC3\xD0\xD1\xE2\xE3\xEF") {
		t[c] = 1
	}
	for c := byte('0'); c <= '9'; c++ {
		t[c], t[c-'0'+0x90] = 2, 2 // 0x90 to 0x99 end the wide digits
	}
	for _, c := range []byte("\xD9\xDB\xDF\xE0\xE1\xEA\xF0") {
		t[c] = 2
	}
	return t
}()

// HoldsIdentity reports whether a text holds what looks like an identity number.
func HoldsIdentity(b []byte) bool {
	found, _ := FindIdentity(b)
	return found
}

// FindIdentity says whether a text holds an identity number, and whether it is nothing else.
func FindIdentity(b []byte) (found, whole bool) {
	if !MayHoldIdentity(b) {
		return false, false
	}
	if fold.AllDigits(b) { // a code or 注册号, as a register has one in every row
		for i := 0; i+18 <= len(b); i++ {
			if IdentityNumber(b[i:i+18], len(b) == 18) {
				return true, len(b) == 18
			}
		}
		return false, false
	}
	identities(b, func(from, to int, _ []byte) {
		found = true
		whole = len(fold.Trim(b[:from])) == 0 && len(fold.Trim(b[to:])) == 0
	})
	return found, whole
}

// digitRun is a row of digits as identities reads them, folded, with where each stands.
type digitRun struct {
	text     []byte
	from, to []int
	gap      []gap // what stands before it
	point    bool  // a point stands behind the first
}

// gap is what parts a digit from the one before it.
type gap byte

const (
	joined gap = iota
	spaced     // blanks or dashes
	parted     // what as often parts one number from another: points, commas, strokes
)

// newDigitRun has room for what a cell usually holds.
func newDigitRun() *digitRun {
	const room = 24
	places := make([]int, 2*room)
	return &digitRun{text: make([]byte, 0, room), from: places[:0:room], to: places[room:room], gap: make([]gap, 0, room)}
}

func (r *digitRun) add(c byte, from, to int, before gap) {
	if len(r.text) == 0 {
		before = joined
	}
	r.text, r.from, r.to, r.gap = append(r.text, c), append(r.from, from), append(r.to, to), append(r.gap, before)
}

func (r *digitRun) clear() {
	r.text, r.from, r.to, r.gap, r.point = r.text[:0], r.from[:0], r.to[:0], r.gap[:0], false
}

// identities calls found for every identity number in b, with where it stands and the
// number folded. Digits of either width and any script count, blanks and dashes between them do not.
func identities(b []byte, found func(from, to int, number []byte)) {
	run := newDigitRun()
	before := joined
	for i := 0; i <= len(b); {
		if i == len(b) {
			run.find(b, found)
			return
		}
		r, n := utf8.DecodeRune(b[i:])
		if r >= 0xFF01 && r <= 0xFF5E {
			r -= 0xFEE0
		}
		if r >= utf8.RuneSelf {
			r = asciiDigit(r)
		}
		switch {
		case r >= '0' && r <= '9':
			run.add(byte(r), i, i+n, before)
			before = joined
		case isCheckX(r) && len(run.text) >= 17:
			run.add('X', i, i+n, before)
			run.find(b, found)
			before = joined
		case r == '.' && len(run.text) == 1 && before == joined:
			run.point = true
		case (r == 'e' || r == 'E') && run.point:
			run.scientific(b, i, found)
			before = joined
		case len(run.text) > 0 && (fold.Invisible(r) || r == '-' || r == '‐' || r == '–' || r == '−'):
			before = max(before, spaced)
		case len(run.text) > 0 && parts(r):
			before = parted
		default:
			run.find(b, found)
			before = joined
		}
		i += n
	}
}

// asciiDigit is the digit that one of another script or another form of letters means (٣, 𝟑), or r itself.
func asciiDigit(r rune) rune {
	if !unicode.IsDigit(r) {
		return r
	}
	for _, block := range unicode.Nd.R16 { // whole tens, each from zero on
		if r <= rune(block.Hi) {
			return '0' + (r-rune(block.Lo))%10
		}
	}
	for _, block := range unicode.Nd.R32 {
		if r <= rune(block.Hi) {
			return '0' + (r-rune(block.Lo))%10
		}
	}
	return r
}

// parts: what people write between place, day of birth and sequence number besides blanks and dashes.
func parts(r rune) bool {
	switch r {
	case '.', '·', '•', '．', '/', '_', ',', '，', '、':
		return true
	}
	return false
}

// isCheckX: the check character, and what is typed for it.
func isCheckX(r rune) bool {
	switch r {
	case 'x', 'X', 'х', 'Х', '×', '*':
		return true
	}
	return false
}

// find looks through the run and clears it.
func (r *digitRun) find(b []byte, found func(from, to int, number []byte)) {
	defer r.clear()
	const length = 18
	for i := 0; i < len(r.text); {
		if end := r.former(b, i); end > 0 {
			found(r.from[i], r.to[end-1], r.text[i:end])
			i = end
			continue
		}
		end := i + length
		if end > len(r.text) {
			i++
			continue
		}
		parts, alone := joined, (i == 0 || r.gap[i] > joined) && (end == len(r.text) || r.gap[end] > joined)
		for _, gap := range r.gap[i+1 : end] {
			parts = max(parts, gap)
		}
		// What is written in groups must begin and end where they do: two dates side by side are no number.
		// Where numbers may stand side by side, the groups must be those of an identity number.
		grouped := parts < parted || r.gap[i+6] > joined && r.gap[i+14] > joined
		if (parts == joined || alone && grouped) && IdentityNumber(r.text[i:end], alone && parts == joined) {
			found(r.from[i], r.to[end-1], r.text[i:end])
			i = end
			continue
		}
		i++
	}
}

// former is the end of a number of before 1999 that begins with the i-th digit, 0 if none does:
// fifteen digits that something parts from others, behind the word that tells them.
func (r *digitRun) former(b []byte, i int) int {
	const length = 15
	end := i + length
	if end > len(r.text) || i > 0 && r.gap[i] < parted || end < len(r.text) && r.gap[end] < parted {
		return 0
	}
	if slices.Contains(r.gap[i+1:end], parted) || !formerNumber(r.text[i:end]) ||
		!strings.Contains(string(b[max(0, r.from[i]-36):r.from[i]]), "身份证") {
		return 0
	}
	return end
}

// scientific: 3.20102200103051E+17 is what Excel leaves of a number. Place and day of birth stand in it.
func (r *digitRun) scientific(b []byte, e int, found func(from, to int, number []byte)) {
	defer r.clear()
	const power = "+17"
	if len(r.text) < 14 || len(r.text) > 18 || !strings.HasPrefix(string(b[e+1:]), power) {
		return
	}
	whole := append(append([]byte{}, r.text...), "0000"...)[:18]
	if IdentityNumber(whole, true) {
		found(r.from[0], e+1+len(power), whole)
	}
}
