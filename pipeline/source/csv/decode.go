package csv

import "citykpi/pipeline/source/charset"

// decode makes b the UTF-8 text of the chunk. A line in another encoding is read in that, and noted.
func (r *reader) decode(b []byte) (odd bool) {
	if r.body.GB {
		r.text, r.foreign, odd = r.decoder.DecodeLines(r.text, b, r.foreign)
	} else {
		r.text, r.foreign, odd = charset.UTF8Lines(b, r.foreign)
	}
	return odd
}

// OtherEncoding implements locator.
func (r *reader) OtherEncoding() (encoding string, offset int64) {
	if r.other == nil {
		return "", 0
	}
	return r.other.Encoding, r.at.offset + int64(r.other.RawFrom)
}
