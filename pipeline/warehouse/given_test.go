package warehouse

import (
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"citykpi/pipeline/duck"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/source/personal"
)

// everyGiven are inputs that leave no given table empty but that of corrections.
func everyGiven(t *testing.T) Inputs {
	t.Helper()
	given, err := LoadGiven(os.DirFS("../../sql"))
	if err != nil {
		t.Fatal(err)
	}
	day, one := kpi.Date{Year: 2025, Month: 9, Day: 30}, 1.0
	grades := []kpi.Grade{{Name: "优秀"}}
	return Inputs{
		Mask: personal.NewMasker([]byte("key")), Given: given, Region: "320100", Since: day, AsOf: day,
		Tables: []LakeTable{{Source: "award", Name: "奖补", Key: []string{"id"}, Columns: []LakeColumn{
			{Name: "id", Type: "varchar"}, {Name: "row_no", Type: "bigint"}, {Name: "batch_id", Type: "varchar"}}}},
		Batches: []lake.Batch{{Manifest: lake.Manifest{Batch: "b", Source: "award", DataDate: day}}},
		Regions: []kpi.Region{{Code: "320100", Name: "南京市", Kind: "city"},
			{Code: "320102", Name: "玄武区", Kind: "district", Parent: "320100"}},
		Schools: []School{{Code: "1"}},
		Recognition: Recognition{Rules: []RecognitionRule{{Rule: "2022", From: day}},
			Tiers: []RecognitionTier{{Tier: "innovative", Years: 3}}},
		Models: Models{{Name: "kpi.m", SQL: "select 1 as n", Spec: Spec{Terms: []Term{{Name: "amount", Number: true}}}}},
		Spare:  []kpi.Document{{ID: "SPARE"}},
		Documents: []kpi.Document{{ID: "D", Region: "320100", Scorecard: &kpi.Scorecard{Grades: grades}, Commitments: []kpi.Commitment{
			{ID: "D-1", Kind: kpi.AwardRule, Award: &kpi.Award{Clauses: []string{"甲"}, Grades: []string{"优秀"}}},
			{ID: "D-2", Kind: kpi.ScorecardItem, Conditions: []kpi.Condition{{Name: "合同额", Evidence: []string{"contract"}, AtLeast: &one}}},
			{ID: "D-3", Kind: kpi.Ratio, Of: &kpi.Part{}, To: &kpi.Part{}},
			{ID: "D-4", Kind: kpi.Stock, Model: "m", Terms: map[string][]string{"amount": {"3"}}},
		}}},
	}
}

