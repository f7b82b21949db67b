package dashboard

import (
	"bufio"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/show"
	"citykpi/reports/assets"
	"citykpi/reports/digest"
	"citykpi/reports/figure"
)

// Behind reads what stands behind a release's figures. Its methods are called
// by several goroutines at once.
type Behind interface {
	// Detail is what the pages about one subject list.
	Detail(ctx context.Context) (*kpi.Detail, error)
	// Facts gives each every fact the commitment counts in a region on the as-of
	// date or counted at the end of the quarter before, the newest first.
	Facts(ctx context.Context, c kpi.Commitment, region string, each func(kpi.Fact)) error
	// Contracts gives each every technology contract of a year, the newest first.
	Contracts(ctx context.Context, year int, each func(kpi.Contract)) error
}

// site is one site on its way to a folder.
type site struct {
	dir       string
	d         *digest.Digest
	detail    *kpi.Detail
	behind    Behind
	templates *template.Template
	regions   map[string]kpi.Region
	areas     []area
	doors     map[string]string // text of a cell → the page it leads to
	paged     map[string]bool   // regions that have a page
	units     []unit
	filings   *filings
	names     *names
	rules     map[string]digest.Item // of every document, by id; see ruleName
	frame     frame
}

// page is one file: the template of its content and what that prints.
type page struct {
	file, title, template string
	crumbs                []link
	data                  any
}

// Site writes the dashboard's files into dir, which must exist. The same release
// gives the same bytes. behind may be nil: figures then do not open to their rows.
// It returns assets.ErrNotBuilt when the program was compiled without its script
// and style sheet.
func Site(ctx context.Context, dir string, s *kpi.Snapshot, behind Behind) error {
	if err := write(ctx, dir, s, behind); err != nil {
		return fmt.Errorf("render dashboard %s: %w", s.Release.ID, err)
	}
	return nil
}

func write(ctx context.Context, dir string, s *kpi.Snapshot, behind Behind) error {
	w, err := newSite(ctx, dir, s, behind)
	if err != nil {
		return err
	}
	if err := w.assets(); err != nil {
		return err
	}
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(max(2, runtime.NumCPU()))
	for _, it := range w.items() {
		work.Go(func() error { return w.commitment(ctx, it) })
	}
	for _, one := range []func() error{
		w.overview, w.documents, w.unitPages, w.districts, w.quality, w.definitions, w.runs, w.outlines,
	} {
		work.Go(one)
	}
	contracts := func() error { return errors.Join(w.contracts(ctx), w.contractYear(ctx)) }
	for file, one := range map[string]func() error{
		"tiers.html": w.tiers, "contracts.html": contracts, "awards.html": w.awards, "talent.html": w.talent,
		"parks.html": w.parks, "consortia.html": w.consortia, "province.html": w.province,
	} {
		if w.leads(file) {
			work.Go(one)
		}
	}
	if err := work.Wait(); err != nil {
		return err
	}
	return w.search()
}

func newSite(ctx context.Context, dir string, s *kpi.Snapshot, behind Behind) (*site, error) {
	w := &site{dir: dir, d: digest.Read(s), behind: behind, detail: &kpi.Detail{},
		regions: map[string]kpi.Region{}, rules: map[string]digest.Item{}, names: newNames()}
	for _, r := range slices.Concat(s.Regions, s.Districts, []kpi.Region{s.Region}) {
		w.regions[r.Code] = r
	}
	if behind != nil {
		var err error
		if w.detail, err = behind.Detail(ctx); err != nil {
			return nil, err
		}
		w.call()
	}
	for _, it := range w.items() {
		w.rules[it.ID] = it
	}
	w.units, w.areas, w.paged = unitsOf(w.d, w.detail.Tasks), w.areasOf(), map[string]bool{}
	w.filings = filingsOf(w.d, w.detail.Batches, w.units)
	for _, a := range w.areas {
		for _, r := range a.Districts {
			w.paged[r.Code] = true
		}
	}
	w.doors = w.doorsOf()
	w.frame = frame{
		Site:      cmp.Or(s.Title, s.Region.Name+"政策承诺指标调度"),
		AsOf:      w.d.AsOf().Chinese(),
		Published: figure.Moment(s.Release.CreatedAt), Until: w.d.Until(),
		Release: s.Release.ID,
		pages:   w.sections(),
	}
	var err error
	w.templates, err = template.New("").Funcs(template.FuncMap{
		"quartersin": w.quartersIn, "paidin": w.paidIn,
		"page": commitmentPage, "unitpage": unitPage, "regionpage": districtPage, "documentpage": documentPage,
		"link": counted, "stands": stands, "charged": charged, "has": has, "having": having, "offive": ofFive,
		"topic": func(i int) string { return fiveTopics[i] }, "unitlink": unitLink, "tasked": tasked, "tasksum": taskSum,
		"filed": inCalendar, "filesof": filesFrom,
		"printed": figure.Count, "moneyed": func(v float64) string { return figure.Number(v, 2) },
	}).ParseFS(pages, "page/*.html")
	return w, err
}

