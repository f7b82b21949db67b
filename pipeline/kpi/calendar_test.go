package kpi

import (
	"slices"
	"strings"
	"testing"
)

// TestCalendarOf reads a row of the calendar as people do: state, length, notes.
func TestCalendarOf(t *testing.T) {
	filed := func(data, on, same string) BatchLine {
		return BatchLine{Batch: "b-" + data, DataDate: day(t, data), LoadedOn: day(t, on), SameAs: same}
	}
	asked := func(on, batch string) BatchLine {
		return BatchLine{Batch: batch, DataDate: day(t, on), LoadedOn: day(t, on), SameAs: batch, Asked: true}
	}
	for _, c := range []struct {
		name, every string
		within      int
		batches     []BatchLine
		today       string
		want        string // the five periods, the oldest first
	}{
		{"in time, on the day, late", "quarter", 15, []BatchLine{
			filed("2025-09-30", "2025-10-01", ""), filed("2025-12-31", "2026-01-15", ""), filed("2026-03-31", "2026-04-16", ""),
			filed("2026-06-30", "2026-07-10", ""), filed("2026-09-30", "2026-10-14", "")}, "2026-10-20",
			"● 已报 2025-10-01 | ● 已报 2026-01-15 | ▲ 迟报 1 天 2026-04-16 | ● 已报 2026-07-10 | ● 已报 2026-10-14"},
		{"a day after the period's end covers it, the first file counts", "quarter", 15, []BatchLine{
			filed("2026-07-03", "2026-07-10", ""), filed("2026-10-05", "2026-10-12", ""),
			filed("2026-09-30", "2026-10-30", "")}, "2026-11-01",
			"· 无 | · 无 | · 无 | ● 已报 2026-07-10 | ● 已报 2026-10-12"},
		{"unchanged, and late besides", "quarter", 15, []BatchLine{
			filed("2026-03-31", "2026-04-01", ""), filed("2026-06-30", "2026-07-20", "b-1"),
			filed("2026-09-30", "2026-10-01", "b-2")}, "2026-11-01",
			"· 无 | · 无 | ● 已报 2026-04-01 | ▲ 迟报 5 天 2026-07-20 与上期相同 | ＝ 与上期相同 2026-10-01"},
		{"one of several files of a period that is new makes it new", "quarter", 15, []BatchLine{
			filed("2026-06-30", "2026-07-01", ""), filed("2026-09-30", "2026-10-01", "b-2"),
			filed("2026-09-30", "2026-10-01", "")}, "2026-11-01",
			"· 无 | · 无 | · 无 | ● 已报 2026-07-01 | ● 已报 2026-10-01"},
		{"missing since, and a gap that was passed", "quarter", 15, []BatchLine{
			filed("2025-12-31", "2026-01-10", ""), filed("2026-06-30", "2026-07-10", "")}, "2026-11-22",
			"· 无 | ● 已报 2026-01-10 | □ 未报 其后已报 | ● 已报 2026-07-10 | ■ 未报 38 天 沿用 2026-06-30"},
		{"not due yet", "quarter", 15, []BatchLine{filed("2026-06-30", "2026-07-10", "")}, "2026-10-15",
			"· 无 | · 无 | · 无 | ● 已报 2026-07-10 | ○ 待报 2026-10-15 前 沿用 2026-06-30"},
		{"a file within the period does not cover it", "quarter", 15, []BatchLine{
			filed("2026-06-30", "2026-07-10", ""), filed("2026-08-20", "2026-09-02", "")}, "2026-10-25",
			"· 无 | · 无 | · 无 | ● 已报 2026-07-10 | ◣ 过期 10 天 沿用 2026-08-20"},
		{"a database that had nothing new filed, in time and late", "quarter", 15, []BatchLine{
			filed("2026-03-31", "2026-04-10", ""), asked("2026-07-01", "b-2026-03-31"), asked("2026-10-20", "b-2026-03-31")}, "2026-10-25",
			"· 无 | · 无 | ● 已报 2026-04-10 | ＝ 与上期相同 2026-07-01 数据库无新增 | ▲ 迟报 5 天 2026-10-20 与上期相同 数据库无新增"},
		{"it had nothing new first, and something later", "quarter", 15, []BatchLine{
			filed("2026-06-30", "2026-07-10", ""), asked("2026-10-05", "b-2026-06-30"), filed("2026-10-12", "2026-10-12", "")},
			"2026-10-25",
			"· 无 | · 无 | · 无 | ● 已报 2026-07-10 | ● 已报 2026-10-05"},
		{"never filed", "quarter", 15, nil, "2026-10-25",
			"■ 未报 375 天 | ■ 未报 283 天 | ■ 未报 193 天 | ■ 未报 102 天 | ■ 未报 10 天"},
		{"years", "year", 30, []BatchLine{filed("2024-12-31", "2025-07-02", ""), filed("2025-12-31", "2026-02-09", "")}, "2026-11-22",
			"· 无 | · 无 | · 无 | ● 已报 补录 2025-07-02 | ▲ 迟报 10 天 2026-02-09"},
		{"months", "month", 10, []BatchLine{filed("2026-08-31", "2026-09-11", "")}, "2026-10-11",
			"· 无 | · 无 | · 无 | ▲ 迟报 1 天 2026-09-11 | ■ 未报 1 天 沿用 2026-08-31"},
	} {
		var got []string
		cells := CalendarOf(c.every, c.within, c.batches, day(t, "2026-09-30"), day(t, c.today), day(t, "2025-07-01"))
		for _, cell := range cells {
			words := append([]string{cell.Symbol(), cell.Word(), cell.Length()}, cell.Notes()...)
			got = append(got, strings.Join(strings.Fields(strings.Join(words, " ")), " "))
		}
		if text := strings.Join(got, " | "); text != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, text, c.want)
		}
	}
}

