package warehouse

import (
	"maps"
	"slices"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/source/contract"
)

// What rows of files say of keys, told in the order in which it became known. A key is a number:
// that of its row in the table of all keys that some correction speaks of.

// saying is one row that says something of a key.
type saying struct {
	Batch  string
	Row    int64
	On     kpi.Date // the data date of its file
	Dated  bool     // its file's name says that day, and not that it corrects what is known
	Marked bool     // the row's own word or its file's name says that it corrects or completes
	Action string   // what the row does, see source; "" as Add
	Own    int      // its key; of a withdrawal nothing
	Named  int      // the key it speaks of: its own, or what its 原 columns say
	Says   uint64   // what it says beside its key
}

// What a step found under the key that it names.
const (
	foundRow       = "row"       // the row that stood there
	foundMoved     = "moved"     // the key had been replaced: the row that stands in its place
	foundWithdrawn = "withdrawn" // nothing: it had been withdrawn
	foundNothing   = "nothing"   // nothing: nobody had filed it
	foundLate      = "late"      // the row came after the step, which had waited for it
	foundResent    = "resent"    // the row came again after the step, and says nothing that undoes it
	foundTaken     = "taken"     // another row, under the key that it was to get: nothing is done
	foundOlder     = "older"     // a row of a later day, which says otherwise and stands: the row came late and without a word
)

// step is one row of core.correction. Old and At are -1 where there is none.
type step struct {
	row, old int // sayings
	step     string
	found    string
	named    int // the key that the row speaks of
	at       int // the key under which the old row stood, where it is another
}

// keyState is what is known of a key.
type keyState struct {
	row   int // the saying that stands; -1: none
	thing int // what it means: what stands under it, or stood there last, wherever that is now; -1: nothing yet
	by    int // the saying that gave this key to it; -1: none did
	last  int // the saying that withdrew or replaced it last; -1: none did
	taken int // the saying that last had to give way, -1
	waits int // the saying that found nothing because nobody had filed the key yet, -1
	filed bool
	said  []told
}

// thing is what rows speak of that take one another's place.
type thing struct {
	key       int      // under which it stands, or stood last
	withdrawn bool     // what stood last was withdrawn
	moving    bool     // it was taken from where it stood and is not put yet
	on        kpi.Date // the latest day of which rows speak that said what it is
}

// told is what was said of a key, and whether the row or its file said that it corrects others.
type told struct {
	says   uint64
	marked bool
}

func (k *keyState) knows(says uint64) bool {
	return slices.ContainsFunc(k.said, func(t told) bool { return t.says == says })
}

// settle tells which of the sayings, which come in the order in which they became known, stand in
// the end, and every step on the way.
//
// Rows of one file speak of what was filed before it, so that keys which had slipped into one
// another are exchanged, and of one another where one names a key that only another one makes, or
// what another one has taken already. A key that was replaced means the row that took its place. A
// withdrawal or replacement holds against what is filed later under its key: against the row it had
// waited for, and against rows that come again (settling.undone). A row does not get a key under which
// another one stands, whatever both say: neither is lost, and somebody is told.
func settle(rows []saying, keys int) (stands []bool, steps []step) {
	s := &settling{rows: rows, keys: make([]keyState, keys)}
	for i := range s.keys {
		s.keys[i] = keyState{row: -1, thing: -1, by: -1, last: -1, waits: -1, taken: -1}
	}
	for from := 0; from < len(rows); {
		to := from
		for to < len(rows) && rows[to].Batch == rows[from].Batch {
			to++
		}
		s.file(from, to)
		from = to
	}
	stands = make([]bool, len(rows))
	for _, k := range s.keys {
		if k.row >= 0 {
			stands[k.row] = true
		}
	}
	return stands, s.kept()
}

type settling struct {
	rows   []saying
	keys   []keyState
	things []thing
	steps  []step

	// of one try to take in a file
	undo  []func()
	takes map[int]taking // what rows took
	clash map[int]int    // rows that were to get a key under which another stood, and that one
}

