package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"citykpi/pipeline/durable"
	"citykpi/pipeline/project"
	"citykpi/pipeline/show"
	"citykpi/schedules"

	"github.com/spf13/cobra"
)

func (a *app) scheduleCmd() *cobra.Command {
	return group("schedule", "Jobs: what runs when, what ran, and the daemon that runs them",
		verb("list", "All jobs", cobra.NoArgs, a.scheduleList),
		verb("next", "When each job runs next", cobra.NoArgs, a.scheduleNext),
		a.scheduleHistoryCmd(),
		verb("run JOB", "Run one job now", cobra.ExactArgs(1), a.scheduleRun),
		verb("daemon", "Run jobs when they are due, until stopped", cobra.NoArgs, a.scheduleDaemon),
	)
}

// jobs are the project's; an error that is partly one comes with those that can be read.
func (a *app) jobs() (*project.Project, []schedules.Job, error) {
	p, err := a.open()
	if err != nil {
		return nil, nil, err
	}
	jobs, err := loadJobs(p)
	return p, jobs, err
}

// partly says whether job files are wrong one by one, so that the others' jobs are known: what
// shows jobs shows those, and ends with 1 because of the others.
func partly(err error) bool {
	var invalid *schedules.InvalidError
	return errors.As(err, &invalid)
}

// sayBadJobs tells of job files that are wrong where that is not what the command is about.
func (a *app) sayBadJobs(err error) {
	if err == nil {
		return
	}
	for _, line := range errorLines(err) {
		fmt.Fprintf(a.err, "schedule  %s\n", line)
	}
}

