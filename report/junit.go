package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"

	"aviary.dev/audit"
	"aviary.dev/policy"
)

// The elements of JUnit's report that every reader knows.
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Skipped  int         `xml:"skipped,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Name    string        `xml:"name,attr"`
		Class   string        `xml:"classname,attr"`
		File    string        `xml:"file,attr,omitempty"`
		Line    int           `xml:"line,attr,omitempty"`
		Failure *junitFailure `xml:"failure,omitempty"`
		Output  string        `xml:"system-out,omitempty"`
	}
	junitFailure struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",chardata"`
	}
)

// junit writes a suite for each rule and a case for each finding: one that would be denied has failed, any other has
// passed and says so in its output. A rule without findings is one passed case.
func junit(out io.Writer, r audit.Result, o Options) error {
	byRule := map[string][]audit.Finding{}
	for _, f := range r.Findings {
		byRule[f.Rule] = append(byRule[f.Rule], f)
	}
	rules := slices.Clone(o.Rules)
	for _, f := range r.Findings { // a finding is never lost
		if !slices.ContainsFunc(rules, func(r policy.Rule) bool { return r.ID == f.Rule }) {
			rules = append(rules, policy.Rule{ID: f.Rule})
		}
	}
	all := junitSuites{Name: "kubectl canary audit"}
	for _, rule := range rules {
		suite := junitSuite{Name: rule.ID}
		for _, f := range byRule[rule.ID] {
			suite.add(f)
		}
		if len(suite.Cases) == 0 {
			suite.Cases = []junitCase{{Name: rule.Title, Class: rule.ID}}
		}
		suite.Tests = len(suite.Cases)
		all.Suites = append(all.Suites, suite)
		all.Tests, all.Failures = all.Tests+suite.Tests, all.Failures+suite.Failures
	}
	text, err := xml.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	_, err = io.WriteString(out, xml.Header+string(text)+"\n")
	return err
}

func (s *junitSuite) add(f audit.Finding) {
	c := junitCase{Name: f.Object() + " " + f.Field, Class: f.Rule, File: f.File, Line: f.Line}
	text := strings.TrimPrefix(fmt.Sprintf("%s: %s: %s; %s", place(f), f.Field, f.Message, f.Fix), ": ")
	if f.Mode == policy.ModeDeny {
		c.Failure = &junitFailure{Message: f.Message, Type: f.Mode.String(), Text: text}
		s.Failures++
	} else {
		c.Output = f.Mode.String() + ": " + text
	}
	s.Cases = append(s.Cases, c)
}