// taking is the thing that a row takes away, and the row that stands under the row's own key until it does.
type taking struct{ thing, over int }

// kept are the steps without those that were said to have found nothing and found their row later.
func (s *settling) kept() []step {
	late := map[int]bool{}
	for _, st := range s.steps {
		if st.found == foundLate {
			late[st.row] = true
		}
	}
	return slices.DeleteFunc(s.steps, func(st step) bool { return st.found == foundNothing && late[st.row] })
}

// file takes in the rows of one file. Those that were to get a key under which another row stands are
// left out, and what hangs on them may meet another row then.
func (s *settling) file(from, to int) {
	f := &filing{from: from, to: to, stood: map[int]bool{}, filed: map[int]bool{}, out: map[int]bool{}, taken: map[int]int{}}
	undone := map[int]string{} // rows that were withdrawn or replaced before they came
	for i := from; i < to; i++ {
		r := &s.rows[i]
		f.stood[r.Named] = s.keys[r.Named].row >= 0
		if r.Action == contract.Withdraw {
			continue
		}
		f.filed[r.Own] = s.keys[r.Own].filed
		if found := s.undone(i); found != "" {
			undone[i] = found
		}
	}
	for _, i := range slices.Sorted(maps.Keys(undone)) {
		s.refuse(i, undone[i])
		f.out[i] = true
	}
	for i, found := range undone {
		if found != foundOlder {
			s.keys[s.rows[i].Own].waits = -1 // what it waited for has come
		}
	}
	for {
		s.undo, s.takes, s.clash = nil, map[int]taking{}, map[int]int{}
		steps := len(s.steps)
		s.try(f)
		if len(s.clash) == 0 {
			return
		}
		for _, undo := range slices.Backward(s.undo) {
			undo()
		}
		s.steps = s.steps[:steps]
		for i, stands := range s.clash {
			f.out[i] = true
			if !s.done(i) {
				f.taken[i] = stands
			}
		}
	}
}

// filing is a file that is taken in.
type filing struct {
	from, to     int
	stood, filed map[int]bool // keys before the file
	out          map[int]bool // rows that do nothing
	taken        map[int]int  // of them those that were to get a key under which another row stands, and that one
}

// try takes in a file as long as no row of it clashes with another.
func (s *settling) try(f *filing) {
	for _, i := range slices.Sorted(maps.Keys(f.taken)) {
		s.steps = append(s.steps, step{row: i, old: f.taken[i], step: s.rows[i].Action, found: foundTaken, named: s.rows[i].Named, at: -1})
	}
	maker := map[int]int{} // the row that moves something to a key
	for i := f.from; i < f.to; i++ {
		if !f.out[i] && s.moves(i) {
			maker[s.rows[i].Own] = i
		}
	}
	after := map[int]int{}    // rows that name what another row of the file makes, and that row
	var arrivals, again []int // rows that take a key under which something had been filed, and those that name what another row has taken
	for i := f.from; i < f.to; i++ {
		if f.out[i] {
			continue
		}
		r := &s.rows[i]
		made, ok := maker[r.Named]
		switch {
		case s.moves(i) && ok && made != i && !f.stood[r.Named] && s.keys[r.Named].row < 0:
			after[i] = made
		case s.takesAway(i) && s.moving(r.Named):
			again = append(again, i)
		case s.moves(i) && f.filed[r.Own]:
			s.take(i)
			arrivals = append(arrivals, i)
		default:
			s.takeIn(i)
		}
	}
	for _, i := range arrivals {
		s.put(i)
	}
	for _, i := range again {
		s.takeIn(i)
	}
	s.chains(after)
}

// takeIn takes away what a row names, and puts the row.
func (s *settling) takeIn(i int) {
	if s.takesAway(i) {
		s.take(i)
	}
	if s.rows[i].Action != contract.Withdraw {
		s.put(i)
	}
}

