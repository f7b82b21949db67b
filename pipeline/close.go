package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"citykpi/pipeline/durable"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/project"
	"citykpi/pipeline/warehouse"
)

var (
	// ErrClosed is returned by Close for a quarter that is closed already.
	ErrClosed = errors.New("the quarter is closed already. Try: citykpi close --reopen --reason '…' to publish it anew")
	// ErrNoReason is returned by Reopen without a reason.
	ErrNoReason = errors.New("a closed quarter is reopened only for a reason. Try: --reason '…'")
	// ErrNotClosed is returned for a quarter that was never closed.
	ErrNotClosed = errors.New("the quarter is not closed")
)

// Closed is a quarter as it was published: var/closed/<quarter>.json, with the
// facts of its release beside it in <quarter>.parquet.
type Closed struct {
	Quarter     kpi.Quarter       `json:"quarter"`
	ClosedAt    time.Time         `json:"closed_at"`
	Release     string            `json:"release"`
	KnownAt     time.Time         `json:"known_at"`
	Values      []ClosedValue     `json:"values"`      // every line on the quarter's last day
	Definitions map[string]string `json:"definitions"` // commitment → hash of what it meant
	Judged      []kpi.Judged      `json:"judged"`      // deadlines that had passed; null in a record of an older version
	FactsSHA256 string            `json:"facts_sha256"`
	Reopened    []Reopening       `json:"reopened,omitempty"` // earlier closings of the quarter, and why they were given up
}

// ClosedValue is one published figure.
type ClosedValue struct {
	ID      string  `json:"id"`
	Measure string  `json:"measure,omitempty"`
	Region  string  `json:"region_code"`
	Value   float64 `json:"value"`
}

// Reopening says who gave up which published figures, when and why.
type Reopening struct {
	At      time.Time `json:"at"`
	Reason  string    `json:"reason"`
	Release string    `json:"release"` // whose figures had been published

	ClosedAt time.Time    `json:"closed_at,omitzero"`
	KnownAt  time.Time    `json:"known_at,omitzero"`
	Judged   []kpi.Judged `json:"judged,omitempty"` // what had been said of deadlines
}

