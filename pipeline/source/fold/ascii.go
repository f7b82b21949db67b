package fold

import "unicode/utf8"

// AllDigits reports that b is ASCII digits, one at least.
func AllDigits(b []byte) bool {
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(b) > 0
}

// Alphanumeric reports that b is ASCII digits and capitals, one at least.
func Alphanumeric(b []byte) bool {
	for _, c := range b {
		if !(c >= '0' && c <= '9' || c >= 'A' && c <= 'Z') {
			return false
		}
	}
	return len(b) > 0
}

// Digits is the value of up to nine ASCII digits, -1 for anything else.
func Digits(b []byte) int {
	if len(b) == 0 || len(b) > 9 {
		return -1
	}
	n := 0
	for _, c := range b {
		if c < '0' || c > '9' {
			return -1
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// IsLetter reports a letter of ASCII.
func IsLetter(c byte) bool { c |= 0x20; return c >= 'a' && c <= 'z' }

// ASCII reports that every byte is of ASCII, control characters too.
func ASCII(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// Plain reports whether every byte is printable ASCII, so that nothing is left to fold.
func Plain(b []byte) bool {
	for _, c := range b {
		if c <= ' ' || c >= 0x7F {
			return false
		}
	}
	return true
}
