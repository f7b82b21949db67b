package load

import (
	"context"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/source"
	"citykpi/pipeline/source/contract"
)

// oddity is why a file should be looked at before it is loaded: in English for who
// loads it, in Chinese for who filed it.
type oddity struct {
	rule    kpi.HoldRule
	words   string
	chinese string
}

// hold sets what was read aside, to be loaded when somebody has confirmed it.
func (in *read) hold(o oddity) {
	in.result.Status = StatusHeld
	in.result.Error = fmt.Sprintf("%s: %s. Try: ask %s, then citykpi load --confirm FILE, or take the file out of the inbox",
		path.Base(in.name), o.words, in.contract.Bureau)
	in.result.Held = &kpi.Held{
		Source: in.contract.Source, Name: in.contract.Name, Unit: in.unit, DataDate: in.manifest.DataDate,
		Rows: in.manifest.Read, Rule: o.rule, Reason: o.chinese,
	}
	in.tellHeld()
}

// tellHeld says where a held file lies now, and what --confirm wants to be named: it, or the archive it came in.
func (in *input) tellHeld() {
	h, at := in.result.Held, in.original.Path
	lies, _ := source.NameText(in.original.Name)
	if h.File = path.Join(lies, in.member); in.claimed {
		at = "var/inbox/" + lies
	}
	h.Command = "citykpi load --confirm " + shellWord(at)
}

var plainWord = regexp.MustCompile(`^[\p{L}\p{N}_./:@%+,=-]+$`)

