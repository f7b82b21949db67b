package demo

import "citykpi/pipeline/kpi"

// tier is a level of the SME gradient, or the champion's, which stands apart.
type tier uint8

const (
	innovative tier = iota
	specialised
	littleGiant
	champion
	tierCount
)

// plan is how the full-size city stands at the end of a quarter: the stocks of the
// four tiers (nested), and cumulated agreement firms, universities and managers;
// then how many person events the quarter brings. A stock of 0 lets things drift.
//
// Published, and met exactly: 2022Q4 champions 21, little giants 106, specialised
// 647; 2024Q1 31, 213, 1122; 2024Q3 31, 334, 1424.
type plan struct {
	stock                            [tierCount]int
	firms, universities, managers    int
	placed, deputies, served, taught int
}

var plans = map[kpi.Quarter]plan{
	{Year: 2022, N: 3}: {[tierCount]int{1180, 430, 96, 15}, 30, 14, 4, 900, 24, 96, 12},
	{Year: 2022, N: 4}: {[tierCount]int{2150, 647, 106, 21}, 85, 25, 9, 1600, 38, 128, 17},
	{Year: 2023, N: 1}: {[tierCount]int{2700, 0, 0, 0}, 140, 33, 13, 1090, 21, 88, 9},
	{Year: 2023, N: 2}: {[tierCount]int{3350, 0, 0, 0}, 205, 40, 18, 1210, 33, 152, 16},
	{Year: 2023, N: 3}: {[tierCount]int{3980, 700, 205, 0}, 270, 47, 24, 2120, 37, 160, 18},
	{Year: 2023, N: 4}: {[tierCount]int{4750, 1030, 0, 26}, 350, 54, 31, 1250, 42, 158, 22},
	{Year: 2024, N: 1}: {[tierCount]int{5200, 1122, 213, 31}, 430, 60, 36, 1130, 24, 92, 11},
	{Year: 2024, N: 2}: {[tierCount]int{5880, 0, 0, 0}, 520, 67, 42, 1280, 36, 160, 18},
	{Year: 2024, N: 3}: {[tierCount]int{6520, 1424, 334, 31}, 620, 75, 48, 2270, 41, 172, 21},
	{Year: 2024, N: 4}: {[tierCount]int{7300, 1530, 0, 0}, 720, 83, 55, 1370, 47, 168, 26},
	{Year: 2025, N: 1}: {[tierCount]int{7900, 0, 0, 0}, 800, 89, 59, 1220, 26, 98, 13},
	{Year: 2025, N: 2}: {[tierCount]int{8610, 1600, 0, 36}, 910, 97, 64, 1370, 39, 170, 21},
	{Year: 2025, N: 3}: {[tierCount]int{9240, 1720, 352, 0}, 1004, 102, 68, 2420, 43, 184, 24},
	{Year: 2025, N: 4}: {[tierCount]int{9860, 1985, 378, 0}, 1040, 105, 73, 1430, 50, 178, 30},
	{Year: 2026, N: 1}: {[tierCount]int{9655, 0, 0, 38}, 1062, 107, 77, 570, 15, 96, 14},
	{Year: 2026, N: 2}: {[tierCount]int{9480, 2060, 0, 0}, 1081, 108, 82, 650, 20, 128, 19},
	{Year: 2026, N: 3}: {[tierCount]int{9535, 2150, 402, 0}, 1098, 109, 86, 880, 24, 152, 23},
}

// planned is the plan of a quarter; outside the years planned the nearest one, adrift.
func planned(q kpi.Quarter) plan {
	if p, ok := plans[q]; ok {
		return p
	}
	first, last := kpi.Quarter{Year: 2022, N: 3}, kpi.Quarter{Year: 2026, N: 3}
	if q.End().Before(first.End()) {
		return plans[first]
	}
	return plans[last]
}
