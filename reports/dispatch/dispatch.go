// Package dispatch writes the quarterly dispatch report 调度报告 of a release: a
// page for A4 paper without any script, short enough for a leading group to read,
// and a workbook with every table whole, one sheet each.
package dispatch

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"
	"unicode"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/show"
	"citykpi/reports/digest"
	"citykpi/reports/workbook"
)

//go:embed page
var pages embed.FS

// HTML writes the report of quarter q on the release's own jurisdiction as one self-contained page. The snapshot
// must be as of the quarter's end, else ErrPeriod. Same snapshot, same bytes.
func HTML(w io.Writer, s *kpi.Snapshot, q kpi.Quarter) error {
	if err := check(s, q); err != nil {
		return err
	}
	r, err := newReport(digest.Read(s.Own()), q)
	if err != nil {
		return fmt.Errorf("dispatch report %s: %w", q, err)
	}
	style, err := pages.ReadFile("page/report.css")
	if err != nil {
		return fmt.Errorf("dispatch report %s: %w", q, err)
	}
	style = append(style, running(r)...)
	sum := sha256.Sum256(style)
	r.Style = template.CSS(style)
	hash := base64.StdEncoding.EncodeToString(sum[:])
	r.Policy = template.HTMLAttr(`content="default-src 'none'; img-src data:; style-src 'sha256-` + hash + `'"`)
	t, err := template.ParseFS(pages, "page/report.html")
	if err != nil {
		return fmt.Errorf("dispatch report %s: %w", q, err)
	}
	var page bytes.Buffer // a report that fails half-way is not written at all
	if err := t.ExecuteTemplate(&page, "report.html", r); err != nil {
		return fmt.Errorf("dispatch report %s: %w", q, err)
	}
	if _, err := io.WriteString(w, show.Text(page.String())); err != nil {
		return fmt.Errorf("write dispatch report %s: %w", q, err)
	}
	return nil
}

// running is the line above every printed page but the first.
func running(r *report) string {
	title := r.Title
	if r.Beside != "" {
		title += "（旁列版本，不是现行版本）"
	}
	return "@page { @top-left { content: " + cssString(title) + "; }" +
		" @top-right { content: " + cssString("数据截至 "+r.AsOf+" · 版本 "+r.Release) + "; } }\n"
}

// cssString quotes any text for a style sheet: all but letters and digits as code points.
func cssString(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			b.WriteRune(r)
			continue
		}
		fmt.Fprintf(&b, `\%06x`, r)
	}
	return `"` + b.String() + `"`
}

// XLSX writes the workbook of quarter q, on the release's own jurisdiction: one sheet per table, with the rows and
// columns paper has no room for. The snapshot must be as of the quarter's end,
// else ErrPeriod. Same snapshot, same bytes.
func XLSX(w io.Writer, s *kpi.Snapshot, q kpi.Quarter) error {
	if err := check(s, q); err != nil {
		return err
	}
	d := digest.Read(s.Own())
	p := workbook.Properties{Title: title(s, q), Creator: "citykpi " + s.Release.ID, Created: s.Release.CreatedAt}
	if err := workbook.WriteXLSX(w, p, Tables(d, q)...); err != nil {
		return fmt.Errorf("dispatch workbook %s: %w", q, err)
	}
	return nil
}

// Tables are the sheets of the workbook in their order.
func Tables(d *digest.Digest, q kpi.Quarter) []workbook.Table {
	return []workbook.Table{
		overview(d), d.DocumentTable(), d.CommitmentTable(), d.ForecastTable(), d.DistrictTable(), d.RankTable(),
		d.ContractTable(q), d.ContractQuarterTable(), d.PayoutTable(q), d.PayoutQuarterTable(), d.FindingTable(),
		d.BureauTable(), d.SubmissionTable(), d.CheckTable(), d.RestatementTable(), d.ScorecardTable(), d.NoteTable(),
	}
}

// overview counts the lights.
func overview(d *digest.Digest) workbook.Table {
	t := workbook.Table{Name: "总体情况", Note: d.Beside() + d.Summary() + d.DraftSentence(),
		Columns: []workbook.Column{{Title: "状态", Width: 16}, {Title: "事项（项）", Kind: workbook.Count}}}
	total := 0
	for _, c := range d.Counts() {
		word := c.Light.Symbol() + " " + c.Light.Chinese()
		if c.Light == kpi.NoLight {
			word = "· 仅监测"
		}
		t.Add(word, c.N)
		total += c.N
	}
	t.AddTotal("合计", total)
	return t
}

func check(s *kpi.Snapshot, q kpi.Quarter) error {
	if s.Release.AsOf != q.End() {
		return fmt.Errorf("dispatch report %s: release %s is as of %s: %w. Try: citykpi run --as-of %s",
			q, s.Release.ID, s.Release.AsOf, ErrPeriod, q.End())
	}
	return nil
}

func title(s *kpi.Snapshot, q kpi.Quarter) string {
	return s.Region.Name + q.Chinese() + "政策承诺指标调度报告"
}
