package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"citykpi/pipeline"
	"citykpi/pipeline/duck"
	"citykpi/pipeline/project"
	"citykpi/pipeline/pull"
	"citykpi/pipeline/release"
	"citykpi/reports/assets"
	"citykpi/schedules"
	"citykpi/sql/query"

	"github.com/spf13/cobra"
)

// finding is one line of doctor. ok, note (works, with less) or wrong.
type finding struct {
	What   string `json:"what"`
	Status string `json:"status"`
	Detail string `json:"detail"`
}

func (a *app) doctorCmd() *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Is this machine ready: versions, limits, disk, clock, fonts, browser, no network needed",
		Args:  usage(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			findings := []finding{a.checkEngine(c), checkAssets(), a.checkProject(), a.checkReference(), a.checkRelease(),
				a.checkHistory(c), a.checkDisk(), checkFiles(), a.checkClock(), a.checkWalls(c),
				checkTool("fonts", "Chinese fonts for PDF and pictures", "fc-list", ":lang=zh-cn", "family"),
				checkTool("browser", "PDF printing", "chromium", "--version"),
				checkTool("office", "DOCX to PDF", "soffice", "--version")}
			findings = append(findings, a.checkSchedule()...)
			findings = append(findings, a.checkExposed()...)
			findings = append(findings, a.checkConnections(c)...)
			l := listing{columns: []string{"status", "what", "detail"}}
			wrong := 0
			mask := project.MaskOf(a.project)
			for i := range findings {
				f := &findings[i]
				f.Detail = mask.Text(f.Detail) // it names bureaus' files
				l.add(f.Status, f.What, f.Detail)
				if f.Status == "wrong" {
					wrong++
				}
			}
			if err := a.print(l, findings); err != nil {
				return err
			}
			if wrong > 0 {
				return fmt.Errorf("things that are wrong: %d", wrong)
			}
			return nil
		},
	}
}

func (a *app) checkEngine(c *cobra.Command) finding {
	about, err := duck.Inspect(c.Context())
	switch {
	case err != nil:
		return finding{"engine", "wrong", err.Error()}
	case !about.Offline:
		return finding{"engine", "wrong", "DuckDB would fetch extensions from the Internet"}
	}
	return finding{"engine", "ok", fmt.Sprintf("citykpi %s, %s, DuckDB %s with %s linked in; nothing is downloaded",
		version, runtime.Version(), about.Version, strings.Join(about.Extensions, " "))}
}

func checkAssets() finding {
	if _, err := assets.Load(); err != nil {
		return finding{"assets", "wrong", err.Error()}
	}
	return finding{"assets", "ok", "charts, styles and scripts are part of the program"}
}

func (a *app) checkProject() finding {
	p, err := a.open()
	var invalid *project.InvalidError
	switch {
	case errors.Is(err, project.ErrNotProject):
		return finding{"project", "note", err.Error()}
	case errors.As(err, &invalid):
		return finding{"project", "wrong", fmt.Sprintf("%d problems. Try: citykpi check", len(invalid.Problems))}
	case err != nil:
		return finding{"project", "wrong", err.Error()}
	}
	return finding{"project", "ok", fmt.Sprintf("%d contracts, %d documents, %d models", len(p.Contracts), len(p.Documents), len(p.Models))}
}

// checkRelease looks at what serves: whether its files are there, and whether it is pinned.
func (a *app) checkRelease() finding {
	p, err := a.open()
	if err != nil {
		return finding{"release", "note", "not looked at: the project cannot be read"} // checkProject says why
	}
	store := pipeline.Releases(p)
	stands, err := store.Standing()
	switch {
	case err != nil:
		return finding{"release", "wrong", err.Error()}
	case stands.Damage != nil:
		return finding{"release", "wrong", fmt.Sprintf("%v. Try: %s", stands.Damage, store.Offer(stands.Serving.ID))}
	case stands.Serving.ID == "":
		return finding{"release", "note", release.ErrNone.Error()}
	case stands.Pin != nil:
		return finding{"release", "note", fmt.Sprintf("%s; %d made since then wait. Try: citykpi release unpin", stands.Pin,
			len(stands.Waiting))}
	}
	return finding{"release", "ok", fmt.Sprintf("%s serves; its %d files are there", stands.Serving.ID, len(stands.Serving.Hashes))}
}

// checkHistory opens the schedule's history, which a run only tells of and does without.
func (a *app) checkHistory(c *cobra.Command) finding {
	p, err := a.open()
	if err != nil {
		return finding{"history", "note", "not looked at: the project cannot be read"}
	}
	if _, err := a.scheduled(c.Context(), p, time.Time{}); err != nil {
		return finding{"history", "wrong", err.Error()}
	}
	return finding{"history", "ok", "the schedule's history can be read"}
}

