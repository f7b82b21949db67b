package schedules

import (
	"fmt"
	"regexp"
	"time"

	"citykpi/pipeline/schema"

	"github.com/goccy/go-yaml/ast"
)

// Verbs are those of citykpi that a job may run.
var Verbs = []string{"load", "run", "check", "report", "release", "verify"}

const (
	defaultZone    = "Asia/Shanghai"
	defaultTimeout = 2 * time.Hour
)

var jobName = regexp.MustCompile(`^[a-z][a-z0-9]*([-_][a-z0-9]+)*$`)

// jobKey is one key of a job: what editors and the reference say of it, and how it is read.
type jobKey struct {
	name    string
	needed  bool
	is      schema.Schema
	example any // in messages as well
	says    string
	read    func(*loader, *Job, ast.Node) error // an error continues the sentence that begins with the key
}

// String is the key as it may be written.
func (k jobKey) String() string { return fmt.Sprintf("%s: %v", k.name, k.example) }

// jobKeys are all of them, in the order in which they are told.
var jobKeys = []jobKey{
	{"name", true, schema.Like(jobName), "daily-run",
		"What the job is called in commands and in the history; no other job has it.", (*loader).name},
	{"title", true, schema.Text(), "每日装载与发布",
		"What the job does, for people.", (*loader).title},
	{"cron", true, schema.Schema{Type: schema.Types{"string"}, MinLength: 1}, "30 2 * * *",
		"When it is due: minute, hour, day, month and weekday (0: Sunday), or @hourly, @daily, @weekly, @monthly, @yearly, " +
			"@every 90m. What begins with @ or * stands in quotes.", (*loader).cron},
	{"timezone", false, schema.Schema{Type: schema.Types{"string"}, MinLength: 1, Default: defaultZone}, defaultZone,
		"The zone that cron is read in.", (*loader).timezone},
	{"run", true, schema.Schema{Type: schema.Types{"array"}, MinItems: 1}, []string{"run"},
		"A verb of citykpi and its arguments, which stay below the project's folder.", (*loader).run},
	{"timeout", false, schema.Duration().Otherwise(schema.Span(defaultTimeout)), "2h",
		"After so long the job is stopped.", (*loader).timeout},
	{"catch_up", false, schema.OneOf(catchUps...).Otherwise(string(CatchUpNone)), "latest",
		"What becomes of due times that passed while nothing ran. none: they are recorded as missed. " +
			"latest: the newest is run late, the others are missed.", (*loader).catchUp},
	{"enabled", false, schema.Truth().Otherwise(true), false,
		"false switches the job off, a shipped one of that file name as well.", (*loader).enabled},
}

func jobKeyNames() []string {
	names := make([]string, len(jobKeys))
	for i, k := range jobKeys {
		names[i] = k.name
	}
	return names
}

// Schema says what a job file may hold: one job, or a list of jobs. verbs are those that a job may run.
func Schema(verbs []string) schema.Schema {
	s := schema.Mapping()
	s.Title = "Schedule"
	s.Description = "A job of the timetable, or a list of jobs: schedules/<name>.yaml."
	s.Type = schema.Types{"object", "array"}
	s.Items = &schema.Schema{Ref: "#"}
	for _, k := range jobKeys {
		value := k.is
		value.Description, value.Examples = k.says, []any{k.example}
		if k.name == "run" {
			value.First = []schema.Schema{schema.OneOf(verbs...)}
			value.Items = &schema.Schema{Type: schema.Types{"string", "number", "boolean"}}
		}
		s.Keys = append(s.Keys, schema.Key{Name: k.name, Schema: value})
		if k.needed {
			s.Required = append(s.Required, k.name)
		}
	}
	return s
}
