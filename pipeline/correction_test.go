package pipeline_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"citykpi/pipeline"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/project"
	"citykpi/pipeline/projecttest"

	"github.com/xuri/excelize/v2"
)

const deputies = "人员编号,姓名,高校,受聘企业,签约日期"

// A row says by 处理方式 what it does to an earlier one, which it names by its key, or by what a key
// column was before. What was wrong in a key counts no more, each step is evidence, and a closed
// quarter says by which of them it changed.
func TestRowsAreWithdrawnAndReplaced(t *testing.T) {
	q := kpi.Quarter{Year: 2025, N: 1}
	const id = "NJ88-020"
	p := projecttest.New(t)
	r := put(t, p, 0, map[string]string{
		"市市场监管局/企业登记_20241231.csv": registryOf("存续,2016-03-01"),
		"市科技局/技术副总_2025Q1.csv": deputies + "\n" +
			"R1,甲,南京大学,南京专精有限公司,2025-01-10\nR2,乙,南京大学,南京专精有限公司,2025-02-10\nR3,丙,东南大学,南京房租有限公司,2025-03-10\n" +
			"R5,戊,东南大学,南京房租有限公司,2024-12-10\n",
	})
	value(t, r, id, q, 3)
	if _, err := pipeline.Close(t.Context(), p, q, clock); err != nil {
		t.Fatal(err)
	}
	// a date in the key was wrong: the person counts once, in the year it says now
	r = put(t, p, 1, map[string]string{"市科技局/技术副总_更正_2025Q1.csv": deputies + ",处理方式,原签约日期\n" +
		"R1,甲,南京大学,南京专精有限公司,2024-11-10,更正,2025-01-10\nR5,戊,东南大学,南京房租有限公司,2024-12-11,更正,2024-12-10\n"})
	value(t, r, id, q, 2)
	if c := restated(t, r, q, id, "320100"); c.Cause != kpi.CorrectedData || c.Came != 0 || c.Went != 1 {
		t.Errorf("corrected: %+v", c)
	}
	// a withdrawal needs the key and nothing else
	r = put(t, p, 2, map[string]string{"市科技局/技术副总_作废_2025Q1.csv": "人员编号,受聘企业,签约日期,处理方式\n" +
		"R3,南京房租有限公司,2025-03-10,作废\nR9,南京房租有限公司,2025-03-10,撤销\n"})
	value(t, r, id, q, 1)
	if c := restated(t, r, q, id, "320116"); c.Cause != kpi.WithdrawnData || c.Came != 0 || c.Went != 1 {
		t.Errorf("withdrawn: %+v", c)
	}
	var nothing *kpi.Check
	for i, c := range r.Checks {
		if strings.Contains(c.Name, "withdrawn or replaced had been filed") {
			nothing = &r.Checks[i]
		}
	}
	if nothing == nil || nothing.Status != "warned" || nothing.Rows != 1 {
		t.Errorf("what withdraws nothing is not told: %+v", nothing)
	}
	// and what was withdrawn may be filed again, which is known last
	r = put(t, p, 3, map[string]string{"市科技局/技术副总_补报_2025Q1.csv": deputies + "\nR3,丙,东南大学,南京房租有限公司,2025-03-10\n" +
		"R2,乙,河海大学,南京专精有限公司,2025-02-10\n"})
	value(t, r, id, q, 2)

	e := explained(t, p, id)
	var steps []string
	for _, c := range e.Corrections {
		steps = append(steps, fmt.Sprint(c.Words, " ", strings.TrimPrefix(c.File, "市科技局/"), " ", c.Row, " of ",
			strings.TrimPrefix(c.OldFile, "市科技局/"), " ", c.OldRow, " ", c.Remark))
	}
	want := []string{
		"更正 技术副总_更正_2025Q1.csv 2 of 技术副总_2025Q1.csv 2 ", "更正 技术副总_更正_2025Q1.csv 3 of 技术副总_2025Q1.csv 5 ",
		"作废 技术副总_作废_2025Q1.csv 2 of 技术副总_2025Q1.csv 4 ", "作废 技术副总_作废_2025Q1.csv 3 of  0 此前未报送该行，本条未生效",
		"重报 技术副总_补报_2025Q1.csv 2 of 技术副总_2025Q1.csv 4 此前已作废，现重新报送，计入", "重报 技术副总_补报_2025Q1.csv 3 of 技术副总_2025Q1.csv 3 ",
	}
	if !slices.Equal(steps, want) {
		t.Errorf("explained by\n%s\nwant\n%s", strings.Join(steps, "\n"), strings.Join(want, "\n"))
	}
	for _, c := range e.Corrections {
		if strings.Contains(c.Key, "R1") || !strings.Contains(c.Key, " · ") {
			t.Errorf("a person stands in clear: %s", c.Key)
		}
	}
}

