package load_test

import "time"

// clock is the time every test works at.
var clock = time.Date(2026, 10, 16, 2, 30, 0, 0, time.FixedZone("CST", 8*3600))
