package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"citykpi/pipeline/durable"
	"citykpi/pipeline/project"
)

// reader is somebody else on this machine who can read what citykpi keeps: the others,
// or a group that nobody opened the site to.
type reader struct {
	name  string
	files int
	first []string // names of a few
	write bool     // can also change something
	blind bool     // and nobody asks who may read it
}

func (r *reader) sees(name string) {
	if r.files++; len(r.first) < 3 {
		r.first = append(r.first, name)
	}
}

func (r *reader) String() string {
	if r.files == 0 {
		return ""
	}
	more := ""
	if r.files > len(r.first) {
		more = ", …"
	}
	what := "read"
	switch {
	case r.write && r.blind:
		what = "change"
	case r.write:
		what = "read and change"
	}
	return fmt.Sprintf("%s can %s %s files: %s%s", r.name, what, count(int64(r.files)), strings.Join(r.first, ", "), more)
}

// exposure is who can read a part of var/.
type exposure struct{ others, group reader }

// checkExposed looks at who on this machine can read var/, where bureaus' files name
// people. Its mail boxes may be shared on purpose: these are a note, all else is wrong.
func (a *app) checkExposed() []finding {
	p := project.Project{Dir: a.project}
	dir, err := filepath.EvalSymlinks(p.Var())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return []finding{{"access", "wrong", err.Error()}}
	}
	served := ""
	if open, err := a.open(); err == nil {
		served = open.Config.SiteGroup
	}
	own, boxes, err := exposed(dir, served)
	if err != nil {
		return []finding{{"access", "wrong", err.Error() + ". Try: citykpi doctor as the user citykpi runs as"}}
	}
	var findings []finding
	foreign, owner, err := foreign(dir)
	if err != nil {
		return []finding{{"access", "wrong", err.Error() + ". Try: citykpi doctor as the user citykpi runs as"}}
	}
	if foreign.files > 0 {
		says := fmt.Sprintf("%s, who owns var, may be shut out of %s files: %s belongs to another user. Try: chown -R %s %s",
			owner, count(int64(foreign.files)), foreign.first[0], owner, dir)
		findings = append(findings, finding{"access", "wrong", says})
	}
	add := func(status string, r reader, command string) {
		if text := r.String(); text != "" {
			findings = append(findings, finding{"access", status, text + ". Try: " + command})
		}
	}
	add("wrong", own.others, "chmod o= "+dir)
	add("wrong", own.group, "chmod -R g= what it need not read; site_group in "+project.ConfigFile+" opens the site and nothing else")
	add("note", boxes.others, fmt.Sprintf("chmod -R o= %s/inbox %s/outbox, if nobody is meant to", dir, dir))
	changed, err := changeable(a.project)
	if err != nil {
		return []finding{{"access", "wrong", err.Error() + ". Try: citykpi doctor as the user citykpi runs as"}}
	}
	if changed.files > 0 {
		findings = append(findings, finding{"access", "wrong", changed.String() + ", which say what is computed. " +
			"Try: chmod -R o-w " + a.project})
	}
	if findings == nil {
		text := "nobody else can read what is kept in var"
		if served != "" {
			text += "; group " + served + " can read the site and the reports"
		}
		findings = []finding{{"access", "ok", text}}
	}
	return findings
}

