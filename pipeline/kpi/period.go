package kpi

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// Quarter is a calendar quarter, written 2026Q3.
type Quarter struct {
	Year int
	N    int // 1..4
}

var quarterPattern = regexp.MustCompile(`^([1-9]\d{3})[Qq]([1-4])$`) // no quarter before it is without a number

// ParseQuarter reads 2026Q3.
func ParseQuarter(s string) (Quarter, error) {
	m := quarterPattern.FindStringSubmatch(s)
	if m == nil {
		return Quarter{}, fmt.Errorf("quarter %q: want the form 2026Q3", s)
	}
	year, _ := strconv.Atoi(m[1])
	n, _ := strconv.Atoi(m[2])
	return Quarter{year, n}, nil
}

// QuarterOf is the quarter that holds d.
func QuarterOf(d Date) Quarter { return Quarter{d.Year, (int(d.Month) + 2) / 3} }

func (q Quarter) Start() Date { return Date{q.Year, time.Month(q.N*3 - 2), 1} }
func (q Quarter) End() Date   { return Date{q.Year, time.Month(q.N * 3), 1}.MonthEnd() }

// Add moves by n quarters.
func (q Quarter) Add(n int) Quarter {
	k := q.Year*4 + q.N - 1 + n
	return Quarter{k / 4, k%4 + 1}
}

func (q Quarter) String() string { return fmt.Sprintf("%dQ%d", q.Year, q.N) }

// MarshalText makes Quarter the string 2026Q3 in JSON and YAML.
func (q Quarter) MarshalText() ([]byte, error) { return []byte(q.String()), nil }

// UnmarshalText reads 2026Q3.
func (q *Quarter) UnmarshalText(b []byte) error {
	p, err := ParseQuarter(string(b))
	if err == nil {
		*q = p
	}
	return err
}

// Chinese is 2026年第三季度.
func (q Quarter) Chinese() string {
	return fmt.Sprintf("%d年第%s季度", q.Year, []string{"一", "二", "三", "四"}[q.N-1])
}

// LastQuarterEnd is the latest quarter end that is not after d.
func LastQuarterEnd(d Date) Date {
	if q := QuarterOf(d); q.End() == d {
		return d
	}
	return QuarterOf(d).Add(-1).End()
}

// QuarterEnds lists every quarter end from first to last, both included.
func QuarterEnds(first, last Date) []Date {
	var ends []Date
	for q := QuarterOf(first); !q.End().After(last); q = q.Add(1) {
		ends = append(ends, q.End())
	}
	return ends
}
