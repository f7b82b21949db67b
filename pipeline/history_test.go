package pipeline_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"citykpi/pipeline"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/projecttest"
)

// A release that was made on another ledger says whether that has lost lines or is another one.
func TestLedgerOfAReleaseThatIsNotThere(t *testing.T) {
	p := projecttest.New(t)
	projecttest.Write(t, p.Var("inbox", "市科技局", "技术经理人认定名单_20260930.csv"), "证书编号,人员编号,认定日期,所属区\nJ1,P1,2026-05-06,江宁区\n")
	run := func() error {
		_, err := pipeline.Run(t.Context(), p, pipeline.Options{Now: clock, Version: "test"})
		return err
	}
	if err := run(); err != nil {
		t.Fatal(err)
	}
	ledger := p.Var("lake.ledger")
	text, err := os.ReadFile(ledger)
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.SplitAfter(text, []byte("\n"))
	last := lines[len(lines)-3] // before that of the release, which nothing follows
	changed := bytes.Replace(text, last, bytes.Replace(last, []byte(`"sha256":"`), []byte(`"sha256":"0`), 1), 1)
	for want, left := range map[string][]byte{
		"1 of its lines are there: the others are lost. Try: ": lines[0],
		"follows: one of the two was changed: damaged. Try: ":  changed,
	} {
		if err := os.WriteFile(ledger, left, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := run(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v\nwant %s", err, want)
		}
	}
}

// A mark of the last check that is later than now proves nothing: what changed is found all the same.
func TestAMarkOfTomorrowProvesNothing(t *testing.T) {
	p := projecttest.New(t)
	file(t, p, "技术经理人_2025Q1.csv", "C1,J1,甲,2024-01-02,江宁区\n", 0)
	mark := p.Var("lake.checked")
	tomorrow := time.Now().Add(24 * time.Hour)
	if err := os.Chtimes(mark, tomorrow, tomorrow); err != nil {
		t.Fatal(err)
	}
	originals, err := filepath.Glob(p.Var("lake", "originals", "*", "*"))
	if err != nil || len(originals) != 1 {
		t.Fatal(originals, err)
	}
	text, err := os.ReadFile(originals[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(originals[0], bytes.Replace(text, []byte("J1"), []byte("J2"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second run finds it as well
		_, err := pipeline.Run(t.Context(), p, pipeline.Options{Now: clock.Add(time.Hour), Full: true})
		if !errors.Is(err, lake.ErrDamaged) {
			t.Errorf("%v", err)
		}
	}
}
