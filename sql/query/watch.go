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
// counted as data. stop ends the watching, and tells whether it killed.
func watch(process *os.Process, most int64) (stop func() bool) {
	done, killed := make(chan struct{}), make(chan bool)
	go func() {
		look := time.NewTicker(lookEvery)
		defer look.Stop()
		for {
			select {
			case <-done:
				killed <- false
				return
			case <-look.C:
				if resident(process.Pid) > most && process.Kill() == nil {
					<-done
					killed <- true
					return
				}
			}
		}
	}()
	return func() bool {
		close(done)
		return <-killed
	}
}

// resident is how many bytes a process has in memory; 0 where nothing says so.
func resident(pid int) int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0
	}
	fields := bytes.Fields(text)
	if len(fields) < 2 {
		return 0
	}
	pages, _ := strconv.ParseInt(string(fields[1]), 10, 64)
	return pages * int64(os.Getpagesize())
}
