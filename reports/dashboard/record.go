package dashboard

import (
	"cmp"
	"fmt"
	"strings"

	"citykpi/pipeline/kpi"
	"citykpi/reports/figure"
)

// calendar is who filed what in the last periods, of the sources that come equally often.
type calendar struct {
	Title   string   // 按季报送
	Periods []string // headings, the oldest first
	Summary string   // of the current period
	Note    string   // on a period that is over and not among them
	Rows    []calendarRow
}

type calendarRow struct {
	Name, Unit string
	Again      bool // of the unit of the row before
	Cells      []calendarCell
}

// calendarCell is a period of a row: symbol, word, and when.
type calendarCell struct {
	Class, Symbol, Word, Length, Title, Period string
	Notes                                      []string
	Rank                                       int
}

// calendars are the submission calendars by how often the sources come.
func calendars(all []kpi.CalendarRow, today kpi.Date) []calendar {
	var list []calendar
	for _, every := range []string{"month", "quarter", "year"} {
		c := calendar{Title: kpi.EveryChinese(every) + "报送"}
		n := map[string]int{}
		for _, r := range all {
			if r.Every != every {
				continue
			}
			if c.Rows == nil {
				for _, cell := range r.Cells {
					c.Periods = append(c.Periods, kpi.PeriodLabel(every, cell.End))
				}
				if last := kpi.LastPeriodEnd(every, today); last.After(r.Current().End) {
					c.Note = "数据尚未到 " + kpi.PeriodLabel(every, last) + "，该期未列入"
				}
			}
			row := calendarRow{Name: r.Name, Unit: r.Unit, Again: len(c.Rows) > 0 && c.Rows[len(c.Rows)-1].Unit == r.Unit}
			for i, cell := range r.Cells {
				row.Cells = append(row.Cells, newCell(cell, c.Periods[i]))
			}
			c.Rows = append(c.Rows, row)
			n[r.Current().Word()]++
		}
		if c.Rows == nil {
			continue
		}
		parts := []string{fmt.Sprintf("%s 应报 %d 项", c.Periods[len(c.Periods)-1], len(c.Rows))}
		for _, word := range []string{"已报", "与上期相同", "迟报", "过期", "未报", "待报"} {
			if n[word] > 0 {
				parts = append(parts, fmt.Sprintf("%s %d", word, n[word]))
			}
		}
		c.Summary = strings.Join(parts, "，")
		list = append(list, c)
	}
	return list
}

func newCell(c kpi.CalendarCell, period string) calendarCell {
	cell := calendarCell{Class: string(c.State), Symbol: c.Symbol(), Word: c.Word(), Length: c.Length(),
		Period: period, Notes: c.Notes(), Rank: c.Rank()}
	switch {
	case c.State == kpi.Filed && c.Same:
		cell.Class = "same"
	case c.Behind() && c.Passed:
		cell.Class = "passed"
	}
	cell.Title = period + "应于 " + c.Due.String() + " 前报送"
	if c.Files > 0 {
		cell.Notes[0] += " 批次 " + batchNumber(c.Batch)
		cell.Title += fmt.Sprintf("；%d 个文件，最近批次 %s，退回 %d 行", c.Files, c.Batch, c.Rejected)
	}
	return cell
}

// batchNumber is the number a batch's name ends in: 67 of tech_contract-20260930-0067.
func batchNumber(batch string) string {
	return strings.TrimLeft(batch[strings.LastIndex(batch, "-")+1:], "0")
}

// held is a file that waits to be confirmed.
type held struct {
	kpi.Held
	Day, Count string
}

func heldFiles(files []kpi.Held) (list []held) {
	for _, f := range files {
		list = append(list, held{f, figure.Day(f.DataDate), figure.Count(float64(f.Rows))})
	}
	return list
}

// record is how a unit kept to its submissions and to what went back to it.
type record struct {
	Unit                            string
	Page                            bool // it has one
	Sources                         int
	Filed, Late, Missing            int    // sources in their current periods
	InTime                          number // of the periods shown that are judged, in percent
	Returned, Corrected, Rate, Open number
	Days                            number // since the oldest open row went back
	Rules                           string
	Files, OpenColumn               string // those with open rows, and the column of these
	Loaded, BackColumn              string // all its files, and the column of what went back of each
}

// openRows is the column of files that tells how many of its rows have not come back.
const openRows = "未更正（行）"

// inCalendar is a number of sources in a unit's record, leading to its calendar.
func inCalendar(r record, n int) any {
	if !r.Page {
		return n
	}
	return unitLink(r.Unit, "calendar", n)
}

