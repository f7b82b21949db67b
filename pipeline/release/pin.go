package release

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"citykpi/pipeline/durable"
)

// pinnedFile lies beside CURRENT. While it is there it, and not CURRENT, says what serves:
// so that one write pins and one removal lifts, and a kill in between leaves no doubt.
const pinnedFile = "PINNED"

// pinBytes is what the record may be at most: it names the releases there were.
const pinBytes = 8 << 20

// NoticeFile is the one file of a release that may change after it was published: every
// page reads it. It is published empty, and holds a notice only while a pin stands; Verify
// holds it against that pin, so that nothing else can be written into it unseen.
const NoticeFile = SiteDir + "/assets/notice.css"

var (
	// ErrNotPinned is returned by Unpin when no release is pinned.
	ErrNotPinned = errors.New("no release is pinned")
	// ErrPin is returned when the record of a pin cannot be read: what serves is then not known.
	ErrPin = errors.New("the record of the pinned release cannot be read. Try: citykpi release rollback ID, or citykpi release unpin")
)

// Pin says that a release serves until somebody lifts it. Releases that are made
// meanwhile wait.
type Pin struct {
	Release string    `json:"release"`
	At      time.Time `json:"at"`
	By      string    `json:"by"`
	Reason  string    `json:"reason,omitempty"`
	Before  []string  `json:"before"`        // releases there were when the first pin was set: later ones wait
	Was     *Pin      `json:"was,omitempty"` // that this one took the place of: after a kill pages may still say so
}

// Waits says whether a release was made while the pin stood.
func (p *Pin) Waits(id string) bool {
	return p != nil && id != p.Release && !slices.Contains(p.Before, id)
}

func (p *Pin) String() string {
	s := fmt.Sprintf("release %s is pinned since %s by %s", p.Release, p.At.Format("2006-01-02 15:04"), p.By)
	if p.Reason != "" {
		s += " (" + p.Reason + ")"
	}
	return s
}

// Pinned is the pin that stands, nil if none does. Errors: ErrPin.
func (s Store) Pinned() (*Pin, error) {
	text, err := durable.ReadRegular(s.pinned, pinBytes)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPin, err)
	}
	var p Pin
	if err := json.Unmarshal(text, &p); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrPin, s.pinned, err)
	}
	if !isID(p.Release) {
		return nil, fmt.Errorf("%w: %s names no release", ErrPin, s.pinned)
	}
	return &p, nil
}

// known is the pin that stands. One whose record cannot be read counts as none, and what the pages
// say of it is taken back, as no release would be found whole with a notice that nobody can check.
func (s Store) known() (*Pin, error) {
	pin, err := s.Pinned()
	if errors.Is(err, ErrPin) {
		return nil, s.notices(nil)
	}
	return pin, err
}

// Rollback makes a release serve, after verifying it, until Unpin. Only the holder of the
// run lock may call it.
func (s Store) Rollback(p Pin) error {
	before, err := s.known()
	if err != nil {
		return err
	}
	if err := s.verify(p.Release, before); err != nil {
		return err
	}
	switch m, err := s.Get(p.Release); {
	case err != nil:
		return err
	case m.Ahead():
		return fmt.Errorf("release %s was made for %s, a day that was to come: such a release never serves. "+
			"Try: citykpi release list", p.Release, m.AsOf)
	case m.Beside:
		return fmt.Errorf("release %s (as of %s, known at %s) was put beside those that serve. "+
			"Try: citykpi run --serve with the --as-of or --known-at it was made for",
			p.Release, m.AsOf, m.KnownAt.Format("2006-01-02 15:04"))
	}
	if before != nil {
		p.Before, p.Was = before.Before, before
		p.Was.Was = nil
	} else if p.Before, err = s.IDs(); err != nil {
		return err
	}
	text, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return err
	}
	if err := durable.WriteFile(s.pinned, append(text, '\n')); err != nil {
		return fmt.Errorf("pin release %s: %w", p.Release, err)
	}
	durable.Step("pinned")
	return s.Settle()
}

