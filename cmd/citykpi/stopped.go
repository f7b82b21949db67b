package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// stopped is the cause of a context that a signal ended.
type stopped struct{ signal syscall.Signal }

func (s stopped) Error() string {
	return "stopped by " + unix.SignalName(s.signal) + "; what was half done does not count, the same can be done again"
}

func (s stopped) Is(target error) bool { return target == context.Canceled }

// exitCode is what a shell says of a command that a signal ended.
func (s stopped) exitCode() int { return 128 + int(s.signal) }

// untilSignal is a context that the first of the signals ends.
func untilSignal(signals ...os.Signal) context.Context {
	ctx, cancel := context.WithCancelCause(context.Background())
	heard := make(chan os.Signal, 1)
	signal.Notify(heard, signals...)
	go func() {
		if s, ok := (<-heard).(syscall.Signal); ok {
			cancel(stopped{s})
		}
	}()
	return ctx
}

// stoppedBy says whether a command ended with err because of a signal.
func stoppedBy(ctx context.Context, err error) (s stopped, is bool) {
	return s, errors.Is(err, context.Canceled) && errors.As(context.Cause(ctx), &s)
}

// onlyStopped says whether a line tells of nothing but that work was given up when its context ended:
// a line of its own says by what.
func onlyStopped(line string) bool {
	return strings.HasSuffix(line, context.Canceled.Error()) || strings.HasSuffix(line, "INTERRUPT Error: Interrupted!")
}
