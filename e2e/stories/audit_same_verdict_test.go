package stories

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"aviary.dev/e2e/aviary"
	"aviary.dev/e2e/controlplane"
)

// verdictConfig turns every rule on.
const verdictConfig = aviary.DefaultConfig + "rules:\n  weight-step: {mode: deny}\n"

// TestSameVerdict compares three verdicts on the corpus and on the rules' stories: that of the
// running webhook over HTTPS, and those of kubectl-canary over files and over the live cluster. No
// webhook is registered, so that the cluster admits what is wrong. Cases with delegation are
// created apart from the others, because table-selected asks whether anything delegates at all.
func TestSameVerdict(t *testing.T) {
	t.Parallel()
	p := ownPlane(t, controlplane.Options{WithoutControllers: true})
	p.install(t, aviary.Options{Config: verdictConfig})
	v := &verdicts{story: &story{T: t, plane: p}, used: map[string]bool{}}
	v.kubectl("", "delete", "mutatingwebhookconfigurations,validatingwebhookconfigurations", "--all").mustSucceed()
	var err error
	v.canary, err = aviary.BuildProgram(t.Context(), "kubectl-canary", testWriter{t})
	v.must(err)
	cases := verdictCases(t)
	for _, delegates := range []bool{false, true} {
		v.compare(slices.DeleteFunc(slices.Clone(cases), func(c *verdictCase) bool { return c.delegates != delegates }))
	}
	for _, known := range []map[string]string{changeRules, reportedElsewhere, changedByAviary} {
		for what := range known {
			if !v.used[what] {
				t.Errorf("no case shows the known difference of %s", what)
			}
		}
	}
	t.Logf("%d cases with %d findings are judged alike", len(cases), v.count)
}

// found is one finding.
type found struct{ Rule, Field, Message string }

// verdicts compares the three verdicts.
type verdicts struct {
	*story
	canary string
	used   map[string]bool
	count  int
}

// compare creates the cases, gets all verdicts on them, and compares these.
func (v *verdicts) compare(cases []*verdictCase) {
	v.Helper()
	began := time.Now()
	inParallel(len(cases), 4, func(i int) { v.createAll(cases[i].before) })
	created := time.Now()
	answers := make([][][]found, len(cases))
	caught := v.refreshCaches()
	inParallel(len(cases), 4, func(i int) {
		for _, r := range cases[i].requests {
			answers[i] = append(answers[i], v.askWebhook(r))
		}
	})
	asked := time.Now()
	folder := v.TempDir()
	for _, c := range cases {
		v.applyRequests(c)
		v.must(os.WriteFile(filepath.Join(folder, c.id+".json"), manifestList(c.after), 0o600))
	}
	files, live := v.audit("-R", "-f", folder), v.audit("-A")
	for i, c := range cases {
		v.compareCase(c, answers[i], files, live)
	}
	v.Logf("%d cases: created in %s, caches filled in %s, answers in %s, audits in %s",
		len(cases), created.Sub(began), caught, asked.Sub(created), time.Since(asked))
}

// compareCase compares the verdicts on one case.
func (v *verdicts) compareCase(c *verdictCase, answers [][]found, files, live map[string][]found) {
	v.Helper()
	ofCase := func(key string) bool { return strings.Contains(key, "-"+c.id+"/") }
	for i, r := range c.requests {
		key := objectKey(r.object())
		said := v.comparable(key, answers[i])
		if r.new == nil { // Nothing is left for an audit.
			if len(said) > 0 {
				v.Errorf("%s: only rules about changes may find something in a deletion: %v", c.name, said)
			}
			continue
		}
		if diff := cmp.Diff(v.comparable(key, files[key]), said); diff != "" {
			v.Errorf("%s: %s: kubectl-canary over files and the webhook differ (-files +webhook):\n%s",
				c.name, key, diff)
		}
	}
	for key := range union(files, live) {
		if !ofCase(key) || c.managed(key) {
			continue
		}
		v.count += len(files[key])
		elsewhere := func(f found) bool { return toldAtTheTable[f.Rule] && isReportedElsewhere(key, f) }
		reported := func(findings []found) []found {
			return slices.DeleteFunc(slices.Clone(findings), elsewhere)
		}
		for _, f := range files[key] {
			if elsewhere(f) && !anyOf(live, ofCase, f.Rule) {
				v.Errorf("%s: %s: over the live cluster nobody is told of %s", c.name, key, f.Rule)
			}
		}
		diff := cmp.Diff(reported(files[key]), reported(live[key]), cmpopts.EquateEmpty())
		if _, known := changedByAviary[c.name]; known && diff != "" {
			v.used[c.name] = true
		} else if diff != "" {
			v.Errorf("%s: %s: kubectl-canary over files and over the live cluster differ (-files +live):\n%s",
				c.name, key, diff)
		}
	}
	for _, rule := range c.rules {
		if !slices.ContainsFunc(slices.Concat(answers...), func(f found) bool { return f.Rule == rule }) {
			v.Errorf("%s: the webhook must find %s, found %v", c.name, rule, answers)
		}
	}
}

// anyOf reports whether a rule finds something in one of the objects.
func anyOf(all map[string][]found, of func(key string) bool, rule string) bool {
	for key, findings := range all {
		if of(key) && slices.ContainsFunc(findings, func(f found) bool { return f.Rule == rule }) {
			return true
		}
	}
	return false
}

// comparable returns the findings without those in which admission and audits are known to differ.
func (v *verdicts) comparable(key string, findings []found) (out []found) {
	for _, f := range findings {
		if _, change := changeRules[f.Rule]; change || isReportedElsewhere(key, f) {
			v.used[f.Rule] = true
			continue
		}
		out = append(out, f)
	}
	return truncate(out)
}

// truncate sorts findings and shortens their messages, as Aviary does because of the API server's
// limit for warnings.
func truncate(findings []found) (out []found) {
	const room = 200
	for _, f := range findings {
		f.Message = f.Message[:min(len(f.Message), room-len(f.Field)-len(f.Rule))]
		out = append(out, f)
	}
	slices.SortFunc(out, func(a, b found) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return out
}
