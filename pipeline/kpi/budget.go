package kpi

// Budget is what an article may spend in the year of the as-of date, and what
// was paid under its rules so far, in 元.
type Budget struct {
	Document string
	Article  string
	Unit     string
	Amount   float64
	Paid     float64
	Payments int
	Place
}