// Unpin lifts the pin: the newest release that is whole serves. It returns that, and the
// ids of newer ones it passed over because they are damaged. Only the holder of the run
// lock may call it. Errors: ErrNotPinned, ErrNone.
func (s Store) Unpin() (serves Manifest, damaged []string, err error) {
	if pin, err := s.Pinned(); pin == nil && err == nil {
		return Manifest{}, nil, ErrNotPinned
	}
	pin, err := s.known()
	if err != nil {
		return Manifest{}, nil, err
	}
	all, broken, err := s.List()
	if err != nil {
		return Manifest{}, nil, err
	}
	for id := range broken {
		damaged = append(damaged, id)
	}
	slices.Sort(damaged)
	for _, m := range all {
		if m.Beside {
			continue
		}
		if err := s.verify(m.ID, pin); err == nil {
			serves = m
			break
		}
		damaged = append(damaged, m.ID)
	}
	if serves.ID == "" {
		return serves, damaged, fmt.Errorf("lift the pin: no release is whole: %w. Try: citykpi run --full", ErrDamaged)
	}
	// While PINNED is there it counts: so it goes last.
	if err := s.point(serves.ID); err != nil {
		return serves, damaged, err
	}
	durable.Step("pointer switched")
	if err := s.notices(nil); err != nil {
		return serves, damaged, err
	}
	if err := os.Remove(s.pinned); err != nil {
		return serves, damaged, fmt.Errorf("lift the pin: %w", err)
	}
	durable.Step("unpinned")
	return serves, damaged, durable.Sync(filepath.Dir(s.pinned))
}

// Settle brings CURRENT and the pages' notices to what the pin says, which a kill may have
// left behind. Only the holder of the run lock may call it.
func (s Store) Settle() error {
	pin, err := s.Pinned()
	if err != nil {
		return err
	}
	if pin != nil {
		text, err := durable.ReadRegular(s.pointer, 1<<10)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("read CURRENT: %w", err)
		}
		if strings.TrimSpace(string(text)) != pin.Release {
			if err := s.point(pin.Release); err != nil {
				return err
			}
			durable.Step("pointer switched")
		}
	}
	return s.notices(pin)
}

// notices writes into every release's site how it serves. A release whose site has no such
// file, because an older version made it or because it is damaged, is left as it is.
func (s Store) notices(pin *Pin) error {
	ids, err := s.IDs()
	if err != nil {
		return err
	}
	for _, id := range ids {
		path, want := filepath.Join(s.Dir(id), NoticeFile), pin.notice(id)
		info, err := os.Lstat(path)
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		if info.Size() == 0 && want == "" {
			continue
		}
		if m, err := s.Get(id); err == nil && m.Beside && (pin == nil || pin.Release != id) {
			want = m.besideNotice()
		}
		if info.Size() == int64(len(want)) {
			if text, err := durable.ReadRegular(path, info.Size()); err == nil && string(text) == want {
				continue
			}
		}
		// Written outside the release: a kill must leave no file in it.
		temp := filepath.Join(s.root, buildingStart+"notice")
		if err := durable.WriteFile(temp, []byte(want)); err != nil {
			return fmt.Errorf("say on the pages of %s how it serves: %w", id, err)
		}
		err = errors.Join(as(temp, info), os.Rename(temp, path), durable.Sync(filepath.Dir(path)))
		if err != nil {
			return fmt.Errorf("say on the pages of %s how it serves: %w", id, err)
		}
		durable.Step("notice written")
	}
	return nil
}

// as gives a file the mode and the group of another: whoever may read the site reads on.
func as(path string, like fs.FileInfo) error {
	if stat, ok := like.Sys().(*syscall.Stat_t); ok {
		if err := os.Chown(path, -1, int(stat.Gid)); err != nil {
			return err
		}
	}
	return os.Chmod(path, like.Mode().Perm())
}

// notice is the style sheet that shows, above every page, how a release serves under the
// pin; "" where there is nothing to say. A style sheet can show a text and do nothing else.
func (p *Pin) notice(id string) string {
	var text string
	switch {
	case p == nil:
		return ""
	case id == p.Release:
		text = fmt.Sprintf("本页为回退发布：%s 由 %s 固定为版本 %s，此后产生的新版本暂不启用。", p.At.Format("2006-01-02 15:04"), p.By, id)
		if p.Reason != "" {
			text += "原因：" + p.Reason
		}
	case p.Waits(id):
		text = fmt.Sprintf("本页尚未启用：%s 起固定使用版本 %s，本版本待解除固定后启用。", p.At.Format("2006-01-02 15:04"), p.Release)
	default:
		text = fmt.Sprintf("本页不是现行版本：%s 起固定使用版本 %s。", p.At.Format("2006-01-02 15:04"), p.Release)
	}
	return noticeOf(text)
}

func noticeOf(text string) string {
	return `body::before{content:"` + cssText(text) + `";display:block;padding:.5em 1em;background:#fff4ce;color:#5c3b00;` +
		`border-bottom:2px solid #b7791f;font-weight:600;text-align:center;overflow-wrap:anywhere}` + "\n"
}

// cssText is a text as a CSS string holds it.
func cssText(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '"' || r == '\\' || r == '<':
			fmt.Fprintf(&b, `\%x `, r)
		case plainRune(r):
			b.WriteRune(r)
		default:
			b.WriteByte(' ')
		}
	}
	return b.String()
}