// Close freezes a quarter as the current release has it: its figures stay the
// published ones, and later releases print what differs as restatements.
// Errors: ErrClosed, release.ErrNone.
func Close(ctx context.Context, p *project.Project, q kpi.Quarter, now time.Time) (*Closed, error) {
	unlock, err := p.Lock(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	l, err := lakeToWrite(p, Options{Now: now})
	if err != nil {
		return nil, err
	}
	earlier, err := ClosedQuarter(p, q)
	switch {
	case err == nil && earlier.Release != "":
		return nil, fmt.Errorf("close %s: %w", q, ErrClosed)
	case err != nil && !errors.Is(err, ErrNotClosed):
		return nil, err
	}
	if err := asLedgerSays(p, l.Ledger(), q); err != nil {
		return nil, err // else figures would be published anew, and nobody would see the ones that are lost
	}
	current, err := Releases(p).Current()
	if err != nil {
		return nil, err
	}
	if q.End().After(current.AsOf) {
		return nil, fmt.Errorf("close %s: release %s is as of %s. Try: citykpi run --as-of %s", q, current.ID, current.AsOf, q.End())
	}
	v, err := OpenView(ctx, p, q.End())
	if err != nil {
		return nil, err
	}
	defer v.Close()
	c := &Closed{Quarter: q, ClosedAt: now, Release: current.ID, KnownAt: current.KnownAt,
		Definitions: v.Catalogue.definitions(), Judged: v.Snapshot.Judged()}
	if earlier != nil {
		c.Reopened = earlier.Reopened
	}
	for k, byDate := range v.Snapshot.Series {
		if value, ok := byDate[q.End()]; ok {
			c.Values = append(c.Values, ClosedValue{k.ID, k.Measure, k.Region, value})
		}
	}
	slices.SortFunc(c.Values, func(a, b ClosedValue) int {
		return strings.Compare(a.ID+" "+a.Measure+" "+a.Region, b.ID+" "+b.Measure+" "+b.Region)
	})
	return c, writeClosed(ctx, p, l, v.db, c)
}

// writeClosed writes the facts first: the record of the quarter is the commit.
func writeClosed(ctx context.Context, p *project.Project, l *lake.Lake, db *warehouse.DB, c *Closed) error {
	if err := durable.MakeDir(p.Var("closed")); err != nil {
		return err
	}
	temp := closedFacts(p, c.Quarter) + ".writing"
	if err := db.Freeze(ctx, temp); err != nil {
		return err
	}
	defer os.Remove(temp)
	f, err := os.Open(temp)
	if err != nil {
		return err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return err
	}
	c.FactsSHA256 = hex.EncodeToString(h.Sum(nil))
	if err := f.Sync(); err != nil {
		return err
	}
	if err := os.Rename(temp, closedFacts(p, c.Quarter)); err != nil {
		return err
	}
	return recordClosed(p, l, c)
}

// recordClosed makes the record the quarter's. It is written under another name first, and
// then in the ledger: what was closed is changed by nothing that the ledger does not tell of.
func recordClosed(p *project.Project, l *lake.Lake, c *Closed) error {
	text, err := json.MarshalIndent(c, "", " ")
	if err != nil {
		return err
	}
	next := closedFile(p, c.Quarter) + nextEnd
	if err := durable.WriteFile(next, text); err != nil {
		return err
	}
	durable.Step("close written")
	if err := l.Record(closingEntry(c, text)); err != nil {
		return err
	}
	durable.Step("close recorded")
	if err := os.Rename(next, closedFile(p, c.Quarter)); err != nil {
		return err
	}
	return durable.Sync(p.Var("closed"))
}

// nextEnd ends the name of a record that is being written.
const nextEnd = ".next"

// closingEntry is what the ledger says of a quarter's record.
func closingEntry(c *Closed, text []byte) lake.Entry {
	sum := sha256.Sum256(text)
	e := lake.Entry{What: lake.Closing, ID: c.Quarter.String(), At: c.ClosedAt, SHA256: hex.EncodeToString(sum[:]), Size: int64(len(text))}
	if n := len(c.Reopened); c.Release == "" && n > 0 {
		e.What, e.At, e.Reason = lake.Reopening, c.Reopened[n-1].At, c.Reopened[n-1].Reason
	}
	return e
}

// finishClosing completes the closing of quarters that died after the ledger told of them, and
// clears what died before.
func finishClosing(p *project.Project, l *lake.Lake) error {
	entries, err := os.ReadDir(p.Var("closed"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read closed quarters: %w", err)
	}
	for _, e := range entries {
		name, isNext := strings.CutSuffix(e.Name(), nextEnd)
		if !isNext {
			continue
		}
		path := p.Var("closed", e.Name())
		f, err := lake.HashFile(path)
		if err != nil {
			return fmt.Errorf("finish closing: %w", err)
		}
		if l.Ledger().Quarters()[strings.TrimSuffix(name, closedEnd)].SHA256 == f.SHA256 {
			err = os.Rename(path, p.Var("closed", name))
		} else {
			err = os.Remove(path)
		}
		if err != nil {
			return fmt.Errorf("finish closing: %w", err)
		}
	}
	return nil
}

const closedEnd = ".json"

func closedFile(p *project.Project, q kpi.Quarter) string {
	return p.Var("closed", q.String()+closedEnd)
}

func closedFacts(p *project.Project, q kpi.Quarter) string {
	return p.Var("closed", q.String()+".parquet")
}

// Reopen gives up a quarter's published figures, for a reason that is kept.
// Errors: ErrNoReason, ErrNotClosed.
func Reopen(p *project.Project, q kpi.Quarter, reason string, now time.Time) error {
	unlock, err := p.Lock(context.Background())
	if err != nil {
		return err
	}
	defer unlock()
	if strings.TrimSpace(reason) == "" {
		return fmt.Errorf("reopen %s: %w", q, ErrNoReason)
	}
	l, err := lakeToWrite(p, Options{Now: now})
	if err != nil {
		return err
	}
	c, err := ClosedQuarter(p, q)
	if err == nil && c.Release == "" {
		err = ErrNotClosed
	}
	if err != nil && l.Ledger().Quarters()[q.String()].What == lake.Closing {
		c, err = &Closed{}, nil // its record is lost: that it is given up is what can be kept of it
	}
	if err != nil {
		return fmt.Errorf("reopen %s: %w", q, err)
	}
	open := &Closed{Quarter: q, Reopened: append(c.Reopened, Reopening{now, reason, c.Release, c.ClosedAt, c.KnownAt, c.Judged})}
	return recordClosed(p, l, open)
}

// ClosedQuarter reads one quarter's record, or ErrNotClosed. Its Release is ""
// once the quarter was reopened.
func ClosedQuarter(p *project.Project, q kpi.Quarter) (*Closed, error) {
	c, _, err := readClosed(p, q)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotClosed
	}
	return c, err
}

// closedBytes is what a record may be at most: it has a line for every figure.
const closedBytes = 256 << 20

func readClosed(p *project.Project, q kpi.Quarter) (*Closed, []byte, error) {
	text, err := durable.ReadRegular(closedFile(p, q), closedBytes)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, err
	}
	var c Closed
	if err == nil {
		err = json.Unmarshal(text, &c)
	}
	if err == nil && c.Quarter != q {
		err = fmt.Errorf("it is the record of %s", c.Quarter)
	}
	if err != nil {
		return nil, nil, closedError(q, err)
	}
	return &c, text, nil
}

