package kpi

// AwardFinding is one thing the audit of awards finds with one payment. A payment
// may have several.
type AwardFinding struct {
	Payment  string  `json:"payment_no"`
	Finding  string  `json:"finding"`  // over_cap; see mart.award_finding
	Words    string  `json:"words"`    // 累计兑付超过封顶
	Amount   float64 `json:"amount"`   // 元 in question
	Enforced bool    `json:"enforced"` // false under a draft: told, nobody is asked to pay back
	Rule     string  `json:"rule_id"`  // id of the award rule; "": the payment names none that is known
	Payee    string  `json:"payee"`
	Region   string  `json:"region_code"` // that reports it: a district, or the jurisdiction
	PaidOn   Date    `json:"paid_on"`
	File     string  `json:"file"`
	Sheet    string  `json:"sheet"`
	Row      int64   `json:"row"`
}
