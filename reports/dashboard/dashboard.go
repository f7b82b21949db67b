// Package dashboard writes the leading group's page: one self-contained HTML file
// that opens from a disk, an intranet or a USB stick without any request.
package dashboard

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"os"
	"path/filepath"
	"strings"

	"citykpi/pipeline/kpi"
	"citykpi/reports/assets"
)

//go:embed page
var pages embed.FS

// Render writes the overview of a release as one HTML file. The same snapshot
// gives the same bytes. It returns assets.ErrNotBuilt when the program was
// compiled without its script and style sheet.
func Render(w io.Writer, s *kpi.Snapshot) error {
	bundle, err := assets.Load()
	if err != nil {
		return fmt.Errorf("render dashboard: %w", err)
	}
	v, err := newView(s)
	if err != nil {
		return fmt.Errorf("render dashboard %s: %w", s.Release.ID, err)
	}
	v.dress(bundle)
	t, err := template.ParseFS(pages, "page/*.html")
	if err != nil {
		return fmt.Errorf("render dashboard: %w", err)
	}
	var page bytes.Buffer // a page that fails half-way is not written at all
	if err := t.ExecuteTemplate(&page, "page.html", v); err != nil {
		return fmt.Errorf("render dashboard %s: %w", s.Release.ID, err)
	}
	if _, err := page.WriteTo(w); err != nil {
		return fmt.Errorf("write dashboard %s: %w", s.Release.ID, err)
	}
	return nil
}

// Site writes the dashboard's files into dir, which must exist: index.html.
func Site(dir string, s *kpi.Snapshot) error {
	f, err := os.Create(filepath.Join(dir, "index.html"))
	if err != nil {
		return fmt.Errorf("write site: %w", err)
	}
	if err := Render(f, s); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("write site: %w", err)
	}
	return nil
}

// dress puts script, style and the policy that allows exactly these two.
func (v *view) dress(b assets.Bundle) {
	script, style := strings.TrimSpace(b.Script), strings.TrimSpace(b.Style)+v.pageHeads()
	v.Script, v.Style = template.JS(script), template.CSS(style)
	v.Licences = b.Licences
	policy := strings.Join([]string{
		"default-src 'none'", "img-src data:", "base-uri 'none'", "form-action 'none'",
		"script-src " + fingerprint(script), "style-src " + fingerprint(style),
	}, "; ")
	v.Policy = template.HTMLAttr(`content="` + policy + `"`)
}

// pageHeads prints title, date and release at the head of every page but the first.
func (v *view) pageHeads() string {
	return fmt.Sprintf("@page{@top-left{content:%s;font-size:8pt;color:#52606d}@top-right{content:%s;font-size:8pt;color:#52606d}}"+
		"@page:first{@top-left{content:none}@top-right{content:none}}",
		cssString(v.Title), cssString("数据截至 "+v.AsOf+" · 版本 "+v.Release))
}

// cssString quotes text for a style sheet, every character but letters and
// digits escaped, so that it can end neither the string nor the element.
func cssString(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "\\%06x", r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// fingerprint is a source expression that allows one inline text by its hash.
func fingerprint(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}
