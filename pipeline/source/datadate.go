package source

import (
	"context"
	"path"
	"regexp"
	"runtime"
	"strings"
	"time"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/source/fold"
	"citykpi/pipeline/source/grid"
	"citykpi/pipeline/source/parse"
	"citykpi/pipeline/source/refusal"

	"golang.org/x/sync/errgroup"
)

// findDataDate takes the first place of the contract's data_date that says one.
func (r *Reader) findDataDate(ctx context.Context, l *Layout) error {
	if !r.DataDate.IsZero() {
		l.DataDate, l.DataDateFrom = r.DataDate, "given"
		return nil
	}
	for _, from := range l.Contract.DataDate {
		var d kpi.Date
		switch from {
		case "file_name":
			for _, name := range []string{l.file.Name, l.file.outer} { // a file in an archive may leave it to that to say when
				if d.IsZero() {
					d, _ = PeriodEnd(strings.TrimSuffix(name, path.Ext(name)), true)
				}
			}
		case "title":
			var err error
			if d, err = l.titleDate(); err != nil {
				return err
			}
		default:
			for _, table := range l.all() {
				largest, err := r.largestDay(ctx, table, from)
				if err != nil {
					return err
				}
				if largest.After(d) {
					d = largest
				}
			}
		}
		if !d.IsZero() {
			l.DataDate, l.DataDateFrom = d, from
			return nil
		}
	}
	return &refusal.Error{File: l.file.Name, Sheet: l.Sheet, Err: refusal.ErrNoDataDate,
		Detail: "looked at " + strings.Join(l.Contract.DataDate, ", "),
		Try:    "put the date into the name, as in " + l.Contract.Name + "_20250930" + path.Ext(l.file.Name)}
}

// titleDate is the date that the titles of all sheets agree on.
func (l *Layout) titleDate() (kpi.Date, error) {
	var date kpi.Date
	for _, table := range l.all() {
		d, ok := PeriodEnd(strings.Join(table.Titles, "\n"), false)
		if ok && !date.IsZero() && d != date {
			return kpi.Date{}, &refusal.Error{File: l.file.Name, Sheet: table.Sheet, Err: refusal.ErrDateConflict,
				Detail: date.String() + " on one sheet, " + d.String() + " on this", Try: "send the sheets in one file per date"}
		}
		if ok {
			date = d
		}
	}
	return date, nil
}

// periodForms are the ways a name or title says a date or a period, most
// specific first.
var periodForms = []struct {
	form *regexp.Regexp
	end  func(m []string) kpi.Date
	name bool // in file names only
}{
	{regexp.MustCompile(`((?:19|20)\d\d)年(\d{1,2})月(\d{1,2})[日号]`), dayOf, false},
	{regexp.MustCompile(`(?:^|\D)((?:19|20)\d\d)[-._/](\d{1,2})[-._/](\d{1,2})(?:\D|$)`), dayOf, false},
	{regexp.MustCompile(`(?:^|\D)((?:19|20)\d\d)(\d\d)(\d\d)(?:\D|$)`), dayOf, false},
	{regexp.MustCompile(`(?:^|\D)((?:19|20)\d\d)年?[-_]?[Qq]([1-4])(?:\D|$)`), quarterOf, false},
	{regexp.MustCompile(`((?:19|20)\d\d)年度?第?([一二三四1-4])季度?`), quarterOf, false},
	{regexp.MustCompile(`((?:19|20)\d\d)年度?(上半年|下半年)`), quarterOf, false},
	{regexp.MustCompile(`((?:19|20)\d\d)年(?:\d{1,2}[-—~至])?(\d{1,2})月`), monthOf, false},
	{regexp.MustCompile(`(?:^|\D)((?:19|20)\d\d)[-._]?(\d\d)(?:\D|$)`), monthOf, true},
	{regexp.MustCompile(`((?:19|20)\d\d)年`), yearOf, false},
	{regexp.MustCompile(`(?:^|[^\pL\pN])((?:19|20)\d\d)(?:[^\pL\pN]|$)`), yearOf, true},
}

