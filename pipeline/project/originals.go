package project

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"unicode"

	"citykpi/pipeline/kpi"
)

// originals finds, in the documents' own texts, the whole sentence around each
// commitment's words. An installation may put them into
// data/policies/originals/<document>.txt; none are shipped.
func originals(data fs.FS, documents []kpi.Document) (map[string]string, error) {
	sentences := map[string]string{}
	for _, d := range documents {
		text, err := fs.ReadFile(data, "policies/originals/"+d.ID+".txt")
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read original of %s: %w", d.ID, err)
		}
		for _, c := range slices.Concat(d.Commitments, d.Indicators) {
			if s := sentenceAround(string(text), c.Words); s != "" {
				sentences[c.ID] = s
			}
		}
	}
	return sentences, nil
}

// sentenceAround returns the sentence of text that holds the words, of which
// …… may join several parts; "" where it is not there. White space is ignored.
func sentenceAround(text, words string) string {
	parts := strings.FieldsFunc(words, func(r rune) bool { return r == '…' })
	for _, sentence := range strings.FieldsFunc(text, func(r rune) bool { return r == '。' || r == '\n' || r == '\r' }) {
		at, found := squeeze(sentence), len(parts) > 0
		for _, p := range parts {
			i := strings.Index(at, squeeze(p))
			if i < 0 {
				found = false
				break
			}
			at = at[i+len(squeeze(p)):]
		}
		if found {
			return strings.TrimSpace(sentence) + "。"
		}
	}
	return ""
}

func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}
