package dispatch

import "errors"

// ErrPeriod is returned by HTML and XLSX when the snapshot is not as of the end of
// the quarter asked for: its figures would carry a wrong date.
var ErrPeriod = errors.New("snapshot is not as of the end of the quarter")
