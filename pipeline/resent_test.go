package pipeline_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"citykpi/pipeline"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/load"
	"citykpi/pipeline/project"
	"citykpi/pipeline/projecttest"
)

// What comes again after its withdrawal: the same bytes are the same batch, in which the row stays withdrawn; so it
// does in another list that says the same of it. A row that says something else, or that it is filed anew, counts
// again. Whoever loads the file is told which of it holds, and explain has every step.
func TestWhatComesAgainAfterItsWithdrawal(t *testing.T) {
	q := kpi.Quarter{Year: 2025, N: 1}
	const id, at = "NJ88-020", "市科技局/技术副总_"
	const one, two = "R1,甲,南京大学,南京专精有限公司,2025-01-10\n", "R2,乙,南京大学,南京专精有限公司,2025-02-10\n"
	const takeBack = "人员编号,受聘企业,签约日期,处理方式\nR1,南京专精有限公司,2025-01-10,作废\n"
	p := projecttest.New(t)
	projecttest.Write(t, filepath.Join(p.Dir, project.ConfigFile), "region: \"320100\"\nsince: 2025-01-01\ndocuments: [NJ88]\n")
	p = projecttest.Open(t, p.Dir)
	hours := 0
	// loaded loads a file and tells what is said of it; where deputies are given, so many count then.
	loaded := func(name, text, status string, deputies ...float64) string {
		t.Helper()
		hours++
		o := pipeline.Options{Now: clock.Add(time.Duration(hours) * time.Hour)}
		projecttest.Write(t, p.Var("inbox", at+name+".csv"), text)
		files, err := pipeline.Load(t.Context(), p, nil, o)
		if err != nil || len(files) != 1 || files[0].Status != status {
			t.Fatalf("%v %+v", err, files)
		}
		for _, n := range deputies {
			r, err := pipeline.Run(t.Context(), p, o)
			if err != nil {
				t.Fatal(err)
			}
			value(t, r, id, q, n)
		}
		return strings.Join(files[0].Notes, "; ")
	}
	says := func(got string, want ...string) {
		t.Helper()
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("told %q, want %q", got, w)
			}
		}
	}
	projecttest.Write(t, p.Var("inbox", "市市场监管局/企业登记_20241231.csv"), registryOf("存续,2016-03-01"))
	if _, err := pipeline.Load(t.Context(), p, nil, pipeline.Options{Now: clock}); err != nil {
		t.Fatal(err)
	}
	if got := loaded("2025Q1", deputies+"\n"+one+two, load.StatusLoaded); got != "" {
		t.Errorf("told %q of a list that nothing corrects", got)
	}
	if got := loaded("作废_2025Q1", takeBack, load.StatusLoaded, 1); got != "" {
		t.Errorf("told %q of a withdrawal that found its row", got)
	}
	says(loaded("2025Q1", deputies+"\n"+one+two, load.StatusKnown),
		"nothing in it is new", "row 2 does not count: "+at+"作废_2025Q1.csv withdrew it in row 2", "补报")
	says(loaded("2025Q2", deputies+"\n"+two+"R3,丙,南京大学,南京专精有限公司,2025-04-10\n"+one, load.StatusLoaded, 1),
		"row 4 does not count: "+at+"作废_2025Q1.csv withdrew it in row 2", "comes again without a word", "补报")
	says(loaded("二_2025Q3", deputies+"\nR1,甲,河海大学,南京专精有限公司,2025-01-10\n", load.StatusLoaded, 2),
		"row 2 counts again: it had been withdrawn")
	says(loaded("2025Q1", deputies+"\n"+one+two, load.StatusKnown),
		"row 2 does not count: "+at+"作废_2025Q1.csv withdrew it in row 2; row 2 of "+at+"二_2025Q3.csv counts in its place")
	if got := loaded("作废二_2025Q3", takeBack, load.StatusLoaded); got != "" {
		t.Errorf("told %q of a second withdrawal", got)
	}
	says(loaded("二_2025Q3", deputies+"\nR1,甲,河海大学,南京专精有限公司,2025-01-10\n", load.StatusKnown),
		"row 2 does not count: "+at+"作废二_2025Q3.csv withdrew it in row 2")
	says(loaded("补报_2025Q3", deputies+",处理方式\n"+strings.Replace(one, "\n", ",补报\n", 1), load.StatusLoaded),
		"row 2 counts again: it had been withdrawn")
	says(loaded("作废三_2025Q3", strings.ReplaceAll(takeBack, "R1", "R9"), load.StatusLoaded),
		"row 2 withdraws what nobody has filed", "when it comes")
	says(loaded("三_2025Q3", deputies+"\nR9,癸,南京大学,南京专精有限公司,2025-01-10\n", load.StatusLoaded, 2),
		"row 2 does not count: "+at+"作废三_2025Q3.csv withdrew it in row 2, before it came")

	says(loaded("同一文件_2025Q3", "人员编号,姓名,高校,受聘企业,签约日期,处理方式\nR8,壬,南京大学,南京专精有限公司,2025-01-10,作废\nR8,壬,南京大学,南京专精有限公司,2025-01-10,\n",
		load.StatusLoaded, 3),
		"row 2 withdraws what nobody had filed before: row 3 of "+at+"同一文件_2025Q3.csv has that key and counts")

	var steps []string
	name := strings.NewReplacer(at, "", ".csv", "").Replace
	for _, c := range explained(t, p, id).Corrections {
		steps = append(steps, name(fmt.Sprint(c.Words, " ", c.File, " ", c.Row, " of ", c.OldFile, " ", c.OldRow, " ", c.Remark)))
	}
	want := []string{
		"作废 作废_2025Q1 2 of 2025Q1 2 ", "作废 作废_2025Q1 2 of 2025Q2 4 原行再次报送且未注明补报，不计入",
		"重报 二_2025Q3 2 of 2025Q2 4 此前已作废，现重新报送，计入",
		"作废 作废二_2025Q3 2 of 二_2025Q3 2 ",
		"重报 补报_2025Q3 2 of 二_2025Q3 2 此前已作废，现重新报送，计入",
		"作废 作废三_2025Q3 2 of 三_2025Q3 2 原行报送在后，不计入", "作废 同一文件_2025Q3 2 of  0 此前未报送该行，本条未生效",
	}
	if !slices.Equal(steps, want) {
		t.Errorf("explained by\n%s\nwant\n%s", strings.Join(steps, "\n"), strings.Join(want, "\n"))
	}
}