// chains takes in rows each of which names what another one makes, behind that one. Rows in a
// ring speak of what was filed before all of them.
func (s *settling) chains(after map[int]int) {
	reached := map[int]int{} // from which row
	for _, i := range slices.Sorted(maps.Keys(after)) {
		var path []int
		at := i
		for ; reached[at] == 0; at = after[at] {
			if _, more := after[at]; !more {
				break
			}
			path, reached[at] = append(path, at), i+1
		}
		if ring := slices.Index(path, at); ring >= 0 {
			var first, again []int
			for _, r := range slices.Sorted(slices.Values(path[ring:])) {
				if s.moving(s.rows[r].Named) {
					again = append(again, r)
					continue
				}
				s.take(r)
				first = append(first, r)
			}
			for _, r := range first {
				s.put(r)
			}
			for _, r := range again {
				s.takeIn(r)
			}
			path = path[:ring]
		}
		for _, r := range slices.Backward(path) {
			s.takeIn(r)
		}
	}
}

// moves reports whether a row takes the place of what stood under another key.
func (s *settling) moves(i int) bool {
	return s.rows[i].Action == contract.Replace && s.rows[i].Own != s.rows[i].Named
}

func (s *settling) takesAway(i int) bool {
	return s.rows[i].Action == contract.Withdraw || s.rows[i].Action == contract.Replace
}

// moving reports whether what a key means is between two keys.
func (s *settling) moving(key int) bool {
	t := s.keys[key].thing
	return t >= 0 && s.things[t].moving
}

// done reports whether a row that was to move something says what an earlier one had done: the same key was given
// to what stands there by a row that named the same, and it says the same. Under the key that it names stands
// nothing, or what the file of that earlier row had moved there: of anything else it may speak.
func (s *settling) done(i int) bool {
	r := &s.rows[i]
	own, named := &s.keys[r.Own], &s.keys[r.Named]
	return own.row >= 0 && own.by >= 0 && s.rows[own.row].Says == r.Says && s.rows[own.by].Named == r.Named &&
		(named.row < 0 || named.by >= 0 && s.rows[named.by].Batch == s.rows[own.by].Batch)
}

// undone tells as what a row has been withdrawn or replaced before it came, or that it says of an earlier day
// what is known otherwise, "" if neither is so. A
// step holds against the row it had waited for, which is one of a file no newer than its own;
// against rows that say again what had been said; and against rows without a word in files older
// than its own. A row that says 补报 or 更正, or stands in a file called so, counts all the same,
// unless that had been said in this way before.
func (s *settling) undone(i int) string {
	r := &s.rows[i]
	k := &s.keys[r.Own]
	older := ""
	if k.row >= 0 && r.Dated && !r.Marked && r.On.Before(s.things[k.thing].on) {
		older = foundOlder
	}
	switch {
	case k.row >= 0 && s.rows[k.row].Says == r.Says:
		return ""
	case k.last < 0:
		return older
	}
	on := s.rows[k.last].On
	switch {
	case k.waits >= 0 && !r.On.After(s.rows[k.waits].On):
		return foundLate
	case r.Marked && !r.On.After(on) && slices.Contains(k.said, told{r.Says, true}),
		!r.Marked && (r.On.Before(on) || k.knows(r.Says)):
		return foundResent
	}
	return older
}

// refuse notes a row that was withdrawn or replaced before it came.
func (s *settling) refuse(i int, found string) {
	r := &s.rows[i]
	k := &s.keys[r.Own]
	switch by := k.last; found {
	case foundOlder:
		s.steps = append(s.steps, step{row: i, old: k.row, step: stepAgain, found: found, named: r.Own, at: -1})
	case foundLate:
		by = k.waits
		fallthrough
	default:
		s.steps = append(s.steps, step{row: by, old: i, step: s.rows[by].Action, found: found, named: r.Own, at: -1})
		k.taken = i
	}
	k.filed = true
	k.said = append(k.said, told{r.Says, r.Marked})
}

