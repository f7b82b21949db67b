package demo

// rng is SplitMix64: a stream of its own per file and per question, so that files
// can be written in any order, and the same on every platform and Go version.
type rng struct{ state uint64 }

// stream derives an independent generator from a seed and what it is for.
func stream(seed uint64, purpose string) *rng {
	h := uint64(14695981039346656037)
	for i := range len(purpose) {
		h = (h ^ uint64(purpose[i])) * 1099511628211
	}
	return &rng{mix(seed ^ mix(h))}
}

func mix(z uint64) uint64 {
	z += 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func (r *rng) next() uint64 {
	r.state += 0x9e3779b97f4a7c15
	return mix(r.state)
}

// n is a number in [0, limit); limit must be positive.
func (r *rng) n(limit int) int { return int(r.next() % uint64(limit)) }

// between is a number in [lo, hi].
func (r *rng) between(lo, hi int) int { return lo + r.n(hi-lo+1) }

// chance is true perMille times in a thousand.
func (r *rng) chance(perMille int) bool { return r.n(1000) < perMille }

func pick[T any](r *rng, of []T) T { return of[r.n(len(of))] }

func shuffle[T any](r *rng, s []T) {
	for i := len(s) - 1; i > 0; i-- {
		j := r.n(i + 1)
		s[i], s[j] = s[j], s[i]
	}
}

// draw picks an index by weight.
func draw(r *rng, weights []int) int {
	total := 0
	for _, w := range weights {
		total += w
	}
	k := r.n(total)
	for i, w := range weights {
		if k -= w; k < 0 {
			return i
		}
	}
	return len(weights) - 1
}
