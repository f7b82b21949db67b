package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// quietShare is how much of the processors others may have while something is measured.
const quietShare = 0.05

// machine is what the machine has done since it was started, and what of that this program and its children have.
type machine struct {
	at        time.Time
	busy, own time.Duration
}

// look reads /proc/stat, whose times are in hundredths of a second.
func look() (m machine, err error) {
	text, err := os.ReadFile("/proc/stat")
	if err != nil {
		return m, err
	}
	var t [8]int64 // user nice system idle iowait irq softirq steal
	_, err = fmt.Sscanf(string(text), "cpu %d %d %d %d %d %d %d %d", &t[0], &t[1], &t[2], &t[3], &t[4], &t[5], &t[6], &t[7])
	if err != nil {
		return m, fmt.Errorf("/proc/stat: %w", err)
	}
	m.at, m.busy = time.Now(), time.Duration(t[0]+t[1]+t[2]+t[5]+t[6]+t[7])*10*time.Millisecond
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var r syscall.Rusage
		if err := syscall.Getrusage(who, &r); err != nil {
			return m, err
		}
		m.own += time.Duration(r.Utime.Nano() + r.Stime.Nano())
	}
	return m, nil
}

// since says how quiet the machine was since an earlier look: only then a figure says something of the program.
func (m machine) since(before machine) string {
	share := (m.busy - before.busy - (m.own - before.own)).Seconds() / m.at.Sub(before.at).Seconds() / float64(runtime.NumCPU())
	load, _ := os.ReadFile("/proc/loadavg")
	average, _, _ := strings.Cut(string(load), " ")
	word := "quiet"
	if share > quietShare {
		word = "NOT QUIET, these figures are none to go by"
	}
	return fmt.Sprintf("%s: others had %.0f%% of the processors, load average %s", word, max(share, 0)*100, average)
}
