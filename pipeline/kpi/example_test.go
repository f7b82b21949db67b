package kpi_test

import (
	"fmt"
	"time"

	"citykpi/pipeline/kpi"
)

// A city has promised 300 firms by the end of 2025, in September 2022; it had 200 by the middle of 2025.
func ExampleAttain() {
	target := 300.0
	doc := kpi.Document{ID: "P1", Region: "320100", Issued: kpi.Date{Year: 2022, Month: time.September, Day: 1}}
	commitment := kpi.Commitment{ID: "P1-001", Kind: kpi.Stock, Target: &kpi.Target{AtLeast: &target, Unit: "家", By: kpi.YearEnd(2025)}}
	asOf := kpi.Date{Year: 2025, Month: time.June, Day: 30}
	series := kpi.Series{{ID: "P1-001", Region: "320100"}: {asOf: 200}}

	a := kpi.Attain(doc, commitment, "320100", asOf, series, kpi.Cover{Until: asOf}, kpi.DefaultThresholds)
	fmt.Printf("%.0f of %.0f: %.1f%% in %.1f%% of the time, %s\n", *a.Value, target, *a.Rate, *a.Time, a.Light)
	fmt.Printf("%.0f are left, %.0f each quarter\n", *a.Left, *a.Required)
	// Output:
	// 200 of 300: 66.7% in 85.0% of the time, orange
	// 100 are left, 50 each quarter
}
