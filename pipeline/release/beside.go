package release

import (
	"fmt"
	"os"
	"path/filepath"

	"citykpi/pipeline/durable"
	"citykpi/pipeline/kpi"
)

// A release made for an earlier date, for a day to come, or for what was known at an earlier time, is
// put beside those that serve: it never does so itself, is not the newest, and waits for no pin.

// SayBeside writes into a release under way, whose pages are rendered, what they say above
// themselves: that they are not what serves.
func (s Store) SayBeside(dir string, m Manifest) error {
	path := filepath.Join(dir, NoticeFile)
	if _, err := os.Lstat(path); err != nil {
		return nil // it has no pages
	}
	if err := durable.WriteFile(path, []byte(m.besideNotice())); err != nil {
		return fmt.Errorf("say on the pages of %s that it does not serve: %w", m.ID, err)
	}
	return nil
}

// Ahead reports that the release is for a day that was to come when it was made.
func (m Manifest) Ahead() bool { return m.AsOf.After(kpi.DateOf(m.CreatedAt)) }

func (m Manifest) besideNotice() string { return noticeOf("本页为" + m.WhyBeside()) }

// WhyBeside is what pages and reports of a release beside those that serve say of it, "" of any other.
func (m Manifest) WhyBeside() string {
	switch {
	case !m.Beside:
		return ""
	case m.Ahead():
		return fmt.Sprintf("旁列版本，不是现行版本：统计日期 %s 尚未到来，制作于 %s。", m.AsOf, kpi.DateOf(m.CreatedAt))
	}
	return fmt.Sprintf("旁列版本，不是现行版本：数据截至 %s，只含 %s 以前收到的文件。", m.AsOf, m.KnownAt.Format("2006-01-02 15:04"))
}

// Twin is the whole release beside those that serve that is a function of the same as another would be.
func (s Store) Twin(fingerprint string) (Manifest, bool) {
	all, _, _ := s.List() // what cannot be read is said elsewhere
	pin, _ := s.Pinned()
	for _, m := range all {
		if m.Beside && m.Fingerprint == fingerprint && s.look(m, pin) == nil {
			return m, true
		}
	}
	return Manifest{}, false
}
