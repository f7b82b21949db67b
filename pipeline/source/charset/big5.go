package charset

import (
	"bytes"
	"unicode/utf8"

	"citykpi/pipeline/source/fold"
)

// Big5 is what traditional Chinese was written in before UTF-8. Nothing is loaded from it: a line or a file
// in it is told from GB 18030, as which it is well formed, and refused by its name.
const Big5 = "big5"

// firstOfPrivate is the first byte in UTF-8 of the private-use characters that two-byte codes of GB 18030
// mean. Nobody writes them, but common characters of Big5 have the same codes: 大 小 子 工 司.
const firstOfPrivate = 0xEE

// big5Signs weighs a line that is not ASCII: how plausible it is as Big5 and as GB 18030, and how many
// of its characters GB 18030 has for private use.
func big5Signs(line []byte) (inBig5, inGB float64, private int) {
	sum, total := 0.0, 0
	for i := 0; i < len(line); i++ {
		c := line[i]
		if c < utf8.RuneSelf {
			continue
		}
		if total++; i+1 == len(line) {
			break
		}
		trail := line[i+1]
		if trail < 0x40 || trail > 0x7E && trail < 0xA1 || trail == 0xFF {
			continue // no second byte of Big5
		}
		switch {
		case c >= 0xA4 && c <= 0xC6, c >= 0xA1 && c <= 0xA3: // common characters, punctuation
			sum++
		case c >= 0xC9 && c <= 0xF9: // rare ones
			sum += 0.4
		}
		if r := gbRune(uint16(c)<<8 | uint16(trail)); r >= 0xE000 && r <= 0xF8FF {
			private++
		}
		i++
	}
	_, inGB = plausible(line)
	return sum / float64(max(total, 1)), inGB, private
}

// surelyBig5 reports a line that can hardly be anything but Big5.
func surelyBig5(line []byte) bool {
	inBig5, inGB, private := big5Signs(line)
	return private > 0 && inBig5 >= 0.8 && inGB <= 0.6 && inBig5 > inGB+2*clearly
}

// likelihood is how likely a line is Big5 if others beside it are.
type likelihood int

const (
	notBig5 likelihood = iota
	asLikelyBig5
	ratherBig5
	isBig5
)

func likelyBig5(line []byte) likelihood {
	inBig5, inGB, private := big5Signs(line)
	switch {
	case inBig5 < 0.8 || inBig5 < inGB:
		return notBig5
	case inBig5 <= inGB+clearly:
		return asLikelyBig5
	case private == 0:
		return ratherBig5
	}
	return isBig5
}

// hasBig5 reports that one of the lines is surely Big5.
func hasBig5(b []byte) bool {
	for len(b) > 0 {
		line, rest, _ := bytes.Cut(b, []byte{'\n'})
		if b = rest; !fold.ASCII(line) && !utf8.Valid(line) && surelyBig5(line) {
			return true
		}
	}
	return false
}

// Big5Begins is where in a sample of whole lines Big5 begins: the first line of it that is not ASCII, if that and
// most of the others are Big5; otherwise -1.
func Big5Begins(sample []byte) int {
	first, lines, likely := -1, 0, 0
	if !hasBig5(sample) {
		return -1
	}
	for at := 0; at < len(sample); {
		line, _, _ := bytes.Cut(sample[at:], []byte{'\n'})
		if !fold.ASCII(line) {
			lines++
			if likelyBig5(line) > notBig5 {
				if likely++; lines == 1 {
					first = at
				}
			}
		}
		at += len(line) + 1
	}
	if likely*2 <= lines {
		return -1
	}
	return first
}