func build(t *testing.T, in Inputs) (*DB, error) {
	t.Helper()
	db, err := Open(t.Context(), "", duck.Limits{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db, db.Build(t.Context(), in, nil)
}

// Each table that stands in core before any model ran has its file there, which says its columns and their types.
func TestGivenTablesAreWhatTheirFilesSay(t *testing.T) {
	in := everyGiven(t)
	db, err := build(t, in)
	if err != nil {
		t.Fatal(err)
	}
	const columns = "select column_name, data_type from information_schema.columns where table_schema = 'core' and table_name = "
	_, made, err := texts(t.Context(), db.SQL(), "select table_name from information_schema.tables where table_schema = 'core'")
	if err != nil {
		t.Fatal(err)
	}
	if len(made) != len(in.Given) {
		t.Errorf("%d tables are made, and %d described in sql/given", len(made), len(in.Given))
	}
	for _, g := range in.Given {
		name := strings.TrimPrefix(g.Table, "core.")
		_, is, err := texts(t.Context(), db.SQL(), columns+duck.Literal(name)+" order by ordinal_position")
		if err != nil {
			t.Fatal(err)
		}
		if err := exec(t, db, "create table core.described ("+g.ddl()+")"); err != nil {
			t.Fatal(err)
		}
		_, said, err := texts(t.Context(), db.SQL(), columns+"'described' order by ordinal_position")
		if err != nil {
			t.Fatal(err)
		}
		if err := exec(t, db, "drop table core.described"); err != nil {
			t.Fatal(err)
		}
		if !slices.EqualFunc(is, said, slices.Equal) {
			t.Errorf("%s is %v, its file says %v", g.Table, is, said)
		}
		_, filled, err := texts(t.Context(), db.SQL(), "select 1 from "+g.Table+" limit 1")
		if err != nil {
			t.Fatal(err)
		}
		if filled == nil && name != "correction" {
			t.Errorf("%s is empty, which tries nothing", g.Table)
		}
		for _, c := range g.Columns {
			if c.CN == "" {
				t.Errorf("%s: column %s has no name for readers", g.file(), c.Name)
			}
		}
	}
}

func exec(t *testing.T, db *DB, q string) error {
	t.Helper()
	_, err := db.SQL().ExecContext(t.Context(), q)
	return err
}

// What is filled with other columns than its file says fills nothing, and the file is named.
func TestFillingOtherColumnsIsAnError(t *testing.T) {
	in := everyGiven(t)
	for i, g := range in.Given {
		if g.Table == "core.correction" { // nothing is corrected here; whatever is comes in these columns
			var names []string
			for _, c := range g.Columns {
				names = append(names, c.Name)
			}
			if columns := strings.Join(names, ", "); columns != correctionColumns {
				t.Errorf("%s has the columns %s, want %s", g.file(), columns, correctionColumns)
			}
			continue
		}
		for what, with := range map[string][]GivenColumn{
			"one less": g.Columns[1:],
			"one more": append(slices.Clone(g.Columns), GivenColumn{Name: "more", Type: "varchar"}),
			"another":  append([]GivenColumn{{Name: "other", Type: g.Columns[0].Type}}, g.Columns[1:]...),
		} {
			changed := everyGiven(t)
			changed.Given[i].Columns = with
			if _, err := build(t, changed); err == nil || !strings.Contains(err.Error(), g.file()) {
				t.Errorf("%s with %s: %v", g.Table, what, err)
			}
		}
		changed := everyGiven(t)
		changed.Given = slices.Delete(changed.Given, i, i+1)
		if _, err := build(t, changed); err == nil || !strings.Contains(err.Error(), g.file()) {
			t.Errorf("without %s: %v", g.file(), err)
		}
	}
	swapped := everyGiven(t)
	at := slices.IndexFunc(swapped.Given, func(g Given) bool { return g.Table == "core.region_path" })
	slices.Reverse(swapped.Given[at].Columns)
	db, err := build(t, swapped)
	if err != nil {
		t.Fatal(err)
	}
	_, rows, err := texts(t.Context(), db.SQL(), "select region_code, ancestor_code from core.region_path order by all")
	if err != nil || len(rows) != 3 || rows[1][0] != "320102" || rows[1][1] != "320100" {
		t.Errorf("columns in another order: %v, %v", rows, err)
	}
}

func TestGivenErrorsNameTheFile(t *testing.T) {
	const columns = "columns: [{name: a, type: date}"
	for text, want := range map[string]string{
		"table: core.b\ngrain: x\n" + columns + "]":                        `table is "core.b", want "core.a"`,
		"table: core.a\n" + columns + "]":                                  "grain and columns are both needed",
		"table: core.a\ngrain: x\nkey: [b]\n" + columns + "]":              `key "b" is not among the columns`,
		"table: core.a\ngrain: x\n" + columns + ", {name: a, type: text}]": `column "a" has no name, no type or stands there twice`,
		"table: core.a\ngrain: x\n" + columns + ",\n {name: b, kind: x}]":  `unknown field "kind"`,
	} {
		_, err := LoadGiven(fstest.MapFS{"given/a.yml": {Data: []byte(text)}})
		if err == nil || !strings.HasPrefix(err.Error(), "sql/given/a.yml") || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}