func loadJobs(p *project.Project) ([]schedules.Job, error) {
	// A root cannot be left: neither the folder nor a file in it may be a link to elsewhere.
	root, err := os.OpenRoot(p.Dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	own, err := fs.Sub(root.FS(), "schedules")
	if err != nil {
		return nil, err
	}
	// A root of its own can be asked what a file is without opening it, which of a pipe would wait for ever.
	// Where there is none, Load says why.
	if in, err := root.OpenRoot("schedules"); err == nil {
		defer in.Close()
		own = in.FS()
	}
	return schedules.Load(project.Overlay(own, schedules.FS), schedules.Verbs)
}

func (a *app) scheduleList(*cobra.Command, []string) error {
	_, jobs, bad := a.jobs()
	if bad != nil && !partly(bad) {
		return bad
	}
	type record struct {
		Name    string   `json:"name"`
		Title   string   `json:"title"`
		Cron    string   `json:"cron"`
		Zone    string   `json:"timezone"`
		Run     []string `json:"run"`
		Timeout string   `json:"timeout"`
		CatchUp string   `json:"catch_up"`
		Enabled bool     `json:"enabled"`
	}
	records := []record{}
	l := listing{columns: []string{"job", "title", "cron", "runs", "timeout", "catch up", "enabled"}}
	for _, j := range jobs {
		records = append(records, record{j.Name, j.Title, j.Cron, j.Location.String(), j.Run, j.Timeout.String(),
			string(j.CatchUp), j.Enabled})
		l.add(j.Name, j.Title, j.Cron, strings.Join(j.Run, " "), j.Timeout.String(), string(j.CatchUp), fmt.Sprint(j.Enabled))
	}
	return errors.Join(a.print(l, records), bad)
}

func (a *app) scheduleNext(*cobra.Command, []string) error {
	_, jobs, bad := a.jobs()
	if bad != nil && !partly(bad) {
		return bad
	}
	now, err := a.clock()
	if err != nil {
		return err
	}
	type record struct {
		Job  string    `json:"job"`
		At   time.Time `json:"at"`
		Note string    `json:"note,omitempty"`
	}
	records := []record{}
	l := listing{columns: []string{"job", "title", "next", ""}}
	for _, d := range schedules.Next(jobs, now) {
		records = append(records, record{d.Job.Name, d.At, d.Note})
		l.add(d.Job.Name, d.Job.Title, d.At.In(d.Job.Location).Format("2006-01-02 15:04 MST"), d.Note)
	}
	return errors.Join(a.print(l, records), bad)
}

func (a *app) scheduleHistoryCmd() *cobra.Command {
	var f schedules.Filter
	cmd := &cobra.Command{
		Use: "history", Short: "What ran, what was missed, how it ended", Args: usage(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			p, _, bad := a.jobs()
			if bad != nil && !partly(bad) {
				return bad
			}
			records := []schedules.Record{}
			if _, err := os.Stat(p.Var("state.db")); err == nil {
				h, err := schedules.Open(p.Var("state.db"))
				if err != nil {
					return err
				}
				defer h.Close()
				if records, err = h.List(c.Context(), f); err != nil {
					return err
				}
			} else if !errors.Is(err, fs.ErrNotExist) {
				return err
			}
			l := listing{columns: []string{"job", "due", "trigger", "status", "took", "exit", "last words"}}
			for _, r := range records {
				took, exit := "", ""
				if r.StartedAt != nil && r.EndedAt != nil {
					took = r.EndedAt.Sub(*r.StartedAt).Round(time.Second).String()
				}
				if r.ExitCode != nil {
					exit = fmt.Sprint(*r.ExitCode)
				}
				words := r.Note
				if lines := strings.Split(strings.TrimSpace(r.Output), "\n"); words == "" {
					words = lines[len(lines)-1]
				}
				l.add(r.Job, r.DueAt.In(shanghai).Format(toMinute), string(r.Trigger), string(r.Status), took, exit, words)
			}
			return errors.Join(a.print(l, records), bad)
		},
	}
	cmd.Flags().StringVar(&f.Job, "job", "", "only this job")
	cmd.Flags().IntVar(&f.Limit, "limit", 50, "newest lines to show; 0 is all")
	return cmd
}

// How long a command waits for another that writes to the project: by hand as long as somebody
// sits and watches; a job longer, as a night is not to be lost because somebody closes a quarter
// at half past two.
const (
	handsWait = 30 * time.Second
	jobsWait  = 10 * time.Minute
)

// scheduler is ready to run the project's jobs; close its history.
func (a *app) scheduler() (*schedules.Scheduler, error) {
	p, jobs, bad := a.jobs()
	if bad != nil && (!partly(bad) || len(jobs) == 0) {
		return nil, bad
	}
	binary, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find the citykpi binary: %w", err)
	}
	if err := durable.SameOwner(p.Var()); err != nil {
		return nil, err
	}
	if err := durable.MakeDir(p.Var()); err != nil {
		return nil, err
	}
	h, err := schedules.Open(p.Var("state.db"))
	if err != nil {
		return nil, err
	}
	dir, err := filepath.Abs(p.Dir)
	if err != nil {
		return nil, err
	}
	args := []string{"--project", dir, "--wait", jobsWait.String()} // jobs are citykpi too
	exec := schedules.Exec{Binary: binary, Args: args, Dir: dir, Output: show.Raw(a.err)}
	return &schedules.Scheduler{
		Jobs: jobs, Unread: bad, Reread: func() ([]schedules.Job, error) { return loadJobs(p) },
		History: h, Execute: exec.Run, Log: a.log, Parallel: p.Config.Parallel,
		Now: func() time.Time { return time.Now().In(shanghai) },
	}, nil
}

func (a *app) scheduleRun(c *cobra.Command, args []string) error {
	s, err := a.scheduler()
	if err != nil {
		return err
	}
	defer s.History.Close()
	i := slices.IndexFunc(s.Jobs, func(j schedules.Job) bool { return j.Name == args[0] })
	switch {
	case i < 0 && s.Unread != nil:
		return errors.Join(fmt.Errorf("no job %s in the files that can be read. Try: citykpi schedule list", args[0]), s.Unread)
	case i < 0:
		return fmt.Errorf("%w: no job %s. Try: citykpi schedule list", errUsage, args[0])
	}
	a.sayBadJobs(s.Unread)
	r, err := s.RunNow(c.Context(), s.Jobs[i])
	if err != nil {
		return err
	}
	fmt.Fprintln(a.out, strings.TrimSpace(fmt.Sprintf("%s  %s  %s", r.Job, r.Status, r.Note)))
	if r.Status != schedules.Done {
		words := string(r.Status)
		if r.Note != "" {
			words += ", " + r.Note
		} else if r.ExitCode != nil {
			words += fmt.Sprintf(", exit code %d", *r.ExitCode)
		}
		return fmt.Errorf("job %s: %s. Try: citykpi schedule history --job %s", r.Job, words, r.Job)
	}
	return nil
}

func (a *app) scheduleDaemon(c *cobra.Command, _ []string) error {
	s, err := a.scheduler()
	if err != nil {
		return err
	}
	defer s.History.Close()
	return s.Run(c.Context())
}