// exposed walks var/: own is what is open of citykpi's own, boxes what is open of inbox and outbox.
func exposed(dir, served string) (own, boxes exposure, err error) {
	servedID := ""
	if g, err := user.LookupGroup(served); err == nil {
		servedID = g.Gid
	}
	own.others.name, boxes.others.name = "others", "others"
	// Who may not come as far as var/ sees nothing of it; a group is looked at from var/ on,
	// as each folder above may be another group's.
	barred := map[string]bool{}
	for above := filepath.Dir(dir); ; above = filepath.Dir(above) {
		info, err := os.Stat(above)
		if err != nil {
			return own, boxes, err
		}
		if info.Mode()&0o001 == 0 {
			barred[dir] = true
		}
		if above == filepath.Dir(above) {
			break
		}
	}
	closed := map[string]bool{} // folders that the group may not pass
	err = filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) || err == nil && info.Mode()&fs.ModeSymlink != 0 {
			return nil // gone meanwhile; or somewhere else
		}
		if err != nil {
			return err
		}
		above := filepath.Dir(path)
		stranger, mate := !barred[above] && !barred[path], !closed[above]
		gid := strconv.Itoa(int(info.Sys().(*syscall.Stat_t).Gid))
		if e.IsDir() {
			barred[path], closed[path] = !stranger || info.Mode()&0o001 == 0, !mate || info.Mode()&0o010 == 0
			if barred[path] && closed[path] {
				return fs.SkipDir
			}
			return nil
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		in, box := &own, false
		if first, _, _ := strings.Cut(rel, string(filepath.Separator)); first == "inbox" || first == "outbox" {
			in, box = &boxes, true
		}
		name := filepath.Join("var", rel)
		if stranger && info.Mode()&0o004 != 0 {
			in.others.sees(name)
			in.others.write = in.others.write || info.Mode()&0o002 != 0
		}
		if mate && !box && gid != servedID && info.Mode()&0o040 != 0 && !privateGroup(info) {
			in.group.name = "group " + groupName(gid)
			in.group.sees(name)
			in.group.write = in.group.write || info.Mode()&0o020 != 0
		}
		return nil
	})
	return own, boxes, err
}

// changeable is what others can change of a project's own files: its configuration, policies, contracts,
// models and schedules.
func changeable(dir string) (others reader, err error) {
	others = reader{name: "others", write: true, blind: true}
	for above := dir; ; above = filepath.Dir(above) {
		if above, err = filepath.Abs(above); err != nil {
			return others, err
		}
		info, err := os.Stat(above)
		if err != nil || info.Mode()&0o001 == 0 {
			return others, err
		}
		if above == filepath.Dir(above) {
			break
		}
	}
	for _, own := range []string{project.ConfigFile, "data", "sql", "schedules"} {
		err := filepath.WalkDir(filepath.Join(dir, own), func(path string, e fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			if err != nil {
				return err
			}
			info, err := e.Info()
			if err != nil {
				return err
			}
			sticky := e.IsDir() && info.Mode()&fs.ModeSticky != 0
			if info.Mode()&fs.ModeSymlink == 0 && info.Mode()&0o002 != 0 && !sticky {
				rel, _ := filepath.Rel(dir, path)
				others.sees(rel)
			}
			if e.IsDir() && info.Mode()&0o001 == 0 {
				return fs.SkipDir
			}
			return nil
		})
		if err != nil {
			return others, err
		}
	}
	return others, nil
}

// foreign is what of var/ belongs to another user than var itself, and who owns that: a command
// that was run as root leaves it. Mail boxes hold files of others, and so may what was claimed of them.
func foreign(dir string) (others reader, owner string, err error) {
	info, err := os.Stat(dir)
	if err != nil {
		return others, "", err
	}
	uid := func(info fs.FileInfo) int { return int(info.Sys().(*syscall.Stat_t).Uid) }
	own := uid(info)
	err = filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		rel, relErr := filepath.Rel(dir, path)
		if err != nil || relErr != nil {
			return errors.Join(err, relErr)
		}
		first, rest, _ := strings.Cut(filepath.ToSlash(rel), "/")
		boxes := []string{"inbox", "outbox", "inbox-claimed"}
		original := first == "lake" && strings.HasPrefix(rest, "originals/") && !e.IsDir()
		if slices.Contains(boxes, first) || original {
			if e.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err == nil && uid(info) != own {
			others.sees(filepath.Join("var", rel))
		}
		return err
	})
	return others, durable.UserName(own), err
}

// privateGroup reports whether a file's group is the one that its owner has alone, by having its name.
func privateGroup(info fs.FileInfo) bool {
	st := info.Sys().(*syscall.Stat_t)
	if st.Uid == st.Gid {
		return true
	}
	u, err := user.LookupId(strconv.Itoa(int(st.Uid)))
	return err == nil && u.Username == groupName(strconv.Itoa(int(st.Gid)))
}

func groupName(gid string) string {
	if g, err := user.LookupGroupId(gid); err == nil {
		return g.Name
	}
	return gid
}
