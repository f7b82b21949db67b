package main

import (
	"context"
	"errors"
	"io/fs"
	"math"
	"os"
	"time"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/project"
	"citykpi/schedules"
)

// jobsShown is how many due times of the schedule a release tells of.
const jobsShown = 40

var (
	jobStatus = map[schedules.Status]string{
		schedules.Running: "进行中", schedules.Done: "完成", schedules.Failed: "失败", schedules.TimedOut: "超时", schedules.Interrupted: "中断",
		schedules.Skipped: "跳过", schedules.Missed: "漏运行",
	}
	jobTrigger = map[schedules.Trigger]string{schedules.OnSchedule: "定时", schedules.OnCatchUp: "补运行", schedules.ByHand: "手动"}
	jobNote    = map[schedules.Status]string{
		schedules.Skipped: "上一次尚未结束", schedules.Missed: "届时调度程序未运行", schedules.TimedOut: "超过任务时限", schedules.Interrupted: "调度程序中止",
	}
)

// scheduled is what was due by the time a release was made and what became of it. How
// long it took is told as runs tell it: not where the clock is given.
func (a *app) scheduled(ctx context.Context, p *project.Project, by time.Time) ([]kpi.JobRun, error) {
	if _, err := os.Stat(p.Var("state.db")); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	h, err := schedules.Open(p.Var("state.db"))
	if err != nil {
		return nil, err
	}
	defer h.Close()
	records, err := h.List(ctx, schedules.Filter{DueBy: by, Limit: jobsShown, Brief: true})
	if err != nil {
		return nil, err
	}
	titles := map[string]string{} // a job that is gone, or cannot be read, keeps its name
	jobs, _ := loadJobs(p)        // what is wrong with its files the run says itself
	for _, j := range jobs {
		titles[j.Name] = j.Title
	}
	var list []kpi.JobRun
	for _, r := range records {
		run := kpi.JobRun{Job: r.Job, Due: r.DueAt.In(shanghai), Trigger: jobTrigger[r.Trigger], Status: jobStatus[r.Status],
			Note: jobNote[r.Status]}
		if r.Status == schedules.Done && r.ExitCode != nil && *r.ExitCode != 0 {
			run.Note = "部分文件被退回或待确认"
		}
		if titles[r.Job] != "" {
			run.Job = titles[r.Job]
		}
		if r.StartedAt != nil {
			at := r.StartedAt.In(shanghai)
			run.Started = &at
		}
		if a.now == "" && r.StartedAt != nil && r.EndedAt != nil {
			seconds := math.Round(r.EndedAt.Sub(*r.StartedAt).Seconds())
			run.Seconds = &seconds
		}
		list = append(list, run)
	}
	return list, nil
}
