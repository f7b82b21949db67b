package book

import "citykpi/pipeline/source/grid"

// Strings is the string table of a workbook, in one piece of memory.
type Strings struct {
	Text  []byte // of all strings; append to it, then End
	Odd   bool   // it may hold U+FFFD or invisible characters
	ends  []uint32
	leads map[int]int // of those in runs of several fonts: how many bytes are in the cell's own
}

// Count is how many strings there are.
func (s *Strings) Count() int { return len(s.ends) }

func (s *Strings) at(i int) []byte {
	from := uint32(0)
	if i > 0 {
		from = s.ends[i-1]
	}
	return s.Text[from:s.ends[i]:s.ends[i]]
}

// End closes the string that was appended last; lead is how many of its bytes are in the font of its cell.
func (s *Strings) End(lead int) {
	s.ends = append(s.ends, uint32(len(s.Text)))
	if i := len(s.ends) - 1; lead < len(s.at(i)) {
		if s.leads == nil {
			s.leads = map[int]int{}
		}
		s.leads[i] = lead
	}
}

// In is string i as it stands in a cell whose font has a script.
func (s *Strings) In(script grid.Script, i int) []byte {
	text := s.at(i)
	lead, runs := s.leads[i]
	if !runs {
		lead = len(text)
	}
	return grid.InFontOfCell(script, text, lead)
}
