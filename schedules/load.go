package schedules

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
)

// maxFileSize bounds what the YAML parser is given: job files are a page.
const maxFileSize = 64 << 10

// folder is what fsys of Load is called in a project: messages name files by it.
const folder = "schedules"

// Load reads every *.yaml file at the root of fsys, which is a project's
// schedules/ folder over FS, or FS alone. verbs are the citykpi verbs
// a job may run. Jobs come in the order of files and lines, disabled ones too.
// The error is an *InvalidError that lists every problem of every file, or one
// from fsys. With an *InvalidError come the jobs that nothing is wrong with: one
// bad file stops no other, and a bad job none of those beside it. A file that
// should replace a shipped one and is bad leaves neither. A folder that does not
// exist holds no jobs.
func Load(fsys fs.FS, verbs []string) ([]Job, error) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("list job files of %s: %w. "+
			"Try: a folder of the project's own, without links that lead out of it", folder, err)
	}
	l := loader{verbs: verbs}
	for _, e := range entries { // sorted
		name := e.Name()
		shown := path.Join(folder, name)
		if ok, err := path.Match("*.y*ml", strings.ToLower(name)); err != nil || !ok || strings.HasPrefix(name, ".") {
			continue // what is hidden is an editor's
		}
		if path.Ext(name) != ".yaml" {
			l.report(shown, 0, "job files end in .yaml; rename it to %s.yaml", strings.TrimSuffix(name, path.Ext(name)))
			continue
		}
		// Looked at first: opening a pipe would wait for ever, and a link may lead out of the project.
		info, err := fs.Stat(fsys, name)
		switch {
		case err != nil:
			l.report(shown, 0, "cannot be read: %s; write a file of its own here", cause(err))
			continue
		case !info.Mode().IsRegular():
			l.report(shown, 0, "is not a file; write a job file")
			continue
		case info.Size() > maxFileSize:
			l.report(shown, 0, "is %d bytes; a job file has at most %d, split it", info.Size(), maxFileSize)
			continue
		}
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			l.report(shown, 0, "cannot be read: %s; write a file of its own here", cause(err))
			continue
		}
		l.file(shown, text)
	}
	l.checkNames()
	if len(l.problems) > 0 {
		slices.SortStableFunc(l.problems, func(a, b Problem) int {
			return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
		})
		return l.jobs, &InvalidError{l.problems}
	}
	return l.jobs, nil
}

// cause is an error without the path, which the message names already.
func cause(err error) error {
	var of *fs.PathError
	if errors.As(err, &of) {
		return of.Err
	}
	return err
}

type loader struct {
	verbs    []string
	jobs     []Job
	problems []Problem
}

func (l *loader) report(file string, line int, format string, args ...any) {
	l.problems = append(l.problems, Problem{file, line, fmt.Sprintf(format, args...)})
}

// file reads one job, or a list of jobs, from one document.
func (l *loader) file(name string, text []byte) {
	if len(text) > maxFileSize {
		l.report(name, 0, "is %d bytes; a job file has at most %d, split it", len(text), maxFileSize)
		return
	}
	if !utf8.Valid(text) {
		l.report(name, 0, "is not UTF-8; save it as UTF-8")
		return
	}
	docs, problem := parseYAML(name, bytes.TrimPrefix(text, []byte("\ufeff"))) // which some editors begin UTF-8 with
	if problem != nil {
		l.problems = append(l.problems, *problem)
		return
	}
	if len(docs) == 0 {
		l.report(name, 0, "is empty; write a job (name, title, cron, run); "+
			"to switch a shipped job off, copy it here and add `enabled: false`")
		return
	}
	for _, doc := range docs {
		if list, ok := doc.(*ast.SequenceNode); ok {
			for _, item := range list.Values {
				l.job(name, item)
			}
			continue
		}
		l.job(name, doc)
	}
}

// job reads one mapping. Every key is checked even when an earlier one is wrong.
func (l *loader) job(file string, node ast.Node) {
	m, ok := readMapping(node)
	if !ok {
		l.report(file, lineOf(node), "is not a job; write the keys name, title, cron and run")
		return
	}
	j := Job{Timeout: defaultTimeout, CatchUp: CatchUpNone, Enabled: true, File: file, Line: m.line}
	before := len(l.problems)
	for _, key := range m.keys {
		i := slices.IndexFunc(jobKeys, func(k jobKey) bool { return k.name == key.name })
		if i < 0 {
			l.report(file, key.line, "unknown key %q; the keys are %s", key.name, strings.Join(jobKeyNames(), ", "))
			continue
		}
		if key.value == nil || key.value.Type() == ast.NullType {
			l.report(file, key.line, "%s is empty; write `%s`", key.name, jobKeys[i])
			continue
		}
		if err := jobKeys[i].read(l, &j, key.value); err != nil {
			l.report(file, key.line, "%s %s", key.name, err)
		}
	}
	for _, k := range jobKeys {
		if k.needed && !m.has(k.name) {
			l.report(file, m.line, "%s is missing; write `%s`", k.name, k)
		}
	}
	l.timetable(&j, m)
	if len(l.problems) == before {
		l.jobs = append(l.jobs, j)
	}
}

// timetable parses cron last, when the zone is known.
func (l *loader) timetable(j *Job, m mapping) {
	if j.Location == nil && !m.has("timezone") {
		j.Location, _ = time.LoadLocation(defaultZone)
	}
	if j.Cron == "" {
		return
	}
	loc := j.Location
	if loc == nil { // a bad zone is reported already: look at the spec all the same
		loc = time.UTC
	}
	timetable, err := parseCron(j.Cron, loc)
	if err != nil {
		l.report(j.File, m.lineOf("cron"), "cron %q: %s", j.Cron, err)
	}
	j.timetable = timetable
}