// take takes away what a row names.
func (s *settling) take(i int) {
	r := &s.rows[i]
	at := s.now(r.Named)
	named, k := s.key(r.Named), s.key(at)
	if named.thing < 0 {
		named.thing = s.begin(r.Named)
	}
	of, t := named.thing, s.thing(named.thing)
	st := step{row: i, old: k.row, step: r.Action, found: foundRow, named: r.Named, at: -1}
	switch {
	case k.row < 0 && t.withdrawn:
		st.found = foundWithdrawn
	case k.row < 0:
		st.found = foundNothing
	case at != r.Named:
		st.found, st.at = foundMoved, at
	}
	s.steps = append(s.steps, st)
	if k.row < 0 && !named.filed {
		named.waits = i
	}
	named.last, k.last = i, i
	if k.row >= 0 {
		k.taken = k.row
	}
	if r.Action == contract.Withdraw {
		k.row, t.withdrawn = -1, true
		return
	}
	s.takes[i], t.moving = taking{of, -1}, true
	if at == r.Own { // it stands until the row does
		s.takes[i] = taking{of, k.row}
		return
	}
	k.row = -1
	t.key, t.withdrawn = r.Own, false
	s.key(r.Own).last = i
}

// now is the key under which stands what a key means, or the last one under which it did.
func (s *settling) now(key int) int {
	k := s.keys[key]
	if k.row >= 0 || k.thing < 0 {
		return key
	}
	if at := s.things[k.thing].key; s.keys[at].thing == k.thing {
		return at
	}
	return key // it was withdrawn, and another thing got its key
}

// put lets a row stand under its key, unless another thing does, or a row of its own file.
func (s *settling) put(i int) {
	r := &s.rows[i]
	k := s.key(r.Own)
	of, takes := s.takes[i]
	if s.moves(i) && k.row >= 0 && k.row != of.over {
		s.clash[i] = k.row
		return
	}
	if _, took := s.takes[k.row]; took && !takes && s.moves(k.row) {
		s.clash[k.row] = i
		return
	}
	if r.Action != contract.Replace {
		again := step{row: i, old: k.row, step: stepAgain, found: foundRow, named: r.Own, at: -1}
		if k.row < 0 && k.thing >= 0 {
			again.old, again.found = k.taken, foundWithdrawn
			if at := s.things[k.thing].key; at != r.Own {
				again.found, again.at = foundMoved, at
			}
		}
		if again.old >= 0 && (k.row < 0 || s.rows[k.row].Says != r.Says) {
			s.steps = append(s.steps, again)
		}
	}
	if !takes {
		of.thing = k.thing
		if k.thing < 0 || s.things[k.thing].key != r.Own { // what the key meant has another now
			of.thing = s.begin(r.Own)
		}
	}
	if k.thing != of.thing {
		k.thing, k.by = of.thing, -1
	}
	if s.moves(i) && (k.by < 0 || s.rows[k.by].Named != r.Named) {
		k.by = i
	}
	t := s.thing(of.thing)
	t.key, t.withdrawn, t.moving = r.Own, false, false
	k.row, k.filed = i, true
	if t.on.Before(r.On) {
		t.on = r.On
	}
	k.said = append(k.said, told{r.Says, r.Marked})
}

// key is a key that changes, which the try can take back.
func (s *settling) key(key int) *keyState {
	was := s.keys[key]
	s.undo = append(s.undo, func() { s.keys[key] = was })
	return &s.keys[key]
}

func (s *settling) thing(of int) *thing {
	was := s.things[of]
	s.undo = append(s.undo, func() { s.things[of] = was })
	return &s.things[of]
}

// begin is a new thing under a key.
func (s *settling) begin(key int) int {
	s.things = append(s.things, thing{key: key})
	s.undo = append(s.undo, func() { s.things = s.things[:len(s.things)-1] })
	return len(s.things) - 1
}