// TestNothingIsJudgedFromBeforeTheFirstLoad: what was due earlier came from somewhere
// else, if it came; but what is missing now is missing.
func TestNothingIsJudgedFromBeforeTheFirstLoad(t *testing.T) {
	first := day(t, "2026-11-22")
	cells := CalendarOf("quarter", 15, []BatchLine{{Batch: "b-1", DataDate: day(t, "2026-03-31"), LoadedOn: first}},
		day(t, "2026-09-30"), first, first)
	states := make([]FilingState, len(cells))
	for i, c := range cells {
		states[i] = c.State
		if _, judged := c.Kept(); judged != (i == 4) {
			t.Errorf("%s: judged is %v", c.End, judged)
		}
	}
	if want := []FilingState{Unjudged, Unjudged, Filed, Unjudged, NotFiled}; !slices.Equal(states, want) {
		t.Errorf("%v, want %v", states, want)
	}
}

func TestByConcernPutsTheLateFirst(t *testing.T) {
	row := func(unit string, state FilingState, days int, same bool) CalendarRow {
		return CalendarRow{Unit: unit, Cells: []CalendarCell{{State: state, Days: days, Same: same}}}
	}
	var got []string
	for _, r := range ByConcern([]CalendarRow{row("filed", Filed, 0, false), row("late", FiledLate, 9, false), row("same", Filed, 0, true),
		row("missing 3", NotFiled, 3, false), row("pending", NotYetDue, 0, false), row("short", FiledShort, 40, false),
		row("missing 30", NotFiled, 30, false)}) {
		got = append(got, r.Unit)
	}
	if text := strings.Join(got, ", "); text != "missing 30, missing 3, short, late, pending, same, filed" {
		t.Error(text)
	}
}

func TestFilingUnit(t *testing.T) {
	bureaus := map[string]bool{"市科技局": true, "省教育厅": true}
	for file, want := range map[string]string{"省教育厅/台账.csv": "省教育厅", "台账.csv": "市科技局", "临时/台账.csv": "市科技局", "省教育厅/a.zip/台账.csv": "省教育厅"} {
		if got := FilingUnit(file, "市科技局", bureaus); got != want {
			t.Errorf("%s was filed by %s, want %s", file, got, want)
		}
	}
}
