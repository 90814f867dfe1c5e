package stories

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	admissionv1 "k8s.io/api/admission/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

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
	p, err := startPlaneWith(t.Context(), controlplane.Options{WithoutControllers: true, Progress: testWriter{t}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if p.close() != 0 {
			t.Error("the control plane did not end well")
		}
	})
	if p.aviary, err = aviary.Install(t.Context(), p.ControlPlane, aviary.Options{Config: verdictConfig, Progress: testWriter{t}}); err != nil {
		t.Fatal(err)
	}
	v := &verdicts{story: &story{T: t, plane: p}, used: map[string]bool{}}
	v.kubectl("", "delete", "mutatingwebhookconfigurations,validatingwebhookconfigurations", "--all").mustSucceed()
	if v.canary, err = aviary.BuildProgram(t.Context(), "kubectl-canary", testWriter{t}); err != nil {
		t.Fatal(err)
	}
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
	v.Logf("%d cases: stand after %s, caches after %s, answers after %s, audits after %s", len(cases), created.Sub(began), caught, asked.Sub(created), time.Since(asked))
}

// compareCase compares the verdicts on one case.
func (v *verdicts) compareCase(c *verdictCase, answers [][]found, files, live map[string][]found) {
	v.Helper()
	ours := func(key string) bool { return strings.Contains(key, "-"+c.id+"/") }
	for i, r := range c.requests {
		key := objectKey(r.object())
		said := v.comparable(key, answers[i])
		if r.new == nil { // Nothing is left to be audited.
			if len(said) > 0 {
				v.Errorf("%s: only rules about changes have a say in a deletion: %v", c.name, said)
			}
			continue
		}
		if diff := cmp.Diff(v.comparable(key, files[key]), said); diff != "" {
			v.Errorf("%s: %s: kubectl-canary over files and the webhook differ (-files +webhook):\n%s", c.name, key, diff)
		}
	}
	for key := range union(files, live) {
		if !ours(key) || c.managed(key) {
			continue
		}
		v.count += len(files[key])
		told := func(findings []found) []found {
			return slices.DeleteFunc(slices.Clone(findings), func(f found) bool { return f.Rule == "path-owned" && isReportedElsewhere(key, f) })
		}
		diff := cmp.Diff(told(files[key]), told(live[key]), cmpopts.EquateEmpty())
		if _, known := changedByAviary[c.name]; known && diff != "" {
			v.used[c.name] = true
		} else if diff != "" {
			v.Errorf("%s: %s: kubectl-canary over files and over the live cluster differ (-files +live):\n%s", c.name, key, diff)
		}
	}
	for _, rule := range c.rules {
		if !slices.ContainsFunc(slices.Concat(answers...), func(f found) bool { return f.Rule == rule }) {
			v.Errorf("%s: the webhook must find %s, found %v", c.name, rule, answers)
		}
	}
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

// askWebhook sends a request directly to the running webhook.
func (v *verdicts) askWebhook(r verdictRequest) (out []found) {
	v.Helper()
	o := r.object()
	gvk := o.GroupVersionKind()
	request := map[string]any{
		"uid": "1", "kind": map[string]any{"group": gvk.Group, "version": gvk.Version, "kind": gvk.Kind},
		"resource": map[string]any{"group": gvk.Group, "version": gvk.Version, "resource": verdictResource(o).Resource},
		"name":     o.GetName(), "namespace": o.GetNamespace(), "operation": "CREATE",
		"userInfo": map[string]any{"username": r.user, "groups": r.groups},
	}
	if r.new != nil {
		request["object"] = r.new.Object
	}
	if r.old != nil {
		if request["operation"] = "UPDATE"; r.new == nil {
			request["operation"] = "DELETE"
		}
		request["oldObject"] = r.old.Object
	}
	body, err := json.Marshal(map[string]any{"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": request})
	v.must(err)
	client := &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{TLSClientConfig: v.tls(), DisableKeepAlives: true}}
	response, err := client.Post("https://"+v.aviary.Address+"/validate", "application/json", bytes.NewReader(body)) //nolint:noctx // because the client has a limit.
	if err != nil {
		v.Error(err)
		return nil
	}
	defer response.Body.Close() //nolint:errcheck // because all was read.
	var review admissionv1.AdmissionReview
	if err := json.NewDecoder(response.Body).Decode(&review); err != nil || review.Response == nil {
		v.Errorf("the webhook answered %s: %v", response.Status, err)
		return nil
	}
	return answered(v.T, review.Response)
}

func answered(t *testing.T, answer *admissionv1.AdmissionResponse) (out []found) {
	t.Helper()
	lines := slices.Clone(answer.Warnings)
	if !answer.Allowed {
		lines = append(lines, strings.Split(answer.Result.Message, "\n")...)
	}
	for _, line := range lines {
		field, rest, ok := strings.Cut(line, ": [")
		rule, message, ok2 := strings.Cut(rest, "] ")
		if !ok || !ok2 {
			t.Errorf("%q is no finding", line)
			continue
		}
		out = append(out, found{rule, field, message})
	}
	return out
}

// audit runs kubectl-canary and returns its findings by object.
func (v *verdicts) audit(args ...string) map[string][]found {
	v.Helper()
	cmd := exec.CommandContext(v.Context(), v.canary, append([]string{"audit", "-o", "json", "--kubeconfig", v.Kubeconfig, "--config", v.aviary.ConfigFile()}, args...)...) //nolint:gosec // because it is the binary under test.
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) {
		v.Fatalf("kubectl-canary audit %v: %v\n%s", args, err, &stderr)
	}
	var result struct {
		Findings []struct{ Rule, Message, Fix, Kind, Namespace, Name, Field string }
	}
	v.must(json.Unmarshal(stdout, &result))
	out := map[string][]found{}
	for _, f := range result.Findings {
		key := f.Kind + " " + f.Namespace + "/" + f.Name
		if f.Fix != "" {
			f.Message += "; " + f.Fix
		}
		out[key] = append(out[key], found{f.Rule, f.Field, f.Message})
	}
	return out
}

func objectKey(o *unstructured.Unstructured) string {
	return o.GetKind() + " " + o.GetNamespace() + "/" + o.GetName()
}

func union(a, b map[string][]found) map[string]bool {
	out := map[string]bool{}
	for _, m := range []map[string][]found{a, b} {
		for key := range m {
			out[key] = true
		}
	}
	return out
}

func manifestList(objects []*unstructured.Unstructured) []byte {
	var items []any
	for _, o := range objects {
		items = append(items, o.Object)
	}
	text, _ := json.Marshal(map[string]any{"apiVersion": "v1", "kind": "List", "items": items})
	return text
}
