package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	schema "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"aviary.dev/audit"
	"aviary.dev/policy"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var options = Options{
	Version: "v1.2.3",
	Rules: []policy.Rule{
		{
			ID: "quiet", Title: "Nothing to say", Description: "Finds nothing here.", Mode: policy.ModeDeny,
			Page: "# Nothing to say\n",
		},
		{
			ID: "upstream-known", Title: "A route's upstreams exist", Description: "Known.", Mode: policy.ModeWarn,
			Page: "# A route's upstreams exist\n",
		},
		{
			ID: "weights-sum", Title: "Weights sum", Description: "Sums <100>.", Mode: policy.ModeDeny,
			Page: "# Weights sum\n\n## Why\n",
		},
	},
}

func result() audit.Result {
	return audit.Result{
		Findings: []audit.Finding{
			{
				Rule: "quota", Mode: policy.ModeAudit, Message: "is live", Fix: "look",
				Kind: "RouteTable", Namespace: "a", Name: "b", Field: "spec",
			},
			{
				Rule: "weights-sum", Mode: policy.ModeDeny,
				Message: "weights sum to 90 % (v1: 60, v2: 30), must be 100", Fix: "raise v1 to 70",
				Kind: "RouteTable", Namespace: "echo", Name: "echo-routes",
				Field: "spec.routes[0].routeAction.multi.destinations", File: "deploy/a b,c.yaml", Line: 12,
			},
			{
				Rule: "upstream-known", Mode: policy.ModeWarn,
				Message: "upstream echo/<ech> is missing\nor late", Fix: `name "echo"`,
				Kind: "RouteTable", Namespace: "echo", Name: "echo-routes", Field: "spec.routes[1]", File: "stdin", Line: 40,
			},
		},
		Summary: audit.Summary{Objects: 7, Skipped: 2, Foreign: 1, Deny: 1, Warn: 1, Audit: 1},
	}
}

func TestGolden(t *testing.T) {
	t.Parallel()
	for _, format := range append(formatNames(), "table-color", "table-none", "junit-none", "sarif-none", "json-none") {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			got := render(t, format)
			file := filepath.Join("testdata", format+".golden")
			if *update {
				if err := os.WriteFile(file, got, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func render(t *testing.T, name string) []byte {
	t.Helper()
	format, how, _ := strings.Cut(name, "-")
	r, o := result(), options
	if how == "none" {
		r = audit.Result{Findings: []audit.Finding{}, Summary: audit.Summary{Objects: 1}}
	}
	o.Color = how == "color"
	var out bytes.Buffer
	if err := Write(&out, format, r, o); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestSARIF holds the report to the schema of SARIF 2.1.0, and sees that nothing in it is unknown there.
func TestSARIF(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"sarif", "sarif-none"} {
		text := render(t, name)
		strict := json.NewDecoder(bytes.NewReader(text))
		strict.DisallowUnknownFields()
		if err := strict.Decode(&schema.Report{}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		read, err := schema.FromBytes(text)
		if err != nil {
			t.Fatal(err)
		}
		for _, run := range read.Runs { // the library writes these empty if they are absent
			run.Language, run.Tool.Driver.Language, run.NewlineSequences = "en-US", "en-US", []string{"\n"}
		}
		if err := read.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if len(read.Runs) != 1 || name == "sarif" && len(read.Runs[0].Results) != 3 {
			t.Errorf("%s: lost something", name)
		}
		for _, r := range read.Runs[0].Results { // GitHub's code scanning refuses the whole report for one without
			at := r.Locations[0].PhysicalLocation
			if at == nil || at.ArtifactLocation.URI == nil || at.Region.StartLine == nil {
				t.Errorf("%s: %s has no physical location", name, *r.RuleID)
			}
		}
	}
}

// TestJUnit holds the report to the elements, their order and the counts that the common XSD of JUnit asks for.
func TestJUnit(t *testing.T) {
	t.Parallel()
	allowed := map[string][]string{
		"": {"testsuites"}, "testsuites": {"testsuite"}, "testsuite": {"testcase"}, "testcase": {"failure", "system-out"},
	}
	required := map[string][]string{
		"testsuite": {"name", "tests", "failures", "errors"},
		"testcase":  {"name", "classname"}, "failure": {"message", "type"},
	}
	for _, name := range []string{"junit", "junit-none"} {
		decoder := xml.NewDecoder(bytes.NewReader(render(t, name)))
		parents := []string{""}
		for {
			token, err := decoder.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			switch e := token.(type) {
			case xml.StartElement:
				parent := parents[len(parents)-1]
				if !strings.Contains(" "+strings.Join(allowed[parent], " ")+" ", " "+e.Name.Local+" ") {
					t.Errorf("%s: <%s> in <%s>", name, e.Name.Local, parent)
				}
				for _, want := range required[e.Name.Local] {
					has := false
					for _, a := range e.Attr {
						has = has || a.Name.Local == want
					}
					if !has {
						t.Errorf("%s: <%s> lacks %s", name, e.Name.Local, want)
					}
				}
				parents = append(parents, e.Name.Local)
			case xml.EndElement:
				parents = parents[:len(parents)-1]
			}
		}
		var all junitSuites
		if err := xml.Unmarshal(render(t, name), &all); err != nil {
			t.Fatal(err)
		}
		tests, failures := 0, 0
		for _, s := range all.Suites {
			failed := 0
			for _, c := range s.Cases {
				if c.Failure != nil {
					failed++
				}
			}
			if s.Tests != len(s.Cases) || s.Failures != failed {
				t.Errorf("%s: suite %s counts %d and %d, has %d and %d", name, s.Name, s.Tests, s.Failures, len(s.Cases), failed)
			}
			tests, failures = tests+s.Tests, failures+s.Failures
		}
		if all.Tests != tests || all.Failures != failures {
			t.Errorf("%s: counts %d and %d, has %d and %d", name, all.Tests, all.Failures, tests, failures)
		}
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	if err := Check("sarif"); err != nil {
		t.Error(err)
	}
	if err := Check("xml"); err == nil || !strings.Contains(err.Error(), "table, wide, json") {
		t.Errorf("got %v", err)
	}
}