// checkSchedule reads the job files. What is wrong in one stops only the job it stands in, which
// nobody might notice.
func (a *app) checkSchedule() (findings []finding) {
	p, jobs, err := a.jobs()
	if p == nil {
		return nil // checkProject says why
	}
	if err != nil {
		for _, line := range errorLines(err) {
			findings = append(findings, finding{"schedule", "wrong", line})
		}
		return findings
	}
	now, err := a.clock()
	if err != nil {
		return nil // checkClock says so
	}
	detail := fmt.Sprintf("%d jobs", len(jobs))
	if due := schedules.Next(jobs, now); len(due) > 0 {
		detail += fmt.Sprintf(", the next is %s at %s", due[0].Job.Name, due[0].At.Format("2006-01-02 15:04 MST"))
	} else {
		detail += ", none is switched on"
	}
	return []finding{{"schedule", "ok", detail}}
}

// checkConnections asks every database that is configured, or that a contract
// names. One that is down is wrong; one that is not configured only gives less.
func (a *app) checkConnections(c *cobra.Command) (findings []finding) {
	p, err := a.open()
	if err != nil {
		return nil // checkProject says so
	}
	pulls := map[string]int{}
	for name := range p.Config.Connections {
		pulls[name] = 0
	}
	for _, contract := range p.Contracts {
		if contract.Pull != nil {
			pulls[contract.Pull.Connection]++
		}
	}
	for _, name := range slices.Sorted(maps.Keys(pulls)) {
		what, of := "connection "+name, fmt.Sprintf("; contracts that pull from it: %d", pulls[name])
		conn, ok := p.Config.Connections[name]
		if !ok {
			findings = append(findings, finding{what, "note", "not in " + project.ConfigFile + of})
			continue
		}
		about, err := pull.Check(c.Context(), conn)
		if err != nil {
			findings = append(findings, finding{what, "wrong", strings.TrimPrefix(err.Error(), what+": ")})
			continue
		}
		f := finding{what, "ok", about + " answers" + of}
		if conn.Exposed() {
			f.Status, f.Detail = "note", f.Detail+"; others can read its password. Try: chmod 600 "+conn.DSNFile
		}
		findings = append(findings, f)
	}
	return findings
}

// checkWalls has a query's process say which walls this kernel lets it build.
func (a *app) checkWalls(c *cobra.Command) finding {
	binary, err := os.Executable()
	if err != nil {
		return finding{"sandbox", "wrong", err.Error()}
	}
	walls, err := query.Probe(c.Context(), binary)
	if err != nil {
		return finding{"sandbox", "wrong", err.Error()}
	}
	if missing := walls.Missing(); missing != "" {
		status := "note"
		if p, err := a.open(); err == nil && p.Config.RequireSandbox {
			status = "wrong"
			missing += "; require_sandbox in " + project.ConfigFile + " refuses sql"
		}
		return finding{"sandbox", status, "around sql this kernel lacks " + missing}
	}
	detail := "sql reads the release and nothing else (Landlock), and can open, connect and start nothing (seccomp)"
	if !walls.Network || !walls.Scope {
		detail += "; an older Landlock, which leaves network and signals to seccomp"
	}
	return finding{"sandbox", "ok", detail}
}

const gigabyte = 1 << 30

func (a *app) checkDisk() finding {
	at := filepath.Join(a.project, "var") // may be another disk
	if _, err := os.Stat(at); err != nil {
		at = a.project
	} else if err := syscall.Access(at, 2); err != nil { // W_OK
		return finding{"disk", "wrong", fmt.Sprintf("%s cannot be written: %v. "+
			"Try: citykpi doctor as the user citykpi runs as; mount, df", at, err)}
	}
	var fs syscall.Statfs_t
	if err := syscall.Statfs(at, &fs); err != nil {
		return finding{"disk", "wrong", fmt.Sprintf("%s: %v", at, err)}
	}
	if fs.Files > 0 && fs.Ffree < 10_000 {
		return finding{"disk", "wrong", fmt.Sprintf("%d more files have room: a run makes thousands", fs.Ffree)}
	}
	free := fs.Bavail * uint64(fs.Bsize)
	detail := fmt.Sprintf("%.1f GB free", float64(free)/gigabyte)
	if free < 2*gigabyte {
		return finding{"disk", "wrong", detail + ": a run may need 2 GB"}
	}
	return finding{"disk", "ok", detail}
}

func checkFiles() finding {
	var lim syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &lim); err != nil {
		return finding{"limits", "wrong", err.Error()}
	}
	detail := fmt.Sprintf("%d open files, %d processors", lim.Cur, runtime.NumCPU())
	if lim.Cur < 1024 {
		return finding{"limits", "wrong", detail + ": allow 1024 (ulimit -n)"}
	}
	return finding{"limits", "ok", detail}
}

func (a *app) checkClock() finding {
	now, err := a.clock()
	if err != nil {
		return finding{"clock", "wrong", err.Error()}
	}
	if now.Year() < 2024 {
		return finding{"clock", "wrong", "the clock says " + now.Format(toMinute)}
	}
	return finding{"clock", "ok", now.Format("2006-01-02 15:04:05 MST")}
}

// checkTool looks for an optional program: without it only one thing is missing.
func checkTool(what, use, program string, args ...string) finding {
	out, err := exec.Command(program, args...).Output()
	first, _, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	if err != nil || first == "" {
		return finding{what, "note", "none found: no " + use}
	}
	return finding{what, "ok", first}
}