// call gives the units in what stands behind the figures the names that pages use.
func (w *site) call() {
	d := *w.detail
	d.Returns, d.Batches, d.Units = slices.Clone(d.Returns), slices.Clone(d.Batches), maps.Clone(d.Units)
	for i := range d.Returns {
		d.Returns[i].Bureau = w.d.Called(d.Returns[i].Bureau)
	}
	for i := range d.Batches {
		d.Batches[i].Bureau = w.d.Called(d.Batches[i].Bureau)
	}
	for place, name := range d.Units {
		d.Units[place] = w.d.Called(name)
	}
	w.detail = &d
}

// items are every commitment and indicator of every document.
func (w *site) items() []digest.Item { return slices.Concat(w.d.All(), w.d.Elsewhere) }

// assets writes what all pages share: script, style and licences.
func (w *site) assets() error {
	b, err := assets.Load()
	if err != nil {
		return err
	}
	for _, folder := range []string{"assets", "data"} {
		if err := os.MkdirAll(filepath.Join(w.dir, folder), 0o755); err != nil {
			return err
		}
	}
	for name, text := range map[string]string{
		"site.js": strings.TrimSpace(b.Script), "LICENCES.txt": b.Licences,
		// notice.css is empty until somebody pins a release: then it says so above every page.
		"site.css": `@import "notice.css";` + "\n" + strings.TrimSpace(b.Style) + w.frame.pageHeads(), "notice.css": "",
	} {
		if err := os.WriteFile(filepath.Join(w.dir, "assets", name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// put writes one page, streamed.
func (w *site) put(p page) error {
	f, err := os.Create(filepath.Join(w.dir, p.file))
	if err != nil {
		return err
	}
	shown := show.NewWriter(f)
	out := bufio.NewWriterSize(shown, 1<<16)
	around := w.frame.of(p)
	for _, part := range []struct {
		name string
		data any
	}{{"top", around}, {p.template, p.data}, {"bottom", around}} {
		if err := w.templates.ExecuteTemplate(out, part.name, part.data); err != nil {
			f.Close()
			return fmt.Errorf("page %s: %w", p.file, err)
		}
	}
	if err := errors.Join(out.Flush(), shown.Close()); err != nil {
		f.Close()
		return fmt.Errorf("page %s: %w", p.file, err)
	}
	return f.Close()
}

// slug is an id as part of a file name: letters, digits and dashes stay;
// anything else makes it a hash, the same for the same id.
func slug(id string) string {
	for _, r := range id {
		if !(r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r == '-') {
			sum := sha256.Sum256([]byte(id))
			return hex.EncodeToString(sum[:5])
		}
	}
	return id
}

func commitmentPage(id string) string { return "c-" + slug(id) + ".html" }
func documentPage(id string) string   { return "d-" + slug(id) + ".html" }
func unitPage(name string) string     { return "u-" + slug(name) + ".html" }
func districtPage(code string) string { return "r-" + slug(code) + ".html" }

func (w *site) region(code string) string { return cmp.Or(w.regions[code].Name, code) }

// holder is the region with a page that a region is, or lies in; else the region itself.
func (w *site) holder(code string) string {
	for at, depth := code, 0; at != "" && depth < 5; depth++ {
		if w.paged[at] {
			return w.regions[at].Name
		}
		at = w.regions[at].Parent
	}
	return w.region(code)
}