// records are those of every unit that files or was sent anything back, the ones with
// most to do first as the calendar and the returns have them.
func (w *site) records() []record {
	var list []record
	at := map[string]int{}
	get := func(unit string) *record {
		i, known := at[unit]
		if !known {
			none := number{Text: figure.None}
			i = len(list)
			at[unit] = i
			list = append(list, record{Unit: unit, InTime: none, Returned: none, Corrected: none, Rate: none, Open: none, Days: none})
		}
		return &list[i]
	}
	for _, r := range kpi.ByConcern(w.d.Snapshot.Calendar) {
		get(r.Unit).files(r)
	}
	inTime := map[string][2]int{}
	for _, r := range w.d.Snapshot.Calendar {
		n := inTime[r.Unit]
		for _, c := range r.Cells {
			kept, judged := c.Kept()
			if judged {
				n[1]++
			}
			if judged && kept {
				n[0]++
			}
		}
		inTime[r.Unit] = n
	}
	for _, r := range w.detail.Returns {
		get(r.Bureau).returns(r)
	}
	pages := map[string]bool{}
	for _, u := range w.units {
		pages[u.Name] = true
	}
	for i := range list {
		r := &list[i]
		r.Page = pages[r.Unit]
		if n := inTime[r.Unit]; n[1] > 0 {
			share := 100 * float64(n[0]) / float64(n[1])
			r.InTime = numberOf(figure.Rate(share), &share)
		}
	}
	return list
}

func (r *record) files(row kpi.CalendarRow) {
	r.Sources++
	switch c := row.Current(); {
	case c.State == kpi.FiledLate:
		r.Late++
	case c.Behind():
		r.Missing++
	case c.State == kpi.Filed:
		r.Filed++
	}
}

func (r *record) returns(back kpi.Returns) {
	n := func(v float64) number { return numberOf(figure.Count(v), &v) }
	rate := back.Rate()
	r.Returned, r.Corrected, r.Open = n(float64(back.Returned)), n(float64(back.Corrected)), n(float64(back.Open))
	r.Rate = numberOf(back.RateText(), &rate)
	r.Loaded, r.BackColumn = where("runs.html", "q-batches", "报送单位", back.Bureau), fileRows[2]
	if back.Open > 0 {
		r.Days = n(float64(back.Days))
		r.Files, r.OpenColumn = where("quality.html", "q-rejects", "报送单位", back.Bureau), openRows
	}
	var rules []string
	for _, rule := range back.Rules() {
		rules = append(rules, fmt.Sprintf("%s（%s 行）", rule.Words, figure.Count(float64(rule.Rows))))
	}
	const most = 3
	if len(rules) > most {
		rules = append(rules[:most], "等")
	}
	r.Rules = strings.Join(rules, "，")
}

// openFiles lists the files with rows that have not come back, those out longest first.
func (w *site) openFiles(id string, returns []kpi.Returns) (*rows, error) {
	t := w.rows(id, asText.of("报送单位"), asWords.of("文件"), asDay.of("数据日期", "退回日期"), asNumber.of("天数", "退回（行）", openRows))
	t.Empty = "没有未更正的行"
	for _, r := range returns {
		for _, f := range r.Files {
			t.add(r.Bureau, f.File, f.DataDate, f.On, f.Days, f.Returned, f.Open)
		}
	}
	return t, t.end()
}

// openReasons lists why rows are open, the most frequent reason of each bureau first.
func (w *site) openReasons(id string, returns []kpi.Returns) (*rows, error) {
	names := w.sourceNames()
	t := w.rows(id, asText.of("报送单位"), asWords.of("数据"), asText.of("列"), asWords.of("原因"), asNumber.of("未更正（行）"))
	t.Empty = "没有未更正的行"
	for _, r := range returns {
		for _, reason := range r.Reasons {
			t.add(r.Bureau, cmp.Or(names[reason.Source], reason.Source), cmp.Or(reason.Column, "整行"), reason.Words, reason.Rows)
		}
	}
	return t, t.end()
}

func (w *site) sourceNames() map[string]string {
	names := map[string]string{}
	for _, s := range w.d.Snapshot.Submissions {
		names[s.Source] = s.Name
	}
	return names
}

// record puts on a unit's page what it filed, what of it waits and what went back.
func (w *site) record(v *unitView, all []record) (err error) {
	mine := func(r kpi.CalendarRow) bool { return r.Unit == v.Name }
	v.Calendars = calendars(filter(w.d.Snapshot.Calendar, mine), w.d.Snapshot.Release.Today)
	v.Held = heldFiles(filter(w.d.Snapshot.Held, func(h kpi.Held) bool { return h.Unit == v.Name }))
	v.Back = filter(all, func(r record) bool { return r.Unit == v.Name })
	returns := filter(w.detail.Returns, func(r kpi.Returns) bool { return r.Bureau == v.Name })
	if v.Rejects, err = w.openFiles("u-files-"+v.Name, returns); err != nil {
		return err
	}
	v.Reasons, err = w.openReasons("u-reasons-"+v.Name, returns)
	return err
}

func filter[T any](list []T, keep func(T) bool) (kept []T) {
	for _, x := range list {
		if keep(x) {
			kept = append(kept, x)
		}
	}
	return kept
}
