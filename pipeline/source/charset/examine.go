package charset

import (
	"unicode/utf8"

	"citykpi/pipeline/source/fold"
)

// Examine walks b once. valid is false if b is not UTF-8; odd reports
// U+FFFD, invisible or control characters, private-use ones that begin with
// firstOfPrivate, or letters of other scripts, so that cells of ordinary
// chunks need no second look.
func Examine(b []byte) (valid, odd bool) {
	const block = 4 << 10
	for len(b) > 0 {
		n := nextRune(b, min(block, len(b)))
		if !plainUTF8(b[:n]) {
			v, o := examineRunes(b[:n])
			if !v {
				return false, true
			}
			odd = odd || o
		}
		b = b[n:]
	}
	return true, odd
}

// examineRunes is Examine of a block that is not plain.
func examineRunes(b []byte) (valid, odd bool) {
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		switch {
		case r == utf8.RuneError && n == 1:
			return false, true
		case r < utf8.RuneSelf:
			odd = odd || isControl(byte(r))
		default:
			odd = odd || r == utf8.RuneError || fold.Invisible(r) && r != 0x3000 || n == 2 && !commonSign(r) || b[0] == firstOfPrivate
		}
		b = b[n:]
	}
	return true, odd
}

// nextRune is the first place at or behind i where a character begins; in what is no UTF-8, where one might.
func nextRune(b []byte, i int) int {
	for most := i + utf8.UTFMax; i < len(b) && i < most && !utf8.RuneStart(b[i]); i++ {
	}
	return i
}

// plainUTF8 reports that b is UTF-8 in which nothing is odd: nearly every block. It goes through
// plainSteps from the start and from the middle at once, for the processor waits for one step to end
// before it takes the next of the same way. It tells no more of a block than that it is plain: a few
// characters that are not odd are not in plainSteps.
func plainUTF8(b []byte) bool {
	middle := nextRune(b, len(b)/2)
	front, back := b[:middle], b[middle:]
	both := min(len(front), len(back))
	s, t := stepText, stepText
	x, y := front[:both], back[:both]
	for i := range x {
		s = plainSteps[x[i]] >> (s & 63)
		t = plainSteps[y[i]] >> (t & 63)
	}
	for _, c := range front[both:] {
		s = plainSteps[c] >> (s & 63)
	}
	for _, c := range back[both:] {
		t = plainSteps[c] >> (t & 63)
	}
	return s&63 == stepText && t&63 == stepText
}

// Where a walk through plain text stands, each a place in an entry of plainSteps.
const (
	stepText = uint64(6 * iota) // between two characters
	stepOne                     // before the last byte
	stepTwo                     // before the last two
	stepC2                      // behind 0xC2: § ° ± ² ³ ·
	stepC3                      // behind 0xC3: × ÷
	stepE2                      // behind 0xE2
	stepE280                    // behind 0xE2 0x80: ‐ to … but no blanks and marks that are not seen
	stepEF                      // behind 0xEF: neither U+FEFF nor U+FFFD
	stepOdd                     // what is not known to be plain; no byte leads away from it
)

// plainSteps has for every byte, at the place of each step, the step that it leads to.
var plainSteps = func() (t [256]uint64) {
	leads := func(step, to uint64, bytes ...byte) {
		for _, c := range bytes {
			t[c] = t[c]&^(63<<step) | to<<step
		}
	}
	among := func(step, to uint64, first, last byte) {
		for c := int(first); c <= int(last); c++ {
			leads(step, to, byte(c))
		}
	}
	for step := stepText; step <= stepOdd; step += stepOne {
		among(step, stepOdd, 0, 0xFF)
	}
	for c := range byte(utf8.RuneSelf) {
		if !isControl(c) {
			leads(stepText, stepText, c)
		}
	}
	among(stepText, stepTwo, 0xE3, 0xEC) // the ideographs
	leads(stepText, stepTwo, 0xE1)
	leads(stepText, stepC2, 0xC2)
	leads(stepText, stepC3, 0xC3)
	leads(stepText, stepE2, 0xE2)
	leads(stepText, stepEF, 0xEF)
	among(stepTwo, stepOne, 0x80, 0xBF)
	among(stepOne, stepText, 0x80, 0xBF)
	for r := rune(0x80); r <= 0xFF; r++ {
		if b := string(r); commonSign(r) {
			leads(map[byte]uint64{0xC2: stepC2, 0xC3: stepC3}[b[0]], stepText, b[1])
		}
	}
	leads(stepE2, stepE280, 0x80)
	among(stepE2, stepOne, 0x82, 0xBF)
	for r := rune(0x2000); r < 0x2040; r++ {
		if b := string(r); !fold.Invisible(r) {
			leads(stepE280, stepText, b[2])
		}
	}
	among(stepEF, stepOne, 0x80, 0xBA)
	among(stepEF, stepOne, 0xBC, 0xBE)
	return t
}()
