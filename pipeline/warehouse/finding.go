//go:build duckdb_arrow

package warehouse

import (
	"context"
	"fmt"
	"time"

	"citykpi/pipeline/kpi"
)

// AwardFindings reads what the audit finds with payments made by the date, in the
// order of payment, with the row of the file that holds the payment.
func (db *DB) AwardFindings(ctx context.Context, asOf kpi.Date) ([]kpi.AwardFinding, error) {
	rows, err := db.sql.QueryContext(ctx, `select f.payment_no, f.finding, f.words, cast(f.amount as double), f.enforced,
		coalesce(f.rule_id, ''), f.payee_name, g.reporting_code, f.paid_on, `+place("f")+`
		from mart.award_finding f
		join core.region g on g.region_code = f.region_code`+standsIn("f")+`
		where f.paid_on <= $1 order by f.paid_on, f.payment_no, f.finding`, asOf.Time())
	if err != nil {
		return nil, fmt.Errorf("read award findings: %w", err)
	}
	defer rows.Close()
	var list []kpi.AwardFinding
	for rows.Next() {
		var f kpi.AwardFinding
		var paid time.Time
		if err := rows.Scan(&f.Payment, &f.Finding, &f.Words, &f.Amount, &f.Enforced,
			&f.Rule, &f.Payee, &f.Region, &paid, &f.File, &f.Sheet, &f.Row); err != nil {
			return nil, fmt.Errorf("read award findings: %w", err)
		}
		f.PaidOn = kpi.DateOf(paid)
		list = append(list, f)
	}
	return list, rows.Err()
}
