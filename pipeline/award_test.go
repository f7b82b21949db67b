package pipeline_test

import (
	"slices"
	"strings"
	"testing"

	"citykpi/pipeline"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/projecttest"
)

// Payments and evidence of one situation, amounts in 万元, and what the audit must say.
// Payments: 支付凭证号,兑付日期,政策条款,规则编号,项目编号,项目名称,单位名称,奖补金额,资金层级[,批次].
// Evidence: 依据编号,规则编号,项目编号,单位名称,年度,发生日期,起始日,基数金额,基数数量 and, where it is one, 评价结果.
var awardCases = []struct {
	name            string
	payments, basis string
	want            []string
}{
	{name: "the clause alone names the rule, and instalments within the cap are fine",
		payments: "A1,2024-01-10,第15条,,X1,高价值专利培育,南京专精有限公司,60,市级\nA2,2024-03-10,第15条,,X1,高价值专利培育,南京专精有限公司,40,区级"},
	{name: "beyond the cap by the last instalment",
		payments: "B1,2024-01-10,,NJ88-035,X2,,南京专精有限公司,60,市级\nB2,2024-03-10,,NJ88-035,X2,,南京专精有限公司,60,区级\n" +
			"B3,2024-04-10,,NJ88-035,X2,,南京专精有限公司,5,区级",
		want: []string{"B2 NJ88-035 over_cap 200000.00", "B3 NJ88-035 over_cap 50000.00"}},
	{name: "a cap per year starts anew in January",
		payments: "C1,2024-12-10,,NJ88-019,X3,,南京专精有限公司,500,市级\nC2,2025-01-10,,NJ88-019,X3,,南京专精有限公司,500,市级",
		basis:    "K17,NJ88-019,X3,南京专精有限公司,2024,2024-12-01,,0,,优秀\nK18,NJ88-019,X3,南京专精有限公司,2025,2025-01-10,,0,,良好"},
	{name: "a share of the base, and more than it; beyond the cap only the cap is named",
		payments: "D1,2024-05-10,,NJ88-013,X4,,南京专精有限公司,150,市级\nD2,2024-06-10,,NJ88-013,X4,,南京专精有限公司,1,市级\n" +
			"D3,2024-06-10,,NJ88-013,X5,,南京专精有限公司,1200,市级",
		basis: "K1,NJ88-013,X4,南京专精有限公司,2024,2024-05-01,,1000,\nK2,NJ88-013,X5,南京专精有限公司,2024,2024-05-01,,9000,",
		want: []string{"D2 NJ88-013 more_than_once 10000.00", "D2 NJ88-013 over_entitlement 10000.00",
			"D3 NJ88-013 over_cap 2000000.00"}},
	{name: "a rate without evidence, and evidence that comes after the payment",
		payments: "E1,2024-05-10,,NJ88-017,X6,,南京专精有限公司,10,市级\nE2,2024-05-10,,NJ88-017,X7,,南京专精有限公司,10,市级",
		basis:    "K3,NJ88-017,X7,南京专精有限公司,2024,2024-05-11,,10,",
		want:     []string{"E1 NJ88-017 no_basis 100000.00", "E2 NJ88-017 no_basis 100000.00"}},
	{name: "three years of rent end 36 calendar months after the first payment",
		payments: "F1,2022-12-31,,NJ88-009,,,南京房租有限公司,1,区级\nF2,2025-11-30,,NJ88-009,,,南京房租有限公司,1,区级\n" +
			"F3,2025-12-01,,NJ88-009,,,南京房租有限公司,1,区级",
		basis: "K4,NJ88-009,,南京房租有限公司,2022,2022-10-01,,50,",
		want:  []string{"F3 NJ88-009 past_window 10000.00"}},
	{name: "investments count for two years from the prize on",
		payments: "G1,2025-06-10,,NJGT-029,X8,,南京专精有限公司,11,市级",
		basis:    "K5,NJGT-029,X8,南京专精有限公司,2025,2025-01-14,2023-01-15,100,\nK6,NJGT-029,X8,南京专精有限公司,2025,2025-01-15,2023-01-15,100,",
		want:     []string{"G1 NJGT-029 over_entitlement 10000.00"}},
	{name: "an amount for each of a number, once per year",
		payments: "H1,2024-06-10,,NJGT-059,,,南京专精有限公司,11,市级",
		basis:    "K7,NJGT-059,,南京专精有限公司,2024,2024-06-01,,0,2",
		want:     []string{"H1 NJGT-059 over_entitlement 10000.00"}},
	{name: "the same project under both documents: the later payment is one too many",
		payments: "I1,2024-10-10,,NJ88-012,X9,,南京专精有限公司,100,市级\nI2,2024-11-10,,NJGT-027,X9,,南京专精有限公司,100,市级",
		want:     []string{"I2 NJGT-027 paid_by_twin 1000000.00"}},
	{name: "the same payment twice; the shares of city and district are not",
		payments: "J1,2024-10-10,,NJ88-035,X10,,南京专精有限公司,20,市级\nJ2,2024-10-10,,NJ88-035,X10,,南京专精有限公司,20,区级\n" +
			"J3,2024-10-10,,NJ88-035,X10,,南京专精有限公司,20,区级",
		want: []string{"J3 NJ88-035 paid_again 200000.00"}},
	{name: "a payee nobody knows, a university, and a person",
		payments: "L1,2025-10-10,,NJGT-013,,,南京查无有限公司,20,市级\nL2,2025-10-10,,NJGT-005,,,南京大学,20,市级\nL3,2025-10-10,,NJGT-065,,,张三,1,市级",
		want:     []string{"L1 NJGT-013 payee_unknown 200000.00"}},
	{name: "a payee that is gone on the day of payment, and the day before",
		payments: "M1,2024-05-19,,NJ88-019,X11,,南京吊销有限公司,20,市级\nM2,2024-05-20,,NJ88-019,X11,,南京吊销有限公司,20,市级",
		basis:    "K10,NJ88-019,X11,南京吊销有限公司,2024,2024-05-01,,0,,优良",
		want:     []string{"M2 NJ88-019 paid_again 200000.00", "M2 NJ88-019 payee_inactive 200000.00"}},
	{name: "the evaluation of a year is filed in the next January and money follows: the latest of two years counts, once it is filed",
		payments: "81,2025-02-10,,NJ88-016,X81,,南京专精有限公司,10,市级\n82,2025-01-04,,NJ88-016,X82,,南京专精有限公司,10,市级\n" +
			"83,2025-02-10,,NJ88-016,X83,,南京专精有限公司,10,市级\n" +
			"84,2025-12-30,,NJ88-016,X84,,南京专精有限公司,10,市级\n85,2026-02-10,,NJ88-016,X81,,南京专精有限公司,10,市级",
		basis: "K81,NJ88-016,X81,南京专精有限公司,2024,2025-01-05,,0,,优秀\nK82,NJ88-016,X82,南京专精有限公司,2024,2025-01-05,,0,,优秀\n" +
			"K83,NJ88-016,X83,南京专精有限公司,2023,2024-01-05,,0,,优秀\n" +
			"K84,NJ88-016,X84,南京专精有限公司,2024,2025-01-05,,0,,优秀\nK85,NJ88-016,X84,南京专精有限公司,2025,2025-12-20,,0,,合格",
		want: []string{"82 NJ88-016 no_grade 100000.00", "83 NJ88-016 no_grade 100000.00", "84 NJ88-016 no_grade 100000.00",
			"85 NJ88-016 no_grade 100000.00"}},
	{name: "an evaluation that is missing, too late, of an earlier year or not good enough",
		payments: "W1,2024-05-10,,NJ88-016,X14,,南京专精有限公司,10,市级\nW2,2024-05-10,,NJ88-016,X15,,南京专精有限公司,10,市级,2024年第2批\n" +
			"W3,2026-05-10,,NJ88-016,X15,,南京专精有限公司,10,市级\n" +
			"W4,2024-05-10,,NJ88-016,X16,,南京专精有限公司,10,市级\nW5,2024-05-12,,NJ88-016,X15,,南京专精有限公司,12,市级,2024年第2批",
		basis: "K11,NJ88-016,X15,南京专精有限公司,2024,2024-05-11,,0,,优秀\nK12,NJ88-016,X16,南京专精有限公司,2024,2024-05-01,,0,,合格",
		want: []string{"W1 NJ88-016 no_grade 100000.00", "W2 NJ88-016 no_grade 100000.00", "W3 NJ88-016 no_grade 100000.00",
			"W4 NJ88-016 no_grade 100000.00"}},
	{name: "a title that has lapsed on the day of payment",
		payments: "N1,2026-07-31,,NJ88-029,X12,,南京专精有限公司,20,市级\nN2,2026-08-01,,NJ88-029,X12,,南京专精有限公司,20,市级",
		want:     []string{"N2 NJ88-029 ineligible 200000.00", "N2 NJ88-029 paid_again 200000.00"}},
	{name: "without a project number what a payee had in a round is one award, and the number is missing",
		payments: "P1,2024-10-10,,NJ88-035,,,南京专精有限公司,60,市级,2024年第4批\nP2,2024-10-20,,NJ88-035,,,南京专精有限公司,60,区级,2024年第4批\n" +
			"P3,2025-01-10,,NJ88-035,,,南京专精有限公司,60,市级,2025年第1批",
		want: []string{"P1 NJ88-035 no_project 600000.00", "P2 NJ88-035 no_project 600000.00",
			"P2 NJ88-035 over_cap 200000.00", "P3 NJ88-035 no_project 600000.00"}},
	{name: "without a project number the same amount for a project of the same name within 30 days",
		payments: "1A,2026-03-10,,NJ88-035,,甲项目,南京专精有限公司,20,市级,2026年第1批\n1B,2026-03-17,,NJ88-035,,甲项目,南京专精有限公司,20,市级,2026年第1批\n" +
			"1C,2026-03-18,,NJ88-035,,乙项目,南京专精有限公司,20,市级,2026年第1批\n1D,2026-04-17,,NJ88-035,,甲项目,南京专精有限公司,20,市级,2026年第1批",
		want: []string{"1A NJ88-035 no_project 200000.00", "1B NJ88-035 no_project 200000.00", "1B NJ88-035 paid_again 200000.00",
			"1C NJ88-035 no_project 200000.00", "1D NJ88-035 no_project 200000.00"}},
	{name: "without a project's number and name the same amount in one round within 30 days, and in another",
		payments: "2A,2026-05-10,,NJ88-035,,,南京专精有限公司,30,市级,2026年第2批\n2B,2026-05-15,,NJ88-035,,,南京专精有限公司,30,市级,2026年第2批\n" +
			"2C,2026-05-15,,NJ88-035,,,南京专精有限公司,30,市级,2026年第3批",
		want: []string{"2A NJ88-035 no_project 300000.00", "2B NJ88-035 no_project 300000.00",
			"2B NJ88-035 paid_again 300000.00", "2C NJ88-035 no_project 300000.00"}},
	{name: "without a project number nobody can look its grade up",
		payments: "X1,2024-07-10,,NJ88-016,,,南京房租有限公司,33,市级", want: []string{"X1 NJ88-016 no_round 330000.00"}},
	{name: "without a number and a round what a payee had under a rule is one award, until half a year has passed in another year",
		payments: "Z1,2024-10-11,,NJ88-035,,,南京专精有限公司,61,市级\nZ2,2024-10-21,,NJ88-035,,,南京专精有限公司,59,区级\n" +
			"Z3,2025-03-01,,NJ88-035,,,南京房租有限公司,60,市级\nZ4,2025-06-30,,NJ88-035,,,南京专精有限公司,60,市级",
		want: []string{"Z1 NJ88-035 no_round 610000.00", "Z2 NJ88-035 no_round 590000.00", "Z2 NJ88-035 over_cap 200000.00",
			"Z3 NJ88-035 no_round 600000.00", "Z3 NJ88-035 untitled_lead 600000.00", "Z4 NJ88-035 no_round 600000.00"}},
	{name: "once a year, in one round from city and district, and once more",
		payments: "Q1,2024-03-10,,NJ88-016,X20,,南京专精有限公司,100,市级,2024年第1批\nQ2,2024-03-30,,NJ88-016,X20,,南京专精有限公司,50,区级,2024年第1批\n" +
			"Q3,2024-09-10,,NJ88-016,X20,,南京专精有限公司,90,市级,2024年第3批\nQ4,2025-03-10,,NJ88-016,X20,,南京专精有限公司,90,市级,2025年第1批",
		basis: "K13,NJ88-016,X20,南京专精有限公司,2024,2024-03-01,,0,,优秀\nK14,NJ88-016,X20,南京专精有限公司,2025,2025-03-01,,0,,优秀",
		want:  []string{"Q3 NJ88-016 twice_a_year 900000.00"}},
	{name: "once only",
		payments: "R1,2024-03-10,,NJ88-048,X21,,南京专精有限公司,40,市级,2024年第1批\nR2,2025-03-10,,NJ88-048,X21,,南京专精有限公司,30,市级,2025年第1批",
		want:     []string{"R2 NJ88-048 more_than_once 300000.00"}},
	{name: "the same amount for the same project within 30 days, under whichever rule",
		payments: "S1,2024-10-01,,NJ88-012,X22,,南京专精有限公司,50,市级\nS2,2024-10-31,,NJGT-026,X22,,南京专精有限公司,50,市级\n" +
			"S3,2024-12-01,,NJ88-012,X22,,南京专精有限公司,50,市级",
		basis: "K8,NJGT-026,X22,南京专精有限公司,2024,2024-05-01,,900,",
		want:  []string{"S2 NJGT-026 paid_again 500000.00"}},
	{name: "one round paid before and after the new year is one year's award",
		payments: "T1,2024-12-20,,NJ88-019,X23,,南京专精有限公司,500,市级,2024年第4批\nT2,2025-01-10,,NJ88-019,X23,,南京专精有限公司,100,市级,2024年第4批\n" +
			"T3,2025-02-10,,NJ88-019,X23,,南京专精有限公司,450,市级,2025年第1批",
		basis: "K15,NJ88-019,X23,南京专精有限公司,2024,2024-12-01,,0,,优良\nK16,NJ88-019,X23,南京专精有限公司,2025,2025-02-01,,0,,良好",
		want:  []string{"T2 NJ88-019 over_cap 1000000.00", "T2 NJ88-019 over_two_years 1000000.00"}},
	{name: "a leader without the title, and a university that has none to have",
		payments: "U1,2024-10-10,,NJ88-035,X24,,南京房租有限公司,20,市级\nU2,2024-10-10,,NJ88-035,X25,,南京大学,20,市级",
		want:     []string{"U1 NJ88-035 untitled_lead 200000.00"}},
	{name: "what last year's work earns is paid this year, and is last year's",
		payments: "V1,2025-03-10,,NJGT-059,,,南京房租有限公司,6,市级\nV2,2025-04-10,,NJGT-059,,,南京房租有限公司,5,市级",
		basis:    "K9,NJGT-059,,南京房租有限公司,2024,2024-12-20,,0,2",
		want:     []string{"V2 NJGT-059 over_entitlement 10000.00"}},
	{name: "a round without its year comes again every year, and is one where it is paid on over the new year",
		payments: "Y1,2024-03-10,,NJ88-019,X26,,南京专精有限公司,400,市级,第一批\nY2,2025-03-12,,NJ88-019,X26,,南京专精有限公司,410,市级,第一批\n" +
			"Y3,2024-12-20,,NJ88-019,X27,,南京专精有限公司,500,市级,第四批\nY4,2025-01-10,,NJ88-019,X27,,南京专精有限公司,100,市级,第四批\n" +
			"Y5,2024-03-10,,NJ88-048,X28,,南京专精有限公司,40,市级,第一批\nY6,2025-03-10,,NJ88-048,X28,,南京专精有限公司,30,市级,第一批",
		basis: "K31,NJ88-019,X26,南京专精有限公司,2024,2024-03-01,,0,,优良\nK32,NJ88-019,X26,南京专精有限公司,2025,2025-03-01,,0,,优良\n" +
			"K33,NJ88-019,X27,南京专精有限公司,2024,2024-12-01,,0,,优良",
		want: []string{"Y4 NJ88-019 over_cap 1000000.00", "Y4 NJ88-019 over_two_years 1000000.00",
			"Y6 NJ88-048 more_than_once 300000.00"}},
	{name: "a clause no policy lists",
		payments: "O1,2024-07-31,其他,,X13,,南京专精有限公司,20,市级", want: []string{"O1  rule_unknown 200000.00"}},
}