// checkOf is the check whose name has the words.
func checkOf(r pipeline.Result, words string) kpi.Check {
	return r.Checks[slices.IndexFunc(r.Checks, func(c kpi.Check) bool { return strings.Contains(c.Name, words) })]
}

// A row is not given a key under which another one stands: neither is lost, and everybody is told.
func TestAKeyThatIsTakenIsNotGiven(t *testing.T) {
	p := projecttest.New(t)
	r := put(t, p, 0, map[string]string{
		"市市场监管局/企业登记_20241231.csv": registryOf("存续,2016-03-01"),
		"市科技局/技术副总_2025Q1.csv": deputies + "\nR1,甲,南京大学,南京专精有限公司,2025-01-10\nR1,甲,南京大学,南京专精有限公司,2025-02-10\n" +
			"R2,乙,南京大学,南京专精有限公司,2025-02-10\n",
	})
	before := r.Snapshot.Series
	r = put(t, p, 1, map[string]string{"市科技局/技术副总_更正_2025Q1.csv": deputies + ",处理方式,原签约日期\nR1,甲,东南大学,南京专精有限公司,2025-02-10,更正,2025-01-10\n"})
	for key, line := range before {
		for on, was := range line {
			if now := r.Snapshot.Series.At(key, on); now == nil || *now != was {
				t.Errorf("%v on %s was %v", key, on, was)
			}
		}
	}
	const note = "row 2 does not count: row 3 of 市科技局/技术副总_2025Q1.csv stands under the key that it gives. " +
		"Try: withdraw that row, or give another key"
	if notes := strings.Join(r.Files[0].Notes, "\n"); !strings.Contains(notes, note) {
		t.Errorf("told at load: %q", notes)
	}
	if c := checkOf(r, "keys that are free"); c.Status != "warned" || c.Rows != 1 {
		t.Errorf("%+v", c)
	}
	e := explained(t, p, "NJ88-020")
	if len(e.Corrections) != 1 || e.Corrections[0].OldRow != 3 || e.Corrections[0].Remark != "更正后的主键已有另一行，未作更正，原行仍计入，请核对" {
		t.Errorf("explained by %+v", e.Corrections)
	}
}

// Two rows that say the same are two: instalments of one amount on one day, persons whose masked names are alike. A
// correction of the key of one that names the key of the other takes neither away, and everybody is told.
func TestOneOfTwoEqualRowsIsNotLost(t *testing.T) {
	q := kpi.Quarter{Year: 2026, N: 1}
	const payments = "兑付编号,兑付日期,政策条款,规则编号,项目编号,单位名称,统一社会信用代码,所属区,项目名称,批次,兑付金额（元）,资金层级"
	pay := func(no string) string {
		return no + ",2026-02-01,第四条,NJ88-012,X1,南京专精有限公司,91320115MA1XAMP01U,江宁区,重大专项,第一批,500000,市级"
	}
	person := func(no, name string) string {
		return no + "," + name + ",南京大学,南京专精有限公司,2026-01-11"
	}
	p := projecttest.New(t)
	r := put(t, p, 0, map[string]string{
		"市市场监管局/企业登记_20251231.csv": registryOf("存续,2016-03-01"),
		"市财政局/奖补资金兑付_2026Q1.csv":   strings.Join([]string{payments, pay("Z1"), pay("Z2"), pay("Z3")}, "\n") + "\n",
		"市科技局/技术副总聘任台账_2026Q1.csv": strings.Join([]string{deputies, person("P1", "孙一"), person("P2", "孙二"), person("P3", "孙三")},
			"\n") + "\n",
	})
	paid := func(r pipeline.Result) float64 {
		t.Helper()
		v := r.Snapshot.Series.At(kpi.Key{ID: "NJ88-012", Region: "320100"}, q.End())
		if v == nil {
			t.Fatal("NJ88-012 has no value")
		}
		return *v
	}
	value(t, r, "NJ88-020", q, 3)
	before := paid(r)
	r = put(t, p, 1, map[string]string{
		"市财政局/奖补资金兑付_更正_2026Q1.csv":   payments + ",处理方式,原兑付编号\n" + pay("Z2") + ",更正,Z1\n",
		"市科技局/技术副总聘任台账_更正_2026Q1.csv": deputies + ",处理方式,原人员编号\n" + person("P2", "孙一") + ",更正,P1\n" + person("P3", "孙二") + ",更正,P2\n",
	})
	value(t, r, "NJ88-020", q, 3)
	if got := paid(r); got != before {
		t.Errorf("%v was paid, want %v", got, before)
	}
	for _, f := range r.Files {
		if notes := strings.Join(f.Notes, "\n"); !strings.Contains(notes, "stands under the key that it gives") {
			t.Errorf("told of %s: %q", f.File, notes)
		}
	}
	if c := checkOf(r, "keys that are free"); c.Status != "warned" || c.Rows != 3 {
		t.Errorf("%+v", c)
	}
}

