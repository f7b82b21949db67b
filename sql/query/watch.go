package query

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"time"
)

// lookEvery is how often a child's memory is looked at: what it can take meanwhile is little
// beside its limit.
const lookEvery = 20 * time.Millisecond

// watch kills a process that has more than so many bytes in memory. The kernel's own limit is no
// wall for who reserves addresses first and then asks for memory at one of them: such pages are not
// counted as data while they are asked for, and as data from then on, so that the next request of any
// library fails, some of which crash. stop ends the watching, and tells what was seen.
func watch(process *os.Process, most int64) (stop func() watched) {
	done, seen := make(chan struct{}), make(chan watched)
	go func() {
		var w watched
		look := time.NewTicker(lookEvery)
		defer look.Stop()
		for {
			select {
			case <-done:
				seen <- w
				return
			case <-look.C:
				resident, data := held(process.Pid)
				w.peak = max(w.peak, resident, data)
				w.killed = w.killed || resident > most && process.Kill() == nil
			}
		}
	}()
	return func() watched {
		close(done)
		return <-seen
	}
}

// watched is what was seen of a process: whether it was killed, and how many bytes it had at most,
// in memory or as data.
type watched struct {
	killed bool
	peak   int64
}

// held is how many bytes a process has in memory, and how many it may write to; 0 where nothing says so.
func held(pid int) (resident, data int64) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0, 0
	}
	fields := bytes.Fields(text) // size resident shared text lib data dt, in pages
	if len(fields) < 6 {
		return 0, 0
	}
	page := int64(os.Getpagesize())
	resident, _ = strconv.ParseInt(string(fields[1]), 10, 64)
	data, _ = strconv.ParseInt(string(fields[5]), 10, 64)
	return resident * page, data * page
}
