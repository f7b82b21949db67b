package load

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"

	"citykpi/pipeline/durable"
	"citykpi/pipeline/inbox"
	"citykpi/pipeline/project"
	"citykpi/pipeline/source"
)

// claim claims every entry; those that cannot be are absent, so that what is wrong is said.
func (i *intake) claim(ctx context.Context, entries []*inbox.Entry) (files []file, err error) {
	originals, err := i.inbox.Claim(ctx, entries)
	for at, e := range entries {
		in := &input{}
		in.name, _ = source.NameText(e.Name)
		var waiting *inbox.Waiting
		switch {
		case errors.Is(e.Err, inbox.ErrGone):
			continue // its bureau has taken it back
		case errors.As(e.Err, &waiting):
			in.result.Status, in.result.Error = StatusWaiting, e.Err.Error()
		case e.Err != nil:
			in.refuse(e.Err)
		case originals != nil && originals[at] != nil:
			in.original, in.claimed = originals[at], true
			files = append(files, in)
			continue
		}
		files = append(files, &absent{in})
	}
	if err != nil {
		giveBackAll(files)
		return nil, durable.Disk(err)
	}
	return files, nil
}

// claimNamed are the files that somebody names. Those of the inbox are claimed, with what runs that
// died had claimed under their names; others are read where they lie.
func (i *intake) claimNamed(ctx context.Context, paths []string) ([]file, error) {
	var outside []file
	var names []string
	for _, at := range paths {
		at = unmasked(i.project, at)
		if name, ok := inboxName(i.project, at); ok {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
			continue
		}
		in := &input{}
		in.name, _ = source.NameText(filepath.Base(at))
		var err error
		if in.original, err = inbox.Outside(at); err != nil {
			in.refuse(err)
			outside = append(outside, &absent{in})
			continue
		}
		outside = append(outside, in)
	}
	if len(names) == 0 {
		return outside, nil
	}
	all, err := i.inbox.List()
	if err != nil {
		return nil, err
	}
	wanted := map[string]bool{} // as it is called on the disk, or as it is printed
	for _, name := range names {
		wanted[name] = true
	}
	entries := slices.DeleteFunc(all, func(e *inbox.Entry) bool {
		text, _ := source.NameText(e.Name)
		return !wanted[e.Name] && !wanted[text]
	})
	files, err := i.claim(ctx, entries)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		text, _ := source.NameText(name)
		if !slices.ContainsFunc(files, func(f file) bool { return f.base().name == text }) {
			in := &input{name: text}
			in.refuse(fmt.Errorf("%s: %w. Try: look into var/inbox", name, inbox.ErrGone))
			files = append(files, &absent{in})
		}
	}
	return append(files, outside...), nil
}

// inboxName is the name of a file below the inbox, if that is where it lies.
func inboxName(p *project.Project, file string) (name string, ok bool) {
	below := func(root, file string) bool {
		rel, err := filepath.Rel(root, file)
		name = filepath.ToSlash(rel)
		return err == nil && filepath.IsLocal(rel)
	}
	root, err := filepath.Abs(p.Var("inbox"))
	if err != nil {
		return "", false
	}
	at, err := filepath.Abs(file)
	if err != nil {
		return "", false
	}
	if below(root, at) {
		return name, true
	}
	root, err = filepath.EvalSymlinks(root)
	if err != nil {
		return "", false
	}
	dir, err := filepath.EvalSymlinks(filepath.Dir(at))
	return name, err == nil && below(root, filepath.Join(dir, filepath.Base(at)))
}

// giveBack puts the input's original back into the inbox. Where it lies then, or why it does not, is
// said of the input, and of what waits in it for somebody to confirm.
func (in *input) giveBack() {
	was := in.original.Name
	now, err := in.original.GiveBack()
	switch {
	case err != nil:
		in.result.Error += "; " + err.Error()
	case now != was:
		in.result.Notes = append(in.result.Notes, fmt.Sprintf("a newer %s has come: this one lies in the inbox as %s", path.Base(was), now))
	}
	of := []*input{in}
	if in.zip != nil {
		of = in.zip.members
	}
	for _, in := range of {
		in.result.at = in.original.Name
		if in.result.Held != nil {
			in.tellHeld()
		}
	}
}

// giveBackAll puts back what is still claimed: of a load that could not go on. What cannot
// be put back is taken up by the next run.
func giveBackAll(files []file) {
	for _, f := range files {
		if original := f.base().original; original != nil && original.Claimed() {
			_, _ = original.GiveBack()
		}
	}
}

// keep makes the bytes of a claimed original durable, before a manifest can say that they are kept.
func (in *input) keep() error {
	if !in.original.Claimed() {
		return nil
	}
	if err := in.original.Sync(); err != nil && !errors.Is(err, inbox.ErrReplaced) { // which Unchanged tells
		return durable.Disk(fmt.Errorf("keep %s: %w", in.name, err))
	}
	return nil
}

// StillThere reports that a file which was held lies in the inbox, or was claimed by a run that died.
func StillThere(p *project.Project, name string) bool {
	_, err := os.Stat(unmasked(p, p.Var("inbox", filepath.FromSlash(name))))
	if !errors.Is(err, os.ErrNotExist) { // one in an archive is "not a directory"
		return true
	}
	runs, _ := os.ReadDir(p.Var("inbox-claimed"))
	return slices.ContainsFunc(runs, func(run os.DirEntry) bool {
		_, err := os.Stat(unmasked(p, p.Var("inbox-claimed", run.Name(), filepath.FromSlash(name))))
		return !errors.Is(err, os.ErrNotExist)
	})
}