// A row that is filed again with another person's name says something else, although models see one masked name.
func TestAnotherNameIsAStep(t *testing.T) {
	p := projecttest.New(t)
	put(t, p, 0, map[string]string{"市科技局/技术副总_2025Q1.csv": deputies + "\nR1,孙一,南京大学,南京专精有限公司,2025-01-10\nR2,李一,南京大学,南京专精有限公司,2025-01-10\n"})
	put(t, p, 1, map[string]string{"市科技局/技术副总_2025Q2.csv": deputies + "\nR1,孙二,南京大学,南京专精有限公司,2025-01-10\nR2,李一,南京大学,南京专精有限公司,2025-01-10\n"})
	e := explained(t, p, "NJ88-020")
	if len(e.Corrections) != 1 || e.Corrections[0].Words != "重报" || e.Corrections[0].Row != 2 {
		t.Errorf("%+v", e.Corrections)
	}
	if strings.Contains(fmt.Sprintf("%+v", e), "孙二") {
		t.Error("a person stands in clear")
	}
}

// A restatement counts each contract once: one with another amount or another number has changed, and neither came nor
// went, although its old row counts no more and a new one does.
func TestARestatementCountsEachOnce(t *testing.T) {
	q := kpi.Quarter{Year: 2025, N: 1}
	const contracts = "合同登记编号,合同类别,合同签订日期,登记日期,卖方名称,卖方所属区,买方名称,合同成交总金额（元）,技术交易额（元）"
	contract := func(no string, amount int) string {
		return fmt.Sprintf("20253201000000%s,技术开发,2025-02-01,2025-02-10,南京大学,鼓楼区,南京专精有限公司,%d,%d", no, amount, amount)
	}
	p := projecttest.New(t)
	var rows []string
	for _, no := range []string{"01", "02", "03", "04", "05"} {
		rows = append(rows, contract(no, 500000))
	}
	put(t, p, 0, map[string]string{
		"市市场监管局/企业登记_20241231.csv": registryOf("存续,2016-03-01"),
		"市科技局/技术合同登记_2025Q1.csv":   contracts + "\n" + strings.Join(rows, "\n") + "\n",
	})
	if _, err := pipeline.Close(t.Context(), p, q, clock); err != nil {
		t.Fatal(err)
	}
	put(t, p, 1, map[string]string{"市科技局/技术合同登记_2025Q1_更正.csv": contracts + ",处理方式,原合同登记编号\n" +
		contract("01", 400000) + ",更正,\n" + contract("22", 300000) + ",更正,2025320100000002\n" + contract("33", 500000) +
		",更正,2025320100000003\n"})
	r := put(t, p, 2, map[string]string{"市科技局/技术合同登记_2025Q1_补报更正.csv": contracts + ",处理方式,原合同登记编号\n" +
		contract("23", 200000) + ",更正,2025320100000022\n" + contract("04", 500000) + ",作废,\n" + contract("06", 100000) + ",补报,\n"})
	c := restated(t, r, q, "NJ-TC01", "320100")
	if c.Came != 1 || c.Went != 1 || c.Changed != 2 || c.Corrected != 2 || c.Withdrawn != 1 || c.Reasons() != "更正数据 2 条、撤销数据 1 条、迟报数据 1 条" {
		t.Errorf("%+v %s", c, c.Reasons())
	}
}

