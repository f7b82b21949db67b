package pipeline_test

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"citykpi/data"
	"citykpi/pipeline/kpi"

	"github.com/goccy/go-yaml"
	"golang.org/x/text/width"
)

// originals names, for every document of the catalogue, the file of ../shared/seeds that holds its text.
var originals = map[string]string{"NJ88": "000_*.txt", "NJGT": "001_*.txt", "NJSG": "002_*.txt", "HLJ": "003_*.txt", "NT": "004_*.txt"}

// policyFiles decodes data/policies/*.yaml by file name.
func policyFiles(t *testing.T) map[string]kpi.Document {
	t.Helper()
	files, err := fs.Glob(data.FS, "policies/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	documents := map[string]kpi.Document{}
	for _, file := range files {
		text, err := fs.ReadFile(data.FS, file)
		if err != nil {
			t.Fatal(err)
		}
		var d kpi.Document
		if err := yaml.UnmarshalWithOptions(text, &d, yaml.Strict()); err != nil {
			t.Fatalf("data/%s: %v", file, err)
		}
		documents[path.Base(file)] = d
	}
	return documents
}

// Every id of the catalogue is in exactly one policy file, that of its document, and
// no policy file promises anything else.
func TestCatalogueIsComplete(t *testing.T) {
	text, err := os.ReadFile("testdata/catalogue_ids.txt")
	if err != nil {
		t.Fatal(err)
	}
	ids := strings.Fields(string(text))
	if len(ids) != 234 {
		t.Fatalf("testdata/catalogue_ids.txt has %d ids, the catalogue 234", len(ids))
	}
	places := map[string][]string{}
	for file, d := range policyFiles(t) {
		if _, ok := originals[d.ID]; !ok {
			t.Errorf("data/policies/%s: document %q is not one of the catalogue's", file, d.ID)
		}
		for _, c := range d.Commitments {
			places[c.ID] = append(places[c.ID], file)
			if document, _, _ := strings.Cut(c.ID, "-"); document != d.ID {
				t.Errorf("data/policies/%s: %s belongs to document %s", file, c.ID, document)
			}
		}
	}
	missing := map[string][]string{}
	for _, id := range ids {
		switch document, _, _ := strings.Cut(id, "-"); len(places[id]) {
		case 0:
			missing[document] = append(missing[document], id)
		case 1:
		default:
			t.Errorf("%s stands %d times: %v", id, len(places[id]), places[id])
		}
		delete(places, id)
	}
	for document, ids := range missing {
		t.Errorf("%s: no policy file has %d of its commitments: %s", document, len(ids), strings.Join(ids, " "))
	}
	for id, files := range places {
		t.Errorf("%s (%v) is not in testdata/catalogue_ids.txt", id, files)
	}
}

// What a commitment quotes stands in its document, word for word but for spaces and the
// width of characters; …… joins two quotes, the second after the first.
func TestWordsAreQuoted(t *testing.T) {
	for file, d := range policyFiles(t) {
		t.Run(file, func(t *testing.T) {
			for _, c := range d.Commitments {
				if n := len([]rune(c.Words)); n == 0 || n > 40 {
					t.Errorf("%s quotes %d characters, want 1 to 40: %q", c.ID, n, c.Words)
				}
			}
			found, err := filepath.Glob(filepath.Join("..", "..", "shared", "seeds", originals[d.ID]))
			if err != nil || len(found) != 1 {
				t.Skipf("no text of %s: %v %v", d.ID, found, err)
			}
			text, err := os.ReadFile(found[0])
			if err != nil {
				t.Fatal(err)
			}
			original := plain(string(text))
			for _, c := range d.Commitments {
				if part := unquoted(original, c.Words); part != "" {
					t.Errorf("%s quotes %q; the document has no %q after what is quoted before it", c.ID, c.Words, part)
				}
			}
		})
	}
}

// unquoted is the first part of words that original lacks, "" when all are there in order.
func unquoted(original, words string) string {
	for part := range strings.SplitSeq(plain(words), "……") {
		_, rest, ok := strings.Cut(original, part)
		if !ok {
			return part
		}
		original = rest
	}
	return ""
}

// plain folds widths and drops spaces.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '\ufeff' {
			return -1
		}
		return r
	}, width.Fold.String(s))
}

// The quotes' test can fail.
func TestUnquoted(t *testing.T) {
	text := plain("建立 “成果库”，\n每半年进行更新（试行）")
	for words, want := range map[string]string{
		"“成果库”,每半年": "", "建立……更新(试行)": "", "每季度": "每季度", "更新……建立": "建立",
	} {
		if got := unquoted(text, words); got != want {
			t.Errorf("%q: %q is missing, want %q", words, got, want)
		}
	}
	if slices.Contains(strings.Split(text, ""), " ") {
		t.Errorf("%q has spaces", text)
	}
}