// PeriodEnd finds the date, or the last day of the period, that a file name or
// a title names: 20250930, 2025-09-30, 2025年9月30日, 2025Q3, 2025年第三季度,
// 2025年上半年, 2025年9月, 2025年; in a file name also 202509 and 2025. The most
// specific form wins, and the latest of several of that form.
func PeriodEnd(text string, fileName bool) (kpi.Date, bool) {
	text = narrow(text)
	for _, f := range periodForms {
		if f.name && !fileName {
			continue
		}
		var latest kpi.Date
		for at := 0; at < len(text); {
			m := f.form.FindStringSubmatchIndex(text[at:])
			if m == nil {
				break
			}
			var groups []string
			for g := 2; g < len(m); g += 2 {
				groups = append(groups, text[at+m[g]:at+m[g+1]])
			}
			if d := f.end(groups); d.After(latest) {
				latest = d
			}
			at += m[3] // behind the year: forms may share a separator
		}
		if !latest.IsZero() {
			return latest, true
		}
	}
	return kpi.Date{}, false
}

// narrow makes full-width digits and signs ASCII and keeps blanks.
func narrow(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 0xFF01 && r <= 0xFF5E {
			return r - 0xFEE0
		}
		return r
	}, s)
}

func dayOf(g []string) kpi.Date {
	y, m, d := fold.Digits([]byte(g[0])), fold.Digits([]byte(g[1])), fold.Digits([]byte(g[2]))
	if !parse.ValidDay(y, m, d) {
		return kpi.Date{}
	}
	return kpi.Date{Year: y, Month: time.Month(m), Day: d}
}

func quarterOf(g []string) kpi.Date {
	n := map[string]int{"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4, "上半年": 2, "下半年": 4}[g[1]]
	return kpi.Quarter{Year: fold.Digits([]byte(g[0])), N: n}.End()
}

func monthOf(g []string) kpi.Date {
	m := fold.Digits([]byte(g[1]))
	if m < 1 || m > 12 {
		return kpi.Date{}
	}
	return kpi.Date{Year: fold.Digits([]byte(g[0])), Month: time.Month(m), Day: 1}.MonthEnd()
}

func yearOf(g []string) kpi.Date { return kpi.YearEnd(fold.Digits([]byte(g[0]))) }

// largestDay reads a date column of the whole file. Open ends and days after
// r.NotAfter do not count: a slip of the year must not become the data date.
func (r *Reader) largestDay(ctx context.Context, l *Layout, column string) (kpi.Date, error) {
	i, _ := l.Contract.Index(column)
	at := l.At[i]
	if at < 0 {
		return kpi.Date{}, nil
	}
	parts, err := l.sources(ctx, runtime.GOMAXPROCS(0))
	if err != nil {
		return kpi.Date{}, err
	}
	finders := make([]*dayFinder, len(parts))
	var work errgroup.Group
	for i, part := range parts {
		finders[i] = &dayFinder{at: at, epoch: l.Styles.Epoch1904, last: parse.OpenEndDays - 1}
		if !r.NotAfter.IsZero() {
			finders[i].last = parse.DayNumber(r.NotAfter)
		}
		work.Go(func() error {
			defer part.Close()
			for {
				if more, err := part.Next(ctx, finders[i]); !more || err != nil {
					return err
				}
			}
		})
	}
	if err := work.Wait(); err != nil {
		return kpi.Date{}, err
	}
	found, largest := false, int32(0)
	for _, f := range finders {
		if f.found && (!found || f.largest > largest) {
			found, largest = true, f.largest
		}
	}
	if !found {
		return kpi.Date{}, nil
	}
	return parse.DateOfDays(largest), nil
}

// dayFinder is a grid.Sink that keeps a column's largest day.
type dayFinder struct {
	at      int
	epoch   bool
	last    int32
	found   bool
	largest int32
	memory  []byte // the cell before this one
}

func (f *dayFinder) Begin(int, bool) {}

func (f *dayFinder) Row(_ int64, cells [][]byte, kinds []grid.Kind) {
	if f.at >= len(cells) || string(cells[f.at]) == string(f.memory) {
		return
	}
	f.memory = append(f.memory[:0], cells[f.at]...)
	kind := grid.Text
	if kinds != nil {
		kind = kinds[f.at]
	}
	day, p := parse.DayOfCell(fold.Trim(cells[f.at]), kind, f.epoch)
	if p == nil && day <= f.last && (!f.found || day > f.largest) {
		f.found, f.largest = true, day
	}
}