// A contract counts because its buyer's deputy came from the seller: when the deputy is withdrawn or moved,
// the contract's own row stands, and the figure still says what became of the other one.
func TestWhatHangsOnAWithdrawnRowIsWithdrawn(t *testing.T) {
	q := kpi.Quarter{Year: 2025, N: 1}
	const id = "NJ88-021"
	p := projecttest.New(t)
	r := put(t, p, 0, map[string]string{
		"市市场监管局/企业登记_20241231.csv": registryOf("存续,2016-03-01"),
		"市科技局/技术副总_2025Q1.csv":     deputies + "\nR1,甲,南京大学,南京专精有限公司,2025-01-10\nR2,乙,东南大学,南京房租有限公司,2025-01-10\n",
		"市科技局/技术合同登记_2025Q1.csv": "合同登记编号,合同类别,合同签订日期,登记日期,卖方名称,卖方所属区,买方名称,合同成交总金额（元）,技术交易额（元）\n" +
			"2025320100000001,技术开发,2025-02-01,2025-02-10,南京大学,鼓楼区,南京专精有限公司,500000,500000\n" +
			"2025320100000002,技术开发,2025-02-01,2025-02-10,东南大学,玄武区,南京房租有限公司,600000,600000\n",
	})
	value(t, r, id, q, 2)
	if _, err := pipeline.Close(t.Context(), p, q, clock); err != nil {
		t.Fatal(err)
	}
	r = put(t, p, 1, map[string]string{"市科技局/技术副总_作废_2025Q1.csv": "人员编号,受聘企业,签约日期,处理方式\nR1,南京专精有限公司,2025-01-10,作废\n"})
	value(t, r, id, q, 1)
	if c := restated(t, r, q, id, "320100"); c.Cause != kpi.WithdrawnData || c.Came != 0 || c.Went != 1 {
		t.Errorf("the deputy was withdrawn: %+v", c)
	}
	r = put(t, p, 2, map[string]string{"市科技局/技术副总_更正_2025Q1.csv": deputies + ",处理方式,原签约日期\nR2,乙,东南大学,南京房租有限公司,2025-03-10,更正,2025-01-10\n"})
	value(t, r, id, q, 0)
	if c := restated(t, r, q, id, "320116"); c.Cause != kpi.CorrectedData || c.Came != 0 || c.Went != 1 {
		t.Errorf("the deputy came later than was said: %+v", c)
	}
}

// A graduate counts because the firm holds a title, a firm in its lower tier because the higher title is gone:
// when the title is withdrawn, all of it was withdrawn, and explain leads to the row.
func TestWhatHangsOnAWithdrawnTitleIsWithdrawn(t *testing.T) {
	q := kpi.Quarter{Year: 2025, N: 1}
	p := projecttest.New(t)
	r := put(t, p, 0, map[string]string{
		"市市场监管局/企业登记_20241231.csv": registryOf("存续,2016-03-01"),
		"市工信局/专精特新_2025Q1.csv": tiers + "南京专精有限公司,专精特新中小企业,2023-08-01\n南京专精有限公司,创新型中小企业,2023-07-01\n" +
			"南京房租有限公司,专精特新中小企业,2023-08-01\n南京房租有限公司,专精特新中小企业,2025-02-01\n",
		"市教育局/产业教授_2025Q1.csv": "人员编号,姓名,选聘高校,所在企业,聘任日期\nR1,甲,南京大学,南京专精有限公司,2025-01-10\nR2,乙,南京大学,南京房租有限公司,2025-01-10\n",
	})
	value(t, r, "NJ88-022", q, 2)
	if _, err := pipeline.Close(t.Context(), p, q, clock); err != nil {
		t.Fatal(err)
	}
	r = put(t, p, 1, map[string]string{"市工信局/专精特新_作废_2025Q1.csv": strings.Replace(tiers, "\n", ",处理方式\n", 1) +
		"南京专精有限公司,专精特新中小企业,2023-08-01,作废\n南京房租有限公司,专精特新中小企业,2023-08-01,作废\n"})
	value(t, r, "NJ88-022", q, 0)
	for _, s := range r.Snapshot.Restated {
		if s.Cause != kpi.WithdrawnData {
			t.Errorf("%s %s in %s: %s", s.ID, s.Measure, s.Region, s.Cause)
		}
	}
	if c := restated(t, r, q, "NJ88-022", "320100"); c.Went != 2 {
		t.Errorf("%+v", c)
	}
	if e := explained(t, p, "NJ88-022"); e.Corrected != 2 || e.Corrections[0].OldRow != 2 {
		t.Errorf("%+v", e.Corrections)
	}
}

