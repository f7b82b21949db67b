package personal

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"citykpi/pipeline/source/fold"
)

// What a contract's `personal:` says a column holds.
const (
	Name  = "name"  // of a person
	ID    = "id"    // an identity, staff or student number
	Phone = "phone" // a telephone number
	Party = "party" // the name of whom money goes to: a firm's stays, a person's is masked
)

// Masker replaces what tells who a person is. The same number gives the same word, in
// every source and release of a project, so that persons can still be counted and
// told apart; without the key nobody can tell whose it is, nor try all numbers there
// are. The zero Masker has no key: its words tell nobody apart.
type Masker struct{ key []byte }

// NewMasker masks with a key, which is secret.
func NewMasker(key []byte) Masker { return Masker{key} }

// Fingerprint tells one key from another and nothing of either.
func (m Masker) Fingerprint() string {
	if m.key == nil {
		return ""
	}
	return m.word("key")[1:9]
}

// word stands for a value: the first half of its HMAC-SHA-256, behind a letter, so that
// it is never taken for a number.
func (m Masker) word(value string) string {
	if m.key == nil {
		return strings.Repeat("*", 8)
	}
	h := hmac.New(sha256.New, m.key)
	h.Write([]byte(value))
	var sum [sha256.Size]byte
	var out [17]byte
	out[0] = 'P'
	hex.Encode(out[1:], h.Sum(sum[:0])[:8])
	return string(out[:])
}

// ID masks a value of a column of numbers. How it is written does not matter: width,
// blanks, case, and an identity number of fifteen digits is that of eighteen.
func (m Masker) ID(s string) string { return m.word("id " + string(wholeNumber([]byte(s)))) }

// wholeNumber is a number as it is compared.
func wholeNumber(b []byte) []byte {
	if !fold.Plain(b) {
		b = fold.Append(nil, b)
	}
	b = bytes.ToUpper(b)
	if formerNumber(b) {
		b = append(append(append(make([]byte, 0, 18), b[:6]...), "19"...), b[6:]...)
		b = append(b, identityCheck(b))
	}
	return b
}

// Phone masks a telephone number: only its digits count, without the country's 86.
func (m Masker) Phone(s string) string {
	var digits []byte
	for _, c := range fold.Append(nil, []byte(s)) {
		if c >= '0' && c <= '9' {
			digits = append(digits, c)
		}
	}
	if len(digits) == 13 {
		digits = bytes.TrimPrefix(digits, []byte("86"))
	}
	return m.word("phone " + string(digits))
}

// Name masks a person's name: its first character stays, of a single one nothing does.
func (m Masker) Name(s string) string {
	n := utf8.RuneCountInString(s)
	if n < 2 {
		return strings.Repeat("*", n)
	}
	first, _ := fold.FirstRune(s)
	return first + strings.Repeat("*", n-1)
}

// Party masks the name of somebody who may be a firm or a person. No number stands beside
// a person's, so that the name's own word does, which tells two of one surname apart.
// A mistake costs a firm of a short name its name, never a person theirs.
func (m Masker) Party(s string) string {
	if !PersonName(s) {
		return m.Text(s)
	}
	return m.Name(s) + "（" + m.word("party " + s)[1:9] + "）"
}

// organisations are how short names end that are no person's.
var organisations = strings.Fields(`大学 学院 公司 集团 中心 医院 学校 中学 小学 银行 协会 学会 商会 商行 工厂 机构 支队 园区 社区 街道
	政府 财政局 科技局 教育局 工信局 人社局 委员会 研究院 研究所 设计院 事务所 合作社 工作室 经营部 服务部`)

// PersonName reports whether a name is written as those of persons are: two to four
// characters that name no organisation by their end, or parts with a dot between.
func PersonName(s string) bool {
	letters, dots := 0, 0
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Han, r):
			letters++
		case r == '·' || r == '•' || r == '．' || r == '.' || r == '・':
			dots++
		case !unicode.IsSpace(r):
			return false
		}
	}
	if letters < 2 || letters > 4 && dots == 0 || letters > 20 {
		return false
	}
	return !slices.ContainsFunc(organisations, func(end string) bool { return strings.HasSuffix(s, end) })
}

// Text masks the identity numbers in a text and leaves the rest as it is. A number
// has the word it has as a value of its own.
func (m Masker) Text(s string) string {
	b := []byte(s)
	if !MayHoldIdentity(b) {
		return s
	}
	var out []byte
	at := 0
	identities(b, func(from, to int, number []byte) {
		out = append(append(out, b[at:from]...), m.ID(string(number))...)
		at = to
	})
	if at == 0 {
		return s
	}
	return m.Text(string(append(out, b[at:]...))) // a number beside one that was masked stands alone now
}

// Value masks a value by what its column holds; of a column that is not personal the
// identity numbers in it.
func (m Masker) Value(personal, s string) string {
	switch {
	case s == "":
		return ""
	case personal == Name:
		return m.Name(s)
	case personal == ID:
		return m.ID(s)
	case personal == Phone:
		return m.Phone(s)
	case personal == Party:
		return m.Party(s)
	}
	return m.Text(s)
}

// KeyFile is the masking key below a project's var folder: 32 bytes in hexadecimal.
const KeyFile = "personal.key"

// FormatKey is a key as it stands in its file.
func FormatKey(key [sha256.Size]byte) []byte { return append(hex.AppendEncode(nil, key[:]), '\n') }

// ParseKey reads what FormatKey wrote.
func ParseKey(text []byte) (Masker, error) {
	key, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) != sha256.Size {
		return Masker{}, fmt.Errorf("not a key of %d hexadecimal digits", 2*sha256.Size)
	}
	return NewMasker(key), nil
}
