package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"os/user"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"citykpi/pipeline"
	"citykpi/pipeline/release"

	"github.com/spf13/cobra"
)

func (a *app) releaseCmd() *cobra.Command {
	return group("release", "What was published: list, show, verify, roll back and lift that again",
		verb("list", "All releases, newest first", cobra.NoArgs, a.releaseList),
		verb("show [ID]", "What a release was made from; the current one by default", cobra.MaximumNArgs(1), a.releaseShow),
		verb("verify [ID]", "Hold every file of a release against its hashes", cobra.MaximumNArgs(1), a.releaseVerify),
		a.releaseRollbackCmd(),
		verb("unpin", "Lift a rollback: the newest whole release serves", cobra.NoArgs, a.releaseUnpin),
	)
}

// releaseRecord is a release and how it stands.
type releaseRecord struct {
	release.Manifest
	Current bool `json:"current"`
	Pinned  bool `json:"pinned"`
	Waiting bool `json:"waiting"`
}

func (a *app) releaseList(*cobra.Command, []string) error {
	p, err := a.open()
	if err != nil {
		return err
	}
	store := pipeline.Releases(p)
	all, broken, err := store.List()
	if err != nil {
		return err
	}
	stands, err := store.Standing()
	if err != nil && !errors.Is(err, release.ErrPin) { // without the pin it is not known what serves; what there is, is
		return err
	}
	records := []releaseRecord{}
	l := listing{columns: []string{"release", "as of", "created", "batches", "checks", ""}, right: []string{"batches"}}
	for _, m := range all {
		r := releaseRecord{Manifest: m, Current: m.ID == stands.Serving.ID,
			Pinned: stands.Pin != nil && m.ID == stands.Pin.Release, Waiting: !m.Beside && stands.Pin.Waits(m.ID)}
		records = append(records, r)
		l.add(m.ID, m.AsOf.String(), m.CreatedAt.Format(toMinute),
			count(int64(len(m.Batches))), checkCounts(m.Checks), r.standing())
	}
	for _, id := range slices.Sorted(maps.Keys(broken)) {
		l.add(id, "", "", "", "", "damaged")
	}
	if err := errors.Join(a.print(l, records), err); err != nil {
		return err
	}
	a.sayPin(stands)
	for _, id := range slices.Sorted(maps.Keys(broken)) {
		fmt.Fprintln(a.err, broken[id])
	}
	if stands.Damage != nil {
		fmt.Fprintf(a.err, "%v. Try: %s\n", stands.Damage, store.Offer(stands.Serving.ID))
	}
	return nil
}

func (r releaseRecord) standing() string {
	var words []string
	switch {
	case r.Current && r.Pinned:
		words = append(words, "current, pinned")
	case r.Current:
		words = append(words, "current")
	case r.Beside:
		words = append(words, "beside")
	case r.Waiting:
		words = append(words, "waiting")
	}
	if !r.Until.IsZero() {
		words = append(words, "known at "+r.Until.Format(toMinute))
	}
	return strings.Join(words, ", ")
}

// sayPin says beside a result that a release is pinned, and what waits for that to be lifted.
func (a *app) sayPin(stands release.Standing) {
	if stands.Pin == nil {
		return
	}
	fmt.Fprintf(a.err, "%s; %d made since then wait. Try: citykpi release unpin\n", stands.Pin, len(stands.Waiting))
}

// manifest is that of the release an argument names, or of the current one.
func (a *app) manifest(args []string) (release.Store, release.Manifest, error) {
	p, err := a.open()
	if err != nil {
		return release.Store{}, release.Manifest{}, err
	}
	store := pipeline.Releases(p)
	if len(args) == 0 {
		m, err := store.Current()
		return store, m, err
	}
	m, err := store.Get(args[0])
	return store, m, err
}

// knownAt is when the newest batch of a release was loaded, or up to when batches could be in it.
func knownAt(m release.Manifest) string {
	if m.Until.IsZero() {
		return m.KnownAt.Format("2006-01-02 15:04:05")
	}
	return m.Until.Format("2006-01-02 15:04:05") + ", as asked for; what came later is left out"
}