// A title that was renewed twice is one stretch, and on each day of it one recognition holds. When the one in the middle is
// withdrawn or moved, what hung on it by a day of its own says so, and explain leads to the row.
func TestWhatHangsOnARenewalNamesItsCause(t *testing.T) {
	q := kpi.Quarter{Year: 2025, N: 1}
	const stock, professor = "NJ88-004", "NJ88-022"
	files := map[string]string{
		"市市场监管局/企业登记_20241231.csv": registryOf("存续,2016-03-01"),
		"市工信局/专精特新_2025Q1.csv":     tiers + "南京专精有限公司,专精特新中小企业,2019-06-01\n南京专精有限公司,专精特新中小企业,2022-06-01\n南京专精有限公司,专精特新中小企业,2025-03-15\n",
		"市工信局/专精特新_2025Q3.csv":     tiers + "南京房租有限公司,专精特新中小企业,2019-06-01\n南京房租有限公司,专精特新中小企业,2022-06-01\n南京房租有限公司,专精特新中小企业,2025-06-01\n",
		"市教育局/产业教授_2025Q1.csv":     "人员编号,姓名,选聘高校,所在企业,聘任日期\nR1,甲,南京大学,南京专精有限公司,2025-01-10\nR2,乙,南京大学,南京房租有限公司,2025-01-10\n",
	}
	for _, c := range []struct {
		name, rows string
		cause      kpi.Cause
	}{
		{"withdrawn", "南京专精有限公司,专精特新中小企业,2022-06-01,作废,\n南京房租有限公司,专精特新中小企业,2022-06-01,作废,\n", kpi.WithdrawnData},
		{"replaced", "南京专精有限公司,专精特新中小企业,2025-03-01,更正,2022-06-01\n南京房租有限公司,专精特新中小企业,2025-05-01,更正,2022-06-01\n", kpi.CorrectedData},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := projecttest.New(t)
			r := put(t, p, 0, files)
			value(t, r, professor, q, 2)
			value(t, r, stock, q, 2)
			if _, err := pipeline.Close(t.Context(), p, q, clock); err != nil {
				t.Fatal(err)
			}
			r = put(t, p, 1, map[string]string{"市工信局/专精特新_更正_2025Q3.csv": "企业名称,认定层级,认定日期,处理方式,原认定日期\n" + c.rows})
			value(t, r, professor, q, 0)
			value(t, r, stock, q, 1) // the third recognition of one holds on the quarter's last day
			for _, s := range r.Snapshot.Restated {
				if s.Cause != c.cause {
					t.Errorf("%s %s in %s: %s, want %s", s.ID, s.Measure, s.Region, s.Cause, c.cause)
				}
			}
			for _, id := range []string{professor, stock} {
				restated(t, r, q, id, "320100")
				if e := explained(t, p, id); e.Corrected != 2 || e.Corrections[0].OldRow != 3 || e.Corrections[1].OldRow != 3 {
					t.Errorf("%s is explained by %+v", id, e.Corrections)
				}
			}
		})
	}
}

