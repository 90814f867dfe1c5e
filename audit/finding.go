package audit

import (
	"cmp"

	"aviary.dev/policy"
)

// Finding is what a rule finds wrong with an object, and where that object is.
type Finding struct {
	Rule      string      `json:"rule"`
	Mode      policy.Mode `json:"mode"`
	Message   string      `json:"message"`
	Fix       string      `json:"fix"`
	Kind      string      `json:"kind"`
	Namespace string      `json:"namespace"`
	Name      string      `json:"name"`
	Field     string      `json:"field"`
	// File and Line are zero for an object of the cluster. Line is that of the field where it is known,
	// else of the object.
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitempty"`

	number int // of the document in the file
}

// Object names the object for people: "RouteTable echo/echo-routes".
func (f Finding) Object() string { return f.Kind + " " + f.Namespace + "/" + f.Name }

// compare orders findings by place, object and what was found.
func (f Finding) compare(o Finding) int {
	return cmp.Or(
		cmp.Compare(f.File, o.File), cmp.Compare(f.Line, o.Line),
		cmp.Compare(f.Namespace, o.Namespace), cmp.Compare(f.Kind, o.Kind), cmp.Compare(f.Name, o.Name),
		cmp.Compare(f.Field, o.Field), cmp.Compare(f.Rule, o.Rule),
		cmp.Compare(f.Message, o.Message), cmp.Compare(f.Fix, o.Fix),
	)
}

// Summary counts what an audit saw.
type Summary struct {
	// Objects are those that were judged, Facts those of a cluster that only counted for the others.
	Objects int `json:"objects"`
	Facts   int `json:"facts,omitempty"`
	// Skipped are objects of kinds that no rule asks about; Foreign are documents in folders that are no objects.
	Skipped int `json:"skipped"`
	Foreign int `json:"foreign,omitempty"`
	Deny    int `json:"deny"`
	Warn    int `json:"warn"`
	Audit   int `json:"audit"`
}

func (s *Summary) count(findings []Finding) {
	for _, f := range findings {
		switch f.Mode {
		case policy.ModeDeny:
			s.Deny++
		case policy.ModeWarn:
			s.Warn++
		default:
			s.Audit++
		}
	}
}

// Result is what an audit found, sorted.
type Result struct {
	Findings []Finding `json:"findings"`
	Summary  Summary   `json:"summary"`
}

// Worst is the highest mode among the findings; ModeOff if there is none.
func (r Result) Worst() policy.Mode {
	worst := policy.ModeOff
	for _, f := range r.Findings {
		worst = max(worst, f.Mode)
	}
	return worst
}