func TestAwardAudit(t *testing.T) {
	p := projecttest.New(t)
	registry := func(last string) string {
		return "统一社会信用代码,企业名称,成立日期,登记状态,核准日期,所属区\n" +
			"91320115MA1XAMP01U,南京专精有限公司,2015-03-01,存续,2015-03-01,江宁区\n" +
			"91320116MA1XAMP04K,南京房租有限公司,2016-03-01,存续,2016-03-01,六合区\n" +
			"91320106MA1XAMP02X,南京吊销有限公司,2016-03-01," + last + ",鼓楼区\n"
	}
	payments := []string{"支付凭证号,兑付日期,政策条款,规则编号,项目编号,项目名称,单位名称,奖补金额（万元）,资金层级,批次"}
	basis := []string{"依据编号,规则编号,项目编号,单位名称,年度,发生日期,起始日,基数金额（万元）,基数数量,评价结果"}
	for _, c := range awardCases {
		for _, row := range strings.Split(c.payments, "\n") {
			payments = append(payments, articled(row))
		}
		if c.basis != "" {
			for _, row := range strings.Split(c.basis, "\n") {
				basis = append(basis, row+strings.Repeat(",", 9-strings.Count(row, ",")))
			}
		}
	}
	for path, text := range map[string]string{
		"市市场监管局/企业登记_20240331.csv": registry("存续,2016-03-01"),
		"市市场监管局/企业登记_20240630.csv": registry("吊销,2024-05-20"),
		"市工信局/专精特新_2024Q1.csv":     "企业名称,认定层级,认定日期\n南京专精有限公司,专精特新中小企业,2023-08-01\n",
		"市财政局/奖补兑付_2026Q3.csv":     strings.Join(payments, "\n") + "\n",
		"市财政局/核定基数_2026Q3.csv":     strings.Join(basis, "\n") + "\n",
	} {
		projecttest.Write(t, p.Var("inbox", path), text)
	}
	r, err := pipeline.Run(t.Context(), p, pipeline.Options{Now: clock, AsOf: kpi.Date{Year: 2026, Month: 9, Day: 30}})
	if err != nil {
		t.Fatalf("%v %+v %+v", err, r.Failures, r.Files)
	}
	all := findings(t, p, r)
	for _, c := range awardCases {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, f := range all {
				if strings.HasPrefix(f, c.payments[:1]) {
					got = append(got, f)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("found %q\nwant  %q", got, c.want)
			}
		})
	}
}

// articled fills 批次, which rows may leave out, and 政策条款, which every row must have, where the case leaves it to 规则编号.
func articled(row string) string {
	cells := strings.Split(row, ",")
	if cells[2] == "" {
		cells[2] = "见规则编号"
	}
	return strings.Join(append(cells, make([]string, 10-len(cells))...), ",")
}
