//go:build duckdb_arrow

package models

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"citykpi/pipeline/duck"
)

// registered is what one export of a register says of an enterprise.
type registered struct {
	export                     int // its place among the exports
	batch, row                 int
	name, region, status       string
	established, statusOn, day string // days; statusOn may be ""
}

// Whatever enterprises do from export to export (move, go, come back, change their name and change it back), the
// stretches of staging.enterprise_stretch give what a walk through their rows gives.
func TestStretchesAreWhatAWalkFinds(t *testing.T) {
	for seed := range uint64(20) {
		days, register := randomRegister(rand.New(rand.NewPCG(seed, 1)))
		db, err := duck.Open(context.Background(), "", duck.Limits{Threads: 2})
		if err != nil {
			t.Fatal(err)
		}
		fileRegister(t, db.SQL(), days, register)
		for _, model := range []string{"staging/enterprise_stretch", "core/enterprise", "core/enterprise_in_city"} {
			text, err := FS.ReadFile(model + ".sql")
			if err != nil {
				t.Fatal(err)
			}
			execute(t, db.SQL(), "create table "+strings.Replace(model, "/", ".", 1)+" as\n"+string(text))
		}
		var stands, inCity []string
		for code, rows := range register {
			stands, inCity = append(stands, newest(code, rows)), append(inCity, walk(code, days, rows)...)
		}
		for query, want := range map[string][]string{
			`select concat_ws(' ', enterprise_id, enterprise_name, region_code, status, established_on,
				coalesce(ended_on::varchar, '-'), data_date, batch_id, row_no) from core.enterprise`: stands,
			`select concat_ws(' ', enterprise_id, region_code, valid_from, valid_to, batch_id, row_no)
				from core.enterprise_in_city`: inCity,
		} {
			slices.Sort(want)
			if got := lines(t, db.SQL(), query); !slices.Equal(got, want) {
				t.Fatalf("seed %d: got\n%s\nwant\n%s", seed, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		}
		db.Close()
	}
}

func randomRegister(r *rand.Rand) (days []string, register map[string][]registered) {
	for i := range 2 + r.IntN(6) {
		days = append(days, time.Date(2023, time.Month(4+3*i), 0, 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
	}
	day := func() string { return time.Date(2022, 6, 1+r.IntN(1100), 0, 0, 0, 0, time.UTC).Format(time.DateOnly) }
	register = map[string][]registered{}
	for i := range 25 {
		code, established := fmt.Sprint("E", i), day()
		is := registered{name: "a", region: "x", status: "active"}
		for at := range days {
			if r.IntN(4) == 0 {
				continue // not in this export
			}
			switch r.IntN(6) {
			case 0:
				is.name = string("ab"[r.IntN(2)])
			case 1:
				is.region = string("xy"[r.IntN(2)])
			case 2:
				is.status, is.statusOn = "cancelled", day()
			case 3:
				is.status, is.statusOn = "active", ""
			}
			is.export, is.day, is.established = at, days[at], established
			is.batch, is.row = 2*at+r.IntN(2), 2+i // an export may come in two files
			register[code] = append(register[code], is)
		}
	}
	return days, register
}

func fileRegister(t *testing.T, db *sql.DB, days []string, register map[string][]registered) {
	for _, q := range []string{
		"create schema core", "create schema lake", "create schema staging",
		"create table core.batch (batch_id varchar, seq integer, source varchar, data_date date)",
		`create table lake.enterprise_registry (enterprise_code varchar, enterprise_name varchar, registration_no varchar,
			region_code varchar, status varchar, established_on date, status_on date, industry varchar,
			data_date date, batch_id varchar, row_no bigint)`,
	} {
		execute(t, db, q)
	}
	for i := range 2 * len(days) { // what came later may be of an earlier day
		execute(t, db, "insert into core.batch values ($1, $2, 'enterprise_registry', $3)", fmt.Sprint("b", i), 1000-i, days[i/2])
		execute(t, db, "insert into core.batch values ($1, $2, 'another', $3)", fmt.Sprint("o", i), 1000-i, days[i/2])
	}
	for code, rows := range register {
		for _, r := range rows {
			execute(t, db, "insert into lake.enterprise_registry values ($1, $2, null, $3, $4, $5, nullif($6, '')::date, null, $7, $8, $9)",
				code, r.name, r.region, r.status, r.established, r.statusOn, r.day, fmt.Sprint("b", r.batch), r.row)
		}
	}
}

// newest is the row of core.enterprise.
func newest(code string, rows []registered) string {
	last := rows[len(rows)-1]
	ended := "-"
	if last.status == "cancelled" {
		ended = cmp.Or(last.statusOn, last.day)
	}
	return fmt.Sprint(code, " ", last.name, " ", last.region, " ", last.status, " ", last.established, " ", ended, " ",
		last.day, " b", last.batch, " ", last.row)
}

// walk are the rows of core.enterprise_in_city, as the words above that model say.
func walk(code string, days []string, rows []registered) (found []string) {
	var from, to []string
	var opened []registered
	for i, r := range rows {
		if r.status != "active" {
			continue
		}
		goesOn := func(other int, export int) bool { // the neighbouring export shows it here as well
			return other >= 0 && other < len(rows) && rows[other].export == export && rows[other].status == "active" &&
				rows[other].region == r.region
		}
		if !goesOn(i-1, r.export-1) {
			begins := r.day
			if r.export == 0 || i == 0 && r.established > days[r.export-1] {
				begins = r.established
			}
			from, opened = append(from, begins), append(opened, r)
		}
		if !goesOn(i+1, r.export+1) {
			ends := "9999-12-31"
			if r.export+1 < len(days) {
				ends = days[r.export+1]
				if i+1 < len(rows) && rows[i+1].export == r.export+1 && rows[i+1].status != "active" &&
					rows[i+1].statusOn > r.day && rows[i+1].statusOn <= ends {
					ends = rows[i+1].statusOn
				}
			}
			to = append(to, ends)
		}
	}
	for i, r := range opened {
		if from[i] < to[i] {
			found = append(found, fmt.Sprint(code, " ", r.region, " ", from[i], " ", to[i], " b", r.batch, " ", r.row))
		}
	}
	return found
}

func execute(t *testing.T, db *sql.DB, query string, args ...any) {
	t.Helper()
	if _, err := db.Exec(query, args...); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

// lines are the rows of a query of one text, in order.
func lines(t *testing.T, db *sql.DB, query string) (all []string) {
	rows, err := db.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		all = append(all, line)
	}
	slices.Sort(all)
	return all
}
