package dashboard

import (
	"bytes"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"citykpi/pipeline/kpi"
	"citykpi/reports/browsertest"
	"citykpi/reports/snapshottest"
)

// copies of the city's policy make as many commitments as five documents have.
const copies = 10

// manifold is a city whose commitments are many times those of another, each copy
// a document of its own.
func manifold(s *kpi.Snapshot) *kpi.Snapshot {
	doc, stand, series := s.Documents[0], s.Attainments, s.Series
	s.Documents, s.Attainments, s.Series = nil, nil, kpi.Series{}
	for n := range copies {
		rename := func(id string) string { return fmt.Sprintf("%s%c", id, 'A'+n) }
		d := doc
		d.ID, d.Commitments, d.Indicators = rename(doc.ID), nil, nil
		for _, c := range doc.Commitments {
			c.ID, c.Document, c.Pinned = rename(c.ID), d.ID, c.Pinned && n == 0
			d.Commitments = append(d.Commitments, c)
		}
		s.Documents = append(s.Documents, d)
		for _, a := range stand {
			a.ID = rename(a.ID)
			s.Attainments = append(s.Attainments, a)
		}
		for k, line := range series {
			k.ID = rename(k.ID)
			s.Series[k] = line
		}
	}
	return s
}

// paper is a page printed: the text of its sheets, and their sizes.
type paper struct {
	sheets []string
	boxes  []string
}

var (
	mediaBox = regexp.MustCompile(`/MediaBox \[([^\]]*)\]`)
	sheetNo  = regexp.MustCompile(`^\d+ / \d+$`)
)

// landscape is A4 as the browser writes it, in points.
const landscape = "0 0 841.91998 594.95996"

func printed(t *testing.T, browser *browsertest.Browser, dir, file string) paper {
	t.Helper()
	page := browser.OpenFile(t, dir, file+".html", "", 1440, 900)
	defer page.Close()
	return onPaper(t, page, file)
}

func onPaper(t *testing.T, page *browsertest.Page, file string) paper {
	t.Helper()
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("SKIPPED, LOUDLY: no pdftotext on this machine, the print was not read. Try: apt-get install poppler-utils")
	}
	pdf := page.PDF(t)
	page.Quiet(t)
	cmd := exec.CommandContext(t.Context(), "pdftotext", "-layout", "-", "-")
	cmd.Stdin = bytes.NewReader(pdf)
	text, err := cmd.Output()
	if err != nil {
		t.Fatalf("read the print of %s: %v", file, err)
	}
	var p paper
	p.sheets = strings.Split(strings.TrimSuffix(string(text), "\f"), "\f")
	for _, m := range mediaBox.FindAllSubmatch(pdf, -1) {
		p.boxes = append(p.boxes, string(m[1]))
	}
	return p
}

// lastLine is the last line of a sheet but for its number.
func lastLine(sheet string) string {
	lines := strings.Split(strings.TrimSpace(sheet), "\n")
	for i := len(lines) - 1; i >= 0; i-- {
		if line := strings.TrimSpace(lines[i]); line != "" && !sheetNo.MatchString(line) {
			return line
		}
	}
	return ""
}

var heading = regexp.MustCompile(`(?s)<h[123][^>]*>(.*?)</h[123]>`)
var markup = regexp.MustCompile(`<small.*|<[^>]*>`)

// headings are the texts of a page's headings, without what stands small beside them.
func headings(html string) map[string]bool {
	all := map[string]bool{}
	for _, m := range heading.FindAllStringSubmatch(html, -1) {
		if text := strings.TrimSpace(markup.ReplaceAllString(m[1], "")); text != "" {
			all[text] = true
		}
	}
	return all
}

// printIsPaper: every kind of page prints on A4 landscape, the overview and the
// definitions of a full catalogue on few sheets, and no heading ends a sheet.
func printIsPaper(t *testing.T, browser *browsertest.Browser) {
	full := snapshottest.Reviewed(snapshottest.Full())
	look(t, browser, written(t, full), kinds, map[string]int{"index": 5})
	look(t, browser, written(t, manifold(snapshottest.Full())), []string{"index", "definitions"},
		map[string]int{"index": 8, "definitions": 25})
}

func look(t *testing.T, browser *browsertest.Browser, dir string, files []string, most map[string]int) {
	t.Helper()
	texts := textsOf(t, dir)
	for _, file := range files {
		p := printed(t, browser, dir, file)
		if n := len(p.sheets); most[file] > 0 && n > most[file] {
			t.Errorf("%s prints on %d sheets, want at most %d", file, n, most[file])
		}
		for _, box := range p.boxes {
			if box != landscape {
				t.Errorf("%s: a sheet is %s, want A4 landscape %s", file, box, landscape)
			}
		}
		if len(p.boxes) == 0 {
			t.Errorf("%s: no sheet says how large it is", file)
		}
		heads := headings(texts[file+".html"])
		if len(heads) == 0 {
			t.Errorf("%s has no heading", file)
		}
		for n, sheet := range p.sheets {
			if strings.TrimSpace(sheet) == "" {
				t.Errorf("%s: sheet %d is empty", file, n+1)
			}
			for _, part := range strings.Split(lastLine(sheet), "   ") { // columns stand apart
				if heads[strings.TrimSpace(part)] {
					t.Errorf("%s: sheet %d ends with the heading %s", file, n+1, part)
				}
			}
		}
	}
}

// textsOf are the pages of a site by file name.
func textsOf(t *testing.T, dir string) map[string]string {
	t.Helper()
	texts := files(t, dir)
	for name := range texts {
		if filepath.Ext(name) != ".html" {
			delete(texts, name)
		}
	}
	return texts
}
