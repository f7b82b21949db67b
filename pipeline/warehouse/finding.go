package warehouse

import (
	"context"

	"citykpi/pipeline/kpi"
)

// AwardFindings reads what the audit finds with payments made by the date, in the
// order of payment, with the row of the file that holds the payment.
func (db *DB) AwardFindings(ctx context.Context, asOf kpi.Date) (list []kpi.AwardFinding, err error) {
	err = ask(ctx, db, &list, "award_findings", func(f *kpi.AwardFinding) []any {
		return []any{&f.Payment, &f.Finding, &f.Words, &f.Amount, &f.Enforced, &f.Rule, &f.Payee, &f.Region,
			scanDate{&f.PaidOn}, &f.File, &f.Sheet, &f.Row}
	}, asOf.Time())
	return list, doing("read award findings", err)
}
