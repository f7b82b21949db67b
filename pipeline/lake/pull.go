package lake

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"citykpi/pipeline/durable"
)

const (
	pullsDir = "pulls"
	askedEnd = ".asked.json"

	noteBytes = 16 << 20 // of a file of these, at most
)

// Pull is how a batch's file was fetched from a database.
type Pull struct {
	Connection string `json:"connection"`
	Query      string `json:"query_sha256"`          // 16 digits, of the query and the name of its watermark
	Watermark  string `json:"watermark,omitempty"`   // the column
	From       string `json:"from,omitempty"`        // its value from which on rows were asked for, as the database writes it; "": all
	To         string `json:"to,omitempty"`          // its largest value
	Edge       string `json:"edge_sha256,omitempty"` // 16 digits, of the rows that stand at To
	Rows       int64  `json:"rows"`
}

// NotePull remembers, before the file is anywhere to be loaded from, that the
// file of this hash was pulled. It stands beside the file and not in it, so
// that the same rows are the same bytes, and no file that somebody mails in can
// pass for a pull and move the watermark.
func (l *Lake) NotePull(sha256 string, p Pull) error {
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	path := l.pullFile(sha256)
	if err := durable.MakeDir(filepath.Dir(path)); err != nil {
		return fmt.Errorf("note pull: %w", err)
	}
	if err := durable.WriteFile(path, text); err != nil {
		return fmt.Errorf("note pull: %w", err)
	}
	return nil
}

func (l *Lake) pullFile(sha256 string) string {
	return filepath.Join(l.root, pullsDir, sha256+".json")
}

// PullOf returns how the file of this hash was pulled; nil if it was not.
func (l *Lake) PullOf(sha256 string) (*Pull, error) {
	text, err := durable.ReadRegular(l.pullFile(sha256), noteBytes)
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var p Pull
	if err := json.Unmarshal(text, &p); err != nil {
		return nil, fmt.Errorf("read %s: %w. Try: delete it and load again", l.pullFile(sha256), err)
	}
	return &p, nil
}

// LastPull is the source's newest batch that was pulled.
func (l *Lake) LastPull(source string) (b Batch, ok bool) {
	for _, b := range slices.Backward(l.batches) {
		if b.Source == source && b.Pull != nil {
			return b, true
		}
	}
	return Batch{}, false
}

// Asked is when a source's database was asked and had nothing but what Batch says
// already: there is no batch to tell that it was.
type Asked struct {
	Source string    `json:"source"`
	At     time.Time `json:"at"`
	Batch  string    `json:"batch_id"`
}

// NoteAsked adds to what is remembered of a.Source.
func (l *Lake) NoteAsked(a Asked) error {
	path := filepath.Join(l.root, pullsDir, a.Source+askedEnd)
	list, err := readAsked(path)
	if err != nil {
		return err
	}
	text, err := json.Marshal(append(list, a))
	if err == nil {
		err = durable.MakeDir(filepath.Dir(path))
	}
	if err == nil {
		err = durable.WriteFile(path, text)
	}
	if err != nil {
		return fmt.Errorf("note that %s had nothing new: %w", a.Source, err)
	}
	return nil
}

// Asked lists what is remembered of the sources that were asked in vain by a time, the
// zero time meaning all: source by source, the oldest first.
func (l *Lake) Asked(knownAt time.Time) ([]Asked, error) {
	found, err := readDir(filepath.Join(l.root, pullsDir))
	if err != nil {
		return nil, fmt.Errorf("read what databases were asked: %w", err)
	}
	var known []Asked
	for _, e := range found {
		if !strings.HasSuffix(e.Name(), askedEnd) || strings.HasPrefix(e.Name(), ".") {
			continue // half a note, of a run that died
		}
		list, err := readAsked(filepath.Join(l.root, pullsDir, e.Name()))
		if err != nil {
			return nil, err
		}
		for _, a := range list {
			if knownAt.IsZero() || !a.At.After(knownAt) {
				known = append(known, a)
			}
		}
	}
	return known, nil
}

func readAsked(path string) (list []Asked, err error) {
	text, err := durable.ReadRegular(path, noteBytes)
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &list); err != nil {
		return nil, fmt.Errorf("read %s: %w. Try: delete it; it only says when a database had nothing new", path, err)
	}
	return list, nil
}
