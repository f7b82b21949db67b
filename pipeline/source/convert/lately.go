package convert

import "bytes"

// lately remembers what words stood for when they were last met, a few at a time. Columns of few words
// ask it before a map.
type lately [32]met

type met struct {
	word  []byte // nil: none was met
	index int16
}

// of is where the word is kept if it was met and no other came into its place: its length and two of
// its bytes say where.
func (l *lately) of(word []byte) *met {
	n := len(word)
	if n == 0 {
		return &l[0]
	}
	return &l[(n+int(word[n-1])+int(word[n/2]))%len(l)]
}

func (m *met) is(word []byte) bool { return m.word != nil && bytes.Equal(m.word, word) }

func (m *met) keep(word []byte, index int16) {
	m.word, m.index = append(m.word[:0], word...), index
	if m.word == nil {
		m.word = []byte{}
	}
}
