package pipeline

import (
	"context"
	"fmt"
	"path"
	"slices"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/source"
)

// hold sets the input aside, to be loaded when somebody has confirmed it.
func (in *input) hold(why string) {
	in.staged.Discard()
	in.result.Status = StatusHeld
	in.result.Error = fmt.Sprintf("%s: %s. Try: ask %s, then citykpi load --confirm FILE, or take the file out of the inbox", path.Base(in.name), why, in.contract.Bureau)
}

// odd says what about a staged batch should be confirmed before it is loaded,
// "" if nothing is. Batches before it are committed already.
func (ld *loader) odd(ctx context.Context, in *input) (string, error) {
	m, c := in.manifest, in.contract
	if today := kpi.DateOf(ld.options.Now); m.DataDate.After(today) {
		return fmt.Sprintf("its data date %s lies in the future", m.DataDate), nil
	}
	var before *lake.Batch
	for _, b := range ld.lake.Batches(noTime) {
		switch {
		case b.Source != m.Source:
		case b.DataDate == m.DataDate && c.Mode == source.Snapshot:
			return fmt.Sprintf("%s is covered by %s (batch %s) already", m.DataDate, b.File, b.Batch), nil
		case b.DataDate.Before(m.DataDate) && (before == nil || !b.DataDate.Before(before.DataDate)):
			before = &b
		}
	}
	if before == nil {
		return "", nil
	}
	if share := c.HoldIf.RowsFallBy; share > 0 && float64(m.Read) < float64(before.Read)*(1-share) {
		return fmt.Sprintf("%d rows, after %d in %s: more than %.0f%% fewer", m.Read, before.Read, before.File, share*100), nil
	}
	if !c.HoldIf.Unchanged || m.Loaded != before.Loaded || m.Loaded == 0 || !slices.Equal(m.Columns, before.Columns) {
		return "", nil
	}
	same, err := ld.db.SameRows(ctx, in.staged.Rows(), before.Rows())
	if err != nil || !same {
		return "", err
	}
	return fmt.Sprintf("all %d rows are those of %s", m.Loaded, before.File), nil
}
