package demo

import "errors"

// ErrOptions says that a demo of this size or span cannot be made; Write returns it
// before anything is written.
var ErrOptions = errors.New("demo options")