// shellWord is a word as a shell takes it for itself.
func shellWord(s string) string {
	if plainWord.MatchString(s) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// compare holds what was read against the batches before it, and says why it is to be held: something is
// odd, and nobody has confirmed it.
func (ld *loader) compare(ctx context.Context, in *read) (o *oddity, err error) {
	if in.manifest.SameAs, err = ld.sameAs(ctx, in); err != nil || ld.options.Confirmed {
		return nil, err
	}
	return ld.odd(ctx, in)
}

// odd says what about a staged batch should be confirmed before it is loaded, nil if
// nothing is. Batches before it are committed already.
func (ld *loader) odd(ctx context.Context, in *read) (*oddity, error) {
	m, c := in.manifest, in.contract
	if today := kpi.DateOf(ld.options.Now); m.DataDate.After(today) {
		return &oddity{kpi.HeldFuture, fmt.Sprintf("its data date %s lies in the future", m.DataDate),
			"数据日期 " + m.DataDate.String() + " 晚于今天"}, nil
	}
	rules := c.Holds()
	corrects := slices.Contains(m.Columns, contract.ActionColumn) // it says row by row what it does to others
	if rules.PeriodCovered && !corrects && !contract.Amends(in.name) {
		if o, err := ld.covered(ctx, in); o != nil || err != nil {
			return o, err
		}
	}
	before := largest(ld.before(in))
	if share := rules.RowsFallBy; share > 0 && !corrects && before != nil && float64(m.Read) < float64(before.Read)*(1-share) {
		return &oddity{kpi.HeldFewer,
			fmt.Sprintf("%d rows, after %d in %s: more than %.0f%% fewer", m.Read, before.Read, before.File, share*100),
			fmt.Sprintf("共 %d 行，上期（%s）%d 行，减少超过 %.0f%%", m.Read, path.Base(before.File), before.Read, share*100)}, nil
	}
	if rules.Unchanged && m.SameAs != "" {
		for _, b := range ld.before(in) {
			if b.Batch == m.SameAs {
				return &oddity{kpi.HeldUnchanged, fmt.Sprintf("all %d rows are those of %s", m.Loaded, b.File),
					fmt.Sprintf("全部 %d 行与上期（%s）相同", m.Loaded, path.Base(b.File))}, nil
			}
		}
	}
	return in.off, nil
}

// before lists the batches of the newest data date before the input's that the same
// unit filed of the same source; workbooks that brought back rejected rows are none.
func (ld *loader) before(in *read) (list []lake.Batch) {
	all := ld.lake.Batches(time.Time{})
	for i := range all { // a copy of each would cost more than all the rest
		b := &all[i]
		if b.Source != in.manifest.Source || b.Answers != nil || !b.DataDate.Before(in.manifest.DataDate) || ld.unit(*b) != in.unit {
			continue
		}
		if len(list) > 0 && b.DataDate != list[0].DataDate {
			if b.DataDate.Before(list[0].DataDate) {
				continue
			}
			list = nil
		}
		list = append(list, *b)
	}
	return list
}

// largest is the batch with most rows, the one loaded last of several; nil of none.
func largest(list []lake.Batch) (most *lake.Batch) {
	for i := range list {
		if most == nil || list[i].Read >= most.Read {
			most = &list[i]
		}
	}
	return most
}

// bureaus are those that file anything, by the contracts.
func bureaus(contracts []*contract.Contract) map[string]bool {
	names := map[string]bool{}
	for _, c := range contracts {
		names[c.Bureau] = true
	}
	return names
}

func (ld *loader) unit(b lake.Batch) string { return kpi.FilingUnit(b.File, b.Bureau, ld.bureaus) }

// sameAs names the batch before the input's that has the same rows, "" if none has.
func (ld *loader) sameAs(ctx context.Context, in *read) (string, error) {
	for _, b := range ld.before(in) {
		if b.Loaded == 0 || !comparable(b, *in.manifest) {
			continue
		}
		db, err := ld.database(ctx, in.threads())
		if err != nil {
			return "", err
		}
		same, err := in.staged.SameRows(ctx, db, b)
		if same || err != nil {
			return b.Batch, err
		}
	}
	return "", nil
}

// comparable reports whether two batches may have the same rows: they have as many,
// in the same columns.
func comparable(b lake.Batch, m lake.Manifest) bool {
	return b.Loaded == m.Loaded && strings.Join(b.Columns, ",") == strings.Join(m.Columns, ",")
}

// covered says which batch covers the input's data date already. A register covers its
// day whatever it holds. Of what comes in parts, one file covers another when more than
// half of the rows have keys that it has filed; the others are a further part.
func (ld *loader) covered(ctx context.Context, in *read) (*oddity, error) {
	m, c := in.manifest, in.contract
	all := ld.lake.Batches(time.Time{})
	for i := range all {
		b := &all[i]
		if b.Source != m.Source || b.DataDate != m.DataDate || b.Answers != nil {
			continue
		}
		if c.Mode != contract.Snapshot {
			if m.Loaded == 0 || b.Loaded == 0 || lacks(b.Columns, c.Key) {
				continue
			}
			db, err := ld.database(ctx, in.threads())
			if err != nil {
				return nil, err
			}
			filed, err := in.staged.RowsFiled(ctx, db, *b, c.Key)
			if err != nil {
				return nil, err
			}
			if 2*filed <= m.Loaded {
				continue
			}
		}
		return &oddity{kpi.HeldCovered, fmt.Sprintf("%s is covered by %s (batch %s) already", m.DataDate, b.File, b.Batch),
			fmt.Sprintf("%s 的数据已由 %s（批次 %s）报送", m.DataDate, path.Base(b.File), b.Batch)}, nil
	}
	return nil, nil
}

// lacks reports whether a batch of an older contract has not all columns of the key.
func lacks(columns, key []string) bool {
	return slices.ContainsFunc(key, func(k string) bool { return !slices.Contains(columns, k) })
}

// totalsOff says which of a file's own totals are not what its rows add up to:
// then rows are missing, or there are too many. nil if there are none.
func totalsOff(loading *source.Load) *oddity {
	all := loading.Totals()
	off := all[:0]
	for _, t := range all {
		if !t.Agrees && t.Open == "" {
			off = append(off, t)
		}
	}
	switch n := len(off); n {
	case 0:
		return nil
	case 1:
		return &oddity{kpi.HeldTotals, off[0].String(), off[0].Chinese()}
	default:
		return &oddity{kpi.HeldTotals, fmt.Sprintf("%s; %d more of its totals are off", off[0], n-1),
			fmt.Sprintf("%s；另有%d处合计不符", off[0].Chinese(), n-1)}
	}
}