// checkNames refuses the later of two jobs of one name, in one file or in several.
func (l *loader) checkNames() {
	first := map[string]Job{}
	l.jobs = slices.DeleteFunc(l.jobs, func(j Job) bool {
		o, taken := first[j.Name]
		if taken {
			l.report(j.File, j.Line, "name %s is taken by %s:%d; give this job another name, or call this file %s to replace that one",
				j.Name, o.File, o.Line, path.Base(o.File))
			return true
		}
		first[j.Name] = j
		return false
	})
}

func (l *loader) name(j *Job, n ast.Node) error {
	text, ok := scalar(n)
	if !ok || !jobName.MatchString(text) {
		return fmt.Errorf("%s is not a job name; write lower-case letters, digits and single hyphens, e.g. daily-run", show(n))
	}
	j.Name = text
	return nil
}

func (l *loader) title(j *Job, n ast.Node) error {
	text, ok := scalar(n)
	if !ok || strings.TrimSpace(text) == "" {
		return fmt.Errorf("%s is not a title; write what the job does, e.g. 每日装载与发布", show(n))
	}
	if strings.ContainsFunc(text, unprintable) {
		return fmt.Errorf("%s has a character that cannot be seen; write one line of plain text", show(n))
	}
	j.Title = strings.TrimSpace(text)
	return nil
}

func (l *loader) cron(j *Job, n ast.Node) error {
	text, ok := scalar(n)
	if !ok || strings.TrimSpace(text) == "" {
		return fmt.Errorf("%s is not a spec; write five fields, e.g. 30 2 * * *, in quotes if the first is *", show(n))
	}
	j.Cron = strings.TrimSpace(text)
	return nil
}

func (l *loader) timezone(j *Job, n ast.Node) error {
	text, ok := scalar(n)
	// LoadLocation takes "" for UTC and "Local" for whatever the machine says.
	if !ok || text == "" || text == "Local" {
		return fmt.Errorf("%s is not a zone; write timezone: %s", show(n), defaultZone)
	}
	loc, err := time.LoadLocation(text)
	if err != nil {
		return fmt.Errorf("%q is unknown; write timezone: %s", text, defaultZone)
	}
	j.Location = loc
	return nil
}

func (l *loader) run(j *Job, n ast.Node) error {
	list, ok := n.(*ast.SequenceNode)
	if !ok {
		if text, ok := scalar(n); ok && text != "" {
			return fmt.Errorf("%q is not a list; write run: [%s]", text, strings.Join(strings.Fields(text), ", "))
		}
		return fmt.Errorf("%s is not a list; write e.g. run: [run]", show(n))
	}
	for _, item := range list.Values {
		text, ok := scalar(item)
		if !ok || text == "" || strings.ContainsRune(text, 0) {
			return fmt.Errorf("holds %s, which is not an argument; write a text, e.g. run: [report, build, quarterly]", show(item))
		}
		if strings.ContainsFunc(text, unprintable) {
			return fmt.Errorf("holds %s, which has a character that cannot be seen; write plain text", show(item))
		}
		j.Run = append(j.Run, text)
	}
	if len(j.Run) == 0 {
		return fmt.Errorf("is empty; write e.g. run: [run]")
	}
	if !slices.Contains(l.verbs, j.Run[0]) {
		return fmt.Errorf("starts with %q, which a job may not run; the verbs are %s", j.Run[0], strings.Join(l.verbs, ", "))
	}
	for _, arg := range j.Run[1:] {
		if why := leaves(arg); why != "" {
			return fmt.Errorf("holds %q, %s", arg, why)
		}
	}
	return nil
}

func unprintable(r rune) bool { return !unicode.IsGraphic(r) }

// ownFlags are what the scheduler gives every job, or what only a person may say.
var ownFlags = map[string]string{
	"--project":     "which a job has already: it works on the project it belongs to; leave it out",
	"--now":         "but a job runs by the clock; leave it out",
	"--trust-clock": "which only a person who has looked at the clock can say; leave it out",
}

// leaves says why an argument would take a job out of its project, "" if it does not.
func leaves(arg string) string {
	value := arg
	if strings.HasPrefix(arg, "-") {
		name, v, _ := strings.Cut(arg, "=")
		if why := ownFlags[name]; why != "" {
			return why
		}
		value = v
	}
	if strings.HasPrefix(value, "/") || strings.HasPrefix(value, "~") || slices.Contains(strings.Split(value, "/"), "..") {
		return "which leads out of the project; write a path below the project's folder"
	}
	return ""
}

func (l *loader) timeout(j *Job, n ast.Node) error {
	text, _ := scalar(n)
	d, err := time.ParseDuration(text)
	if err != nil || d < time.Second {
		return fmt.Errorf("%s is not a duration of a second or more; write e.g. timeout: 2h or timeout: 30m", show(n))
	}
	j.Timeout = d
	return nil
}

func (l *loader) catchUp(j *Job, n ast.Node) error {
	text, _ := scalar(n)
	if c := CatchUp(text); slices.Contains(catchUps, c) {
		j.CatchUp = c
		return nil
	}
	return fmt.Errorf("%s is unknown; write catch_up: none or catch_up: latest", show(n))
}

func (l *loader) enabled(j *Job, n ast.Node) error {
	b, ok := n.(*ast.BoolNode)
	if !ok {
		return fmt.Errorf("%s is neither true nor false; write enabled: false to switch the job off", show(n))
	}
	j.Enabled = b.Value
	return nil
}
