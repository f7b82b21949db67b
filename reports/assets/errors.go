package assets

import "errors"

// ErrNotBuilt is returned by Load when the program was compiled before the
// assets were bundled.
var ErrNotBuilt = errors.New("dashboard assets are not built")