func (a *app) releaseShow(_ *cobra.Command, args []string) error {
	_, m, err := a.manifest(args)
	if err != nil {
		return err
	}
	if a.format == "json" {
		return writeJSON(a.out, m)
	}
	l := listing{columns: []string{"what", "value"}}
	l.rows = [][]string{
		{"id", m.ID}, {"created at", m.CreatedAt.Format("2006-01-02 15:04:05")}, {"as of", m.AsOf.String()},
		{"known at", knownAt(m)}, {"fingerprint", m.Fingerprint},
		{"batches", count(int64(len(m.Batches)))}, {"checks", checkCounts(m.Checks)}, {"files", count(int64(len(m.Hashes)))},
	}
	return a.print(l, m)
}

func (a *app) releaseVerify(_ *cobra.Command, args []string) error {
	store, m, err := a.manifest(args)
	if err != nil {
		return err
	}
	if err := store.Verify(m.ID); err != nil {
		return err
	}
	fmt.Fprintf(a.out, "release %s is whole: %d files as published\n", m.ID, len(m.Hashes))
	return nil
}

func (a *app) releaseRollbackCmd() *cobra.Command {
	var reason string
	cmd := &cobra.Command{Use: "rollback ID", Short: "Make an earlier release serve until release unpin", Args: usage(cobra.ExactArgs(1)),
		Long: `Rollback pins a release, after holding every file of it against its hashes. Runs go
on to make releases, which wait; the site says on every page that it is a release
rolled back to. release unpin lifts the pin: then the newest whole release serves.`,
		RunE: func(c *cobra.Command, args []string) error { return a.rollback(c, args[0], reason) }}
	cmd.Flags().StringVar(&reason, "reason", "", "why; the pages and release list say it")
	return cmd
}

// longestReason is what fits above a page.
const longestReason = 200

// unseen are characters that would do something to a terminal or a page: controls, bidi marks.
func unseen(r rune) bool { return !unicode.IsGraphic(r) }

func (a *app) rollback(c *cobra.Command, id, reason string) error {
	reason = strings.TrimSpace(reason)
	if utf8.RuneCountInString(reason) > longestReason || strings.ContainsFunc(reason, unseen) || !utf8.ValidString(reason) {
		return fmt.Errorf("%w: --reason: want one line of at most %d characters", errUsage, longestReason)
	}
	now, err := a.clock()
	if err != nil {
		return err
	}
	p, err := a.open()
	if err != nil {
		return err
	}
	p.Patience = a.patience(c)
	unlock, err := p.Lock(c.Context())
	if err != nil {
		return err
	}
	defer unlock()
	if err := pipeline.Releases(p).Rollback(release.Pin{Release: id, At: now, By: operator(), Reason: reason}); err != nil {
		return err
	}
	fmt.Fprintf(a.out, "release %s serves now and is pinned: those made from now on wait until citykpi release unpin\n", id)
	return nil
}

// operator is who gave the command: the account, and the person behind sudo where there is one.
func operator() string {
	name := fmt.Sprintf("uid %d", os.Getuid())
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	if person := os.Getenv("SUDO_USER"); person != "" && person != name && !strings.ContainsFunc(person, unseen) {
		name = person + " (" + name + ")"
	}
	return name
}

func (a *app) releaseUnpin(c *cobra.Command, _ []string) error {
	p, err := a.open()
	if err != nil {
		return err
	}
	p.Patience = a.patience(c)
	unlock, err := p.Lock(c.Context())
	if err != nil {
		return err
	}
	defer unlock()
	serves, damaged, err := pipeline.Releases(p).Unpin()
	if err != nil {
		return err
	}
	for _, id := range damaged {
		fmt.Fprintf(a.err, "release %s is damaged and was passed over. Try: citykpi release verify %s\n", id, id)
	}
	fmt.Fprintf(a.out, "release %s serves now; none is pinned\n", serves.ID)
	return nil
}
