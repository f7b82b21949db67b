package dashboard

import (
	"context"
	"fmt"
	"runtime"
	"testing"

	"citykpi/pipeline/kpi"
	"citykpi/reports/snapshottest"
)

// crowd is a city with one commitment of very many facts. It notes the most memory
// that is in use while they are read.
type crowd struct {
	snapshottest.Behind
	facts  int
	before uint64
	most   uint64
}

func (c *crowd) Facts(_ context.Context, k kpi.Commitment, region string, each func(kpi.Fact)) error {
	if k.ID != "NJ88-028" {
		return nil
	}
	for i := range c.facts {
		each(kpi.Fact{EntityID: fmt.Sprintf("P%08d", i%1000), Name: fmt.Sprintf("示例人员%08d", i), Region: region, Weight: 1,
			Now: true, Before: i%2 == 0,
			On: c.Snapshot.Release.AsOf, File: fmt.Sprintf("市人社局/输送名单_%d.csv", i), Row: int64(i)})
		if i%(c.facts/4) == c.facts/4-1 {
			var m runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m)
			c.most = max(c.most, m.HeapAlloc-min(c.before, m.HeapAlloc))
		}
	}
	return nil
}

// TestFactsAreStreamed: three hundred thousand facts, which are some 100 MB as a list,
// go to the files while hardly any of them is held.
func TestFactsAreStreamed(t *testing.T) {
	s := snapshottest.Full()
	b := &crowd{Behind: behind(s), facts: 300_000}
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	b.before = m.HeapAlloc
	if err := Site(t.Context(), t.TempDir(), s, b); err != nil {
		t.Fatal(err)
	}
	if b.most > 25<<20 {
		t.Errorf("%d MB are in use amid the facts, want at most 25", b.most>>20)
	} else if b.most == 0 {
		t.Error("the facts were not read")
	}
}