// explained is how a commitment's figure is explained by the release that serves.
func explained(t *testing.T, p *project.Project, id string) *pipeline.Explanation {
	t.Helper()
	v, err := pipeline.OpenView(t.Context(), p, kpi.Date{})
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	e, err := v.Explain(t.Context(), id, "", 0)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// A is B now: a row that says what became of A takes the place of B, whichever file says so. What
// was withdrawn or replaced before it came, or comes again without a word, stays out, as a run
// for an earlier time does not know yet.
func TestACorrectionHoldsWhateverComesWhen(t *testing.T) {
	q := kpi.Quarter{Year: 2025, N: 1}
	const id = "NJ88-020"
	const first, second = "R1,甲,南京大学,南京专精有限公司,2025-01-10\n", "R2,乙,南京大学,南京专精有限公司,2025-02-10\n"
	p := projecttest.New(t)
	r := put(t, p, 0, map[string]string{
		"市市场监管局/企业登记_20241231.csv": registryOf("存续,2016-03-01"),
		"市科技局/技术副总_2025Q1.csv":     deputies + "\n" + first,
		"市科技局/技术副总_作废_2025Q1.csv":  "人员编号,受聘企业,签约日期,处理方式\nR2,南京专精有限公司,2025-02-10,作废\n", // its row is on the way
	})
	value(t, r, id, q, 1)
	r = put(t, p, 1, map[string]string{
		"市科技局/技术副总_更正一_2025Q1.csv": deputies + ",处理方式,原签约日期\nR1,甲,南京大学,南京专精有限公司,2025-01-11,更正,2025-01-10\n",
		"市科技局/技术副总_二_2025Q1.csv":   deputies + "\n" + second,
	})
	value(t, r, id, q, 1)
	known := clock.Add(90 * time.Minute)
	// the chain goes on by the first key, and the old lists come again
	r = put(t, p, 2, map[string]string{
		"市科技局/技术副总_更正二_2025Q1.csv": deputies + ",处理方式,原签约日期\nR1,甲,南京大学,南京专精有限公司,2025-01-12,更正,2025-01-10\n",
	})
	value(t, r, id, q, 1)
	r = put(t, p, 3, map[string]string{"市科技局/技术副总_三_2025Q2.csv": deputies + "\n" + second + first + "R3,丙,南京大学,南京专精有限公司,2025-04-10\n"})
	value(t, r, id, q, 1)
	value(t, r, id, kpi.Quarter{Year: 2025, N: 2}, 2)
	for name, rows := range map[string]int64{"rows that are withdrawn or replaced had been filed": 0,
		"rows that were withdrawn or replaced do not come again": 2} {
		if c := checkOf(r, name); c.Rows != rows {
			t.Errorf("%+v", c)
		}
	}
	r = put(t, p, 4, map[string]string{"市科技局/技术副总_四_2025Q2.csv": deputies + ",处理方式\n" + strings.Replace(second, "\n", ",补报\n", 1)})
	value(t, r, id, q, 2)
	e := explained(t, p, id)
	var steps []string
	name := strings.NewReplacer("市科技局/技术副总_", "", ".csv", "").Replace
	for _, c := range e.Corrections {
		steps = append(steps, name(fmt.Sprint(c.Words, " ", c.File, " ", c.Row, " of ", c.OldFile, " ", c.OldRow, " ", c.Remark)))
	}
	want := []string{
		"作废 作废_2025Q1 2 of 二_2025Q1 2 原行报送在后，不计入", "作废 作废_2025Q1 2 of 三_2025Q2 2 原行再次报送且未注明补报，不计入",
		"更正 更正一_2025Q1 2 of 2025Q1 2 ",
		"更正 更正二_2025Q1 2 of 更正一_2025Q1 2 所指主键此前已更正为 " + e.Corrections[2].NewKey + "，按现行行处理",
		"更正 更正二_2025Q1 2 of 三_2025Q2 3 原行再次报送且未注明补报，不计入",
		"重报 四_2025Q2 2 of 三_2025Q2 2 此前已作废，现重新报送，计入",
	}
	if !slices.Equal(steps, want) {
		t.Errorf("explained by\n%s\nwant\n%s", strings.Join(steps, "\n"), strings.Join(want, "\n"))
	}
	then, err := pipeline.Run(t.Context(), p, pipeline.Options{Now: clock.Add(5 * time.Hour), KnownAt: known})
	if err != nil {
		t.Fatal(err)
	}
	value(t, then, id, q, 1)
}

// Keys that had slipped into one another are put right by one file: each row speaks of what had
// been filed before it, not of the row above it that took the same key.
func TestKeysAreExchangedByOneFile(t *testing.T) {
	q := kpi.Quarter{Year: 2025, N: 1}
	p := projecttest.New(t)
	const contracts = "合同登记编号,合同类别,合同签订日期,认定登记日期,卖方名称,卖方所属区,买方名称,合同成交总金额（元）,技术交易额（元）"
	r := put(t, p, 0, map[string]string{
		"市市场监管局/企业登记_20241231.csv": registryOf("存续,2016-03-01"),
		"市科技局/技术副总_2025Q1.csv": deputies + "\n" +
			"R1,甲,南京大学,南京专精有限公司,2025-01-10\nR2,乙,南京大学,南京专精有限公司,2025-01-10\nR3,丙,东南大学,南京专精有限公司,2025-01-10\n",
		"市科技局/技术合同登记_2025Q1.csv": contracts + "\n" +
			"2025320100000001,技术开发,2025-01-10,2025-01-20,南京大学,鼓楼区,南京专精有限公司,1000,1000\n" +
			"2025320100000002,技术开发,2025-01-10,2025-01-20,南京大学,鼓楼区,南京专精有限公司,20000,20000\n",
	})
	value(t, r, "NJ88-020", q, 3)
	value(t, r, "NJ-TC01", q, 21000)
	// two numbers exchanged, and three that all stood one too low
	r = put(t, p, 1, map[string]string{
		"市科技局/技术副总_更正_2025Q1.csv": deputies + ",处理方式,原人员编号\n" +
			"R2,甲,南京大学,南京专精有限公司,2025-01-10,更正,R1\nR3,乙,南京大学,南京专精有限公司,2025-01-10,更正,R2\nR4,丙,东南大学,南京专精有限公司,2025-01-10,更正,R3\n",
		"市科技局/技术合同登记_更正_2025Q1.csv": contracts + ",处理方式,原合同登记编号\n" +
			"2025320100000002,技术开发,2025-01-10,2025-01-20,南京大学,鼓楼区,南京专精有限公司,1000,1000,更正,2025320100000001\n" +
			"2025320100000001,技术开发,2025-01-10,2025-01-20,南京大学,鼓楼区,南京专精有限公司,20000,20000,更正,2025320100000002\n",
	})
	value(t, r, "NJ88-020", q, 3)
	value(t, r, "NJ-TC01", q, 21000)
	v, err := pipeline.OpenView(t.Context(), p, kpi.Date{})
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	e, err := v.Explain(t.Context(), "NJ88-020", "", 0)
	if err != nil || len(e.Corrections) != 3 {
		t.Fatalf("%+v %v", e.Corrections, err)
	}
	for i, c := range e.Corrections {
		if row := int64(i) + 2; c.Row != row || c.OldRow != row || c.OldFile != "市科技局/技术副总_2025Q1.csv" {
			t.Errorf("row %d is said to replace row %d of %s", c.Row, c.OldRow, c.OldFile)
		}
	}
}

// A correction that comes with what it corrects counts behind it, whatever its file is called.
func TestACorrectionComesBehindItsOriginal(t *testing.T) {
	p := projecttest.New(t)
	r := put(t, p, 0, map[string]string{
		"市市场监管局/企业登记_20241231.csv": registryOf("存续,2016-03-01"),
		"市科技局/技术副总_2025Q1.csv":     deputies + "\nR1,甲,南京大学,南京专精有限公司,2025-01-10\nR2,乙,南京大学,南京专精有限公司,2025-02-10\n",
		"市科技局/A更正_技术副总_2025Q1.csv": deputies + ",处理方式\nR1,甲,南京大学,南京专精有限公司,2025-01-10,作废\n",
	})
	value(t, r, "NJ88-020", kpi.Quarter{Year: 2025, N: 1}, 1)
	if e := explained(t, p, "NJ88-020"); len(e.Corrections) != 1 || e.Corrections[0].Found != "row" {
		t.Errorf("the row did not come first: %+v", e.Corrections)
	}
}

// What a row had before, without a word on what the row does, would count beside what it was.
func TestAFormerKeyAsksWhatTheRowDoes(t *testing.T) {
	p := projecttest.New(t)
	projecttest.Write(t, p.Var("inbox", "市科技局/技术副总_更正_2025Q1.csv"), deputies+",原签约日期\n"+
		"R1,甲,南京大学,南京专精有限公司,2024-11-10,2025-01-10\nR2,乙,南京大学,南京专精有限公司,2025-01-11,\n")
	projecttest.Write(t, p.Var("inbox", "市科技局/技术副总_2025Q2.csv"), deputies+",原企业名称\nR3,丙,南京大学,南京专精有限公司,2025-04-12,南京旧名有限公司\n")
	r, err := pipeline.Run(t.Context(), p, pipeline.Options{Now: clock})
	if err != nil || len(r.Files) != 2 {
		t.Fatalf("%v %+v", err, r.Files)
	}
	for _, f := range r.Files {
		if want := map[bool]int64{true: 1}[strings.Contains(f.File, "更正")]; f.Loaded != 1 || f.Rejected != want {
			t.Errorf("%s: %d loaded, %d rejected", f.File, f.Loaded, f.Rejected)
		}
	}
}

func value(t *testing.T, r pipeline.Result, id string, q kpi.Quarter, want float64) {
	t.Helper()
	if got := r.Snapshot.Series.At(kpi.Key{ID: id, Region: "320100"}, q.End()); got == nil || *got != want {
		t.Errorf("%s of %s is %s, want %v", id, q, show(got), want)
	}
}

// A row that comes back corrected names the rejected row that it brings back.
func TestReturnedRowsNameWhatTheyReplace(t *testing.T) {
	p := projecttest.New(t)
	projecttest.Write(t, p.Var("inbox", "市科技局/技术副总_2025Q1.csv"), deputies+"\nR1,甲,南京大学,南京专精有限公司,2025-01-10\n"+
		"R2,乙,南京大学,南京专精有限公司,2025-13-10\n")
	r, err := pipeline.Run(t.Context(), p, pipeline.Options{Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	book := excelize.NewFile()
	defer book.Close()
	cells := map[string][][]any{
		kpi.ReturnLetter: {{kpi.ReturnNumber, r.Files[0].BatchID}},
		kpi.ReturnRows: {{"人员编号", "姓名", "高校", "受聘企业", "签约日期", kpi.ReturnSheet, kpi.ReturnRow},
			{"R2", "乙", "南京大学", "南京专精有限公司", "2025-01-10", "", 3}},
	}
	for _, sheet := range []string{kpi.ReturnLetter, kpi.ReturnRows} {
		if _, err := book.NewSheet(sheet); err != nil {
			t.Fatal(err)
		}
		for i, row := range cells[sheet] {
			if err := book.SetSheetRow(sheet, fmt.Sprint("A", i+1), &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := errors.Join(book.DeleteSheet("Sheet1"), book.SaveAs(filepath.Join(p.Var("inbox", "市科技局"), "退回_技术副总.xlsx"))); err != nil {
		t.Fatal(err)
	}
	if r, err = pipeline.Run(t.Context(), p, pipeline.Options{Now: clock.Add(time.Hour)}); err != nil || r.Files[0].Loaded != 1 {
		t.Fatalf("%v %+v", err, r.Files)
	}
	v, err := pipeline.OpenView(t.Context(), p, kpi.Date{})
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	e, err := v.Explain(t.Context(), "NJ88-020", "", 0)
	if err != nil || len(e.Corrections) != 1 {
		t.Fatalf("%+v %v", e, err)
	}
	if c := e.Corrections[0]; c.Words != "退回后补正" || c.OldFile != "市科技局/技术副总_2025Q1.csv" || c.OldRow != 3 || c.Row != 2 {
		t.Errorf("explained by %+v", c)
	}
}

// A key says its categories in the words of the contract, not in ours.
func TestAKeyIsSaidInTheWordsOfTheBureau(t *testing.T) {
	p := projecttest.New(t)
	const head = "统一社会信用代码,企业名称,认定层级,认定日期,有效期至"
	put(t, p, 0, map[string]string{
		"市市场监管局/企业登记_20241231.csv": registryOf("存续,2016-03-01"),
		"市工信局/单项冠军名单_2024Q4.csv":   head + "\n,南京专精有限公司,单项冠军,2024-11-01,2027-10-31\n",
	})
	put(t, p, 1, map[string]string{"市工信局/单项冠军名单_作废_2024Q4.csv": head + ",处理方式\n,南京专精有限公司,制造业单项冠军,2024-11-01,,作废\n"})
	e := explained(t, p, "NJ88-006")
	if len(e.Corrections) != 1 || e.Corrections[0].Key != "南京专精有限公司 · 制造业单项冠军企业 · 2024-11-01" {
		t.Errorf("corrections %+v", e.Corrections)
	}
}