// closedRecords are the quarters that have a record, in order.
func closedRecords(p *project.Project) (list []kpi.Quarter, err error) {
	entries, err := os.ReadDir(p.Var("closed"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read closed quarters: %w", err)
	}
	for _, e := range entries { // names sort as quarters do
		name, isRecord := strings.CutSuffix(e.Name(), closedEnd)
		if !isRecord || strings.HasPrefix(name, ".") {
			continue
		}
		q, err := kpi.ParseQuarter(name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w. Try: move it elsewhere", p.Var("closed", e.Name()), err)
		}
		list = append(list, q)
	}
	return list, nil
}

// ClosedQuarters lists the quarters that are closed, in order.
func ClosedQuarters(p *project.Project) ([]*Closed, error) {
	list, err := closings(p)
	return slices.DeleteFunc(list, func(c *Closed) bool { return c.Release == "" }), err
}

// closings are the records of all quarters that are closed or were, in order.
func closings(p *project.Project) ([]*Closed, error) {
	quarters, err := closedRecords(p)
	if err != nil {
		return nil, err
	}
	var list []*Closed
	for _, q := range quarters {
		c, err := ClosedQuarter(p, q)
		if err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, nil
}

// definitions hashes, per commitment, all that its figures depend on besides data.
func (c Catalogue) definitions() map[string]string {
	hashes := map[string]string{}
	for _, d := range c.Documents {
		for _, k := range slices.Concat(d.Commitments, d.Indicators) {
			meaning := []any{k.Kind, k.Model, k.Variant, k.Of, k.To, k.Also, c.Meaning[k.Model]}
			if k.Of != nil && k.To != nil {
				meaning = append(meaning, c.Meaning[k.Of.Model], c.Meaning[k.To.Model])
			}
			for _, m := range k.Also {
				meaning = append(meaning, c.Meaning[m.Model])
			}
			if len(k.Terms) > 0 {
				meaning = append(meaning, k.Terms)
			}
			if len(k.Conditions) > 0 {
				meaning = append(meaning, k.Points, k.Conditions)
			}
			if from := k.CountsFrom(d); !from.IsZero() {
				meaning = append(meaning, from)
			} else if starts := k.CountedFrom(d); len(starts) > 0 {
				meaning = append(meaning, starts)
			}
			text, err := json.Marshal(meaning)
			if err != nil {
				panic(err) // plain values
			}
			sum := sha256.Sum256(text)
			hashes[k.ID] = hex.EncodeToString(sum[:8])
		}
	}
	return hashes
}
