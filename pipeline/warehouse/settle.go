package warehouse

import (
	"maps"
	"slices"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/source"
)

// What rows of files say of keys, told in the order in which it became known. A key is a number:
// that of its row in the table of all keys that some correction speaks of.

// saying is one row that says something of a key.
type saying struct {
	Batch  string
	Row    int64
	On     kpi.Date // the data date of its file
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
	row       int  // the saying that stands; -1: none
	became    int  // the key that took its place; -1: none
	withdrawn bool // what stood last was withdrawn
	last      int  // the saying that withdrew or replaced it last; -1: none did
	taken     int  // the saying that last had to give way, -1
	waits     int  // the saying that found nothing because nobody had filed the key yet, -1
	filed     bool
	said      []told
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
// another are exchanged, and of one another where one names a key that only another one makes. A
// key that was replaced means the row that took its place. A withdrawal or replacement holds
// against what is filed later under its key: against the row it had waited for, and against
// rows that come again (keyState.undone). A row does not get a key under which another one stands:
// neither is lost, and somebody is told.
func settle(rows []saying, keys int) (stands []bool, steps []step) {
	s := &settling{rows: rows, keys: make([]keyState, keys)}
	for i := range s.keys {
		s.keys[i] = keyState{row: -1, became: -1, last: -1, waits: -1, taken: -1}
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
	rows  []saying
	keys  []keyState
	steps []step
}

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

// file takes in the rows of one file.
func (s *settling) file(from, to int) {
	undone := map[int]string{}                     // rows that were withdrawn or replaced before they came
	maker := map[int]int{}                         // the row that moves something to a key
	stood, filed := map[int]bool{}, map[int]bool{} // keys before the file
	for i := from; i < to; i++ {
		r := &s.rows[i]
		stood[r.Named] = s.keys[r.Named].row >= 0
		if r.Action == source.Withdraw {
			continue
		}
		filed[r.Own] = s.keys[r.Own].filed
		if found := s.undone(i); found != "" {
			undone[i] = found
		} else if s.moves(i) {
			maker[r.Own] = i
		}
	}
	for i := from; i < to; i++ {
		if found := undone[i]; found != "" {
			s.refuse(i, found)
		}
	}
	for i := range undone {
		s.keys[s.rows[i].Own].waits = -1 // what it waited for has come
	}
	taken := s.collisions(from, to, undone)
	for _, i := range slices.Sorted(maps.Keys(taken)) {
		undone[i] = foundTaken
		s.steps = append(s.steps, step{row: i, old: taken[i], step: s.rows[i].Action, found: foundTaken, named: s.rows[i].Named, at: -1})
		if maker[s.rows[i].Own] == i {
			delete(maker, s.rows[i].Own)
		}
	}
	after := map[int]int{} // rows that name what another row of the file makes, and that row
	var arrivals []int     // rows that take a key under which something had been filed before
	for i := from; i < to; i++ {
		r := &s.rows[i]
		made, ok := maker[r.Named]
		switch {
		case undone[i] != "":
		case s.moves(i) && ok && made != i && !stood[r.Named] && s.keys[r.Named].row < 0:
			after[i] = made
		case s.moves(i) && filed[r.Own]:
			s.take(i)
			arrivals = append(arrivals, i)
		default:
			if r.Action == source.Withdraw || r.Action == source.Replace {
				s.take(i)
			}
			if r.Action != source.Withdraw {
				s.put(i)
			}
		}
	}
	s.puts(arrivals)
	s.chains(after)
}

// collisions are the rows of a file that would move something to a key under which another row stands
// and stays, or which another row of the file has, each with that row.
func (s *settling) collisions(from, to int, undone map[int]string) map[int]int {
	taken := map[int]int{}
	for {
		leaves, has := map[int]bool{}, map[int]int{} // keys that are left, and the first row that gets one
		for i := from; i < to; i++ {
			r := &s.rows[i]
			if _, no := taken[i]; no || undone[i] != "" {
				continue
			}
			if r.Action == source.Withdraw || r.Action == source.Replace {
				leaves[s.now(r.Named)] = true
			}
			if _, ok := has[r.Own]; !ok && r.Action != source.Withdraw {
				has[r.Own] = i
			}
		}
		before := len(taken)
		for i := from; i < to; i++ {
			if _, no := taken[i]; no || undone[i] != "" || !s.moves(i) {
				continue
			}
			r := &s.rows[i]
			if stands := s.keys[r.Own].row; stands >= 0 && !leaves[r.Own] && s.rows[stands].Says != r.Says {
				taken[i] = stands
			} else if first := has[r.Own]; first != i {
				taken[i] = first
			}
		}
		if len(taken) == before {
			return taken
		}
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
			rows := slices.Sorted(slices.Values(path[ring:]))
			for _, r := range rows {
				s.take(r)
			}
			s.puts(rows)
			path = path[:ring]
		}
		for _, r := range slices.Backward(path) {
			s.take(r)
			s.put(r)
		}
	}
}

func (s *settling) puts(rows []int) {
	for _, i := range rows {
		s.put(i)
	}
}

// moves reports whether a row takes the place of what stood under another key.
func (s *settling) moves(i int) bool {
	return s.rows[i].Action == source.Replace && s.rows[i].Own != s.rows[i].Named
}

// undone tells as what a row has been withdrawn or replaced before it came, "" if it has not. A
// step holds against the row it had waited for, which is one of a file no newer than its own;
// against rows that say again what had been said; and against rows without a word in files older
// than its own. A row that says 补报 or 更正, or stands in a file called so, counts all the same,
// unless that had been said in this way before.
func (s *settling) undone(i int) string {
	r := &s.rows[i]
	k := &s.keys[r.Own]
	if k.last < 0 || k.row >= 0 && s.rows[k.row].Says == r.Says {
		return ""
	}
	on := s.rows[k.last].On
	switch {
	case k.waits >= 0 && !r.On.After(s.rows[k.waits].On):
		return foundLate
	case r.Marked && !r.On.After(on) && slices.Contains(k.said, told{r.Says, true}),
		!r.Marked && (r.On.Before(on) || k.knows(r.Says)):
		return foundResent
	}
	return ""
}

// refuse notes a row that was withdrawn or replaced before it came.
func (s *settling) refuse(i int, found string) {
	r := &s.rows[i]
	k := &s.keys[r.Own]
	by := k.last
	if found == foundLate {
		by = k.waits
	}
	s.steps = append(s.steps, step{row: by, old: i, step: s.rows[by].Action, found: found, named: r.Own, at: -1})
	k.taken, k.filed = i, true
	k.said = append(k.said, told{r.Says, r.Marked})
}

// take takes away what a row names.
func (s *settling) take(i int) {
	r := &s.rows[i]
	named, at := &s.keys[r.Named], s.now(r.Named)
	k := &s.keys[at]
	st := step{row: i, old: k.row, step: r.Action, found: foundRow, named: r.Named, at: -1}
	switch {
	case k.row < 0 && k.withdrawn:
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
	switch {
	case r.Action == source.Withdraw:
		k.row, k.withdrawn, k.became = -1, true, -1
	case at == r.Own: // it stands until the row does
	default:
		k.row, k.withdrawn, k.became = -1, false, r.Own
		s.keys[r.Own].last = i
	}
}

// now is the key under which stands what once stood under a key, or the last one under which it did.
func (s *settling) now(key int) int {
	seen := map[int]bool{}
	for s.keys[key].row < 0 && s.keys[key].became >= 0 && !seen[key] {
		seen[key] = true
		key = s.keys[key].became
	}
	return key
}

// put lets a row stand under its key.
func (s *settling) put(i int) {
	r := &s.rows[i]
	k := &s.keys[r.Own]
	if r.Action != source.Replace {
		again := step{row: i, old: k.row, step: stepAgain, found: foundRow, named: r.Own, at: -1}
		if k.row < 0 {
			again.old, again.at, again.found = k.taken, k.became, foundMoved
			if k.withdrawn {
				again.found = foundWithdrawn
			}
		}
		if again.old >= 0 && (k.row < 0 || s.rows[k.row].Says != r.Says) {
			s.steps = append(s.steps, again)
		}
	}
	k.row, k.became, k.withdrawn, k.filed = i, -1, false, true
	k.said = append(k.said, told{r.Says, r.Marked})
}
