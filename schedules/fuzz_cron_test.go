package schedules

import (
	"strconv"
	"testing"
	"testing/fstest"
	"time"
	"unicode/utf8"
)

// A spec that is accepted has due times that only rise, each a whole second, in zones
// with and without summer time, and the same whichever moment between two it is asked.
func FuzzCron(f *testing.F) {
	for _, spec := range []string{"30 2 * * *", "0 6 15 1,4,7,10 *", "@every 1h", "@every -1h", "@every 36h", "0 0 29 2 *",
		"0 0 31 2 *", "*/7 1-5 * * mon", "TZ=UTC 1 1 * * *", "@yearly", "60 * * * *", ", * * * *", "? * L W #"} {
		f.Add(spec, int64(1774742400)) // 2026-03-29: 02:30 does not exist in Berlin
		f.Add(spec, int64(0))
	}
	f.Fuzz(func(t *testing.T, spec string, from int64) {
		if !utf8.ValidString(spec) {
			return
		}
		at := time.Unix(from%(1<<32), 0)
		for _, zone := range []string{"Asia/Shanghai", "Europe/Berlin"} {
			text := "name: a\ntitle: 甲\ntimezone: " + zone + "\ncron: " + strconv.Quote(spec) + "\nrun: [run]\n"
			jobs, err := Load(fstest.MapFS{"job.yaml": {Data: []byte(text)}}, verbs)
			if err != nil {
				continue
			}
			due := jobs[0].Next(at)
			for range 3 {
				if !due.After(at) || due.Nanosecond() != 0 {
					t.Fatalf("%q in %s after %s: %s", spec, zone, at, due)
				}
				if between := jobs[0].Next(at.Add(due.Sub(at) / 2)); !between.Equal(due) {
					t.Fatalf("%q in %s: %s, and asked half way %s", spec, zone, due, between)
				}
				at, due = due, jobs[0].Next(due)
			}
		}
	})
}
