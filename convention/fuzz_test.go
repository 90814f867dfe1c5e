package convention_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
	"k8s.io/apimachinery/pkg/util/validation"

	"aviary.dev/convention"
	"aviary.dev/route"
)

// eachSeed returns the Deployments of all stories.
func eachSeed(f *testing.F, add func(*convention.Deployment)) {
	f.Helper()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, step := range steps(txtar.Parse(text)) {
			for _, doc := range documents(step.Data) {
				add(decode(f, string(doc)))
			}
		}
	}
}

// FuzzRead: whatever the annotations, reading does not panic, and what it accepts is within the bounds.
func FuzzRead(f *testing.F) {
	eachSeed(f, func(d *convention.Deployment) {
		a := d.Annotations
		f.Add(d.Name, a[convention.KeyApp], a[convention.KeyVersion], a[convention.KeyRole], a[convention.KeyWeight],
			a[convention.KeyHeaders], a[convention.KeyPaths], a[convention.KeyPort], a[convention.KeyTargetPort],
			a[convention.KeyPromotedAt])
	})
	f.Fuzz(func(t *testing.T, name, app, version, role, weight, headers, paths, port, target, stamp string) {
		annotations := map[string]string{convention.KeyApp: app}
		for key, value := range map[string]string{
			convention.KeyVersion: version, convention.KeyRole: role, convention.KeyWeight: weight,
			convention.KeyHeaders: headers, convention.KeyPaths: paths, convention.KeyPort: port,
			convention.KeyTargetPort: target, convention.KeyPromotedAt: stamp,
		} {
			if value != "" {
				annotations[key] = value
			}
		}
		d := deployment(t, name, annotations)
		v, findings := convention.Read(d, convention.DefaultLabelKeys())
		if v == nil {
			t.Fatal("no version, though the annotation app is there")
		}
		for _, p := range findings {
			if p.Field == "" || p.Message == "" || p.Fix == "" || len(p.Message) > 1000 ||
				strings.ContainsAny(p.Message+p.Fix, "\n\x00") {
				t.Errorf("a finding that does not tell: %+v", p)
			}
		}
		refused := func(key string) bool {
			return slices.ContainsFunc(findings, func(p convention.Finding) bool { return p.Key == key && !p.Warning })
		}
		if !refused(convention.KeyApp) && (len(v.App) > 52 || len(validation.IsDNS1035Label(v.App)) > 0) {
			t.Errorf("app %q", v.App)
		}
		if !refused(convention.KeyVersion) && len(validation.IsValidLabelValue(v.Name)) > 0 {
			t.Errorf("version %q is no label value", v.Name)
		}
		if v.Weight < 0 || v.Weight > 100 || v.Weight > 0 && v.Role != convention.Canary {
			t.Errorf("weight %d of role %s", v.Weight, v.Role)
		}
		if v.Port < 0 || v.Port > 65535 || port != "" && v.Port == 0 && !refused(convention.KeyPort) {
			t.Errorf("port %d of %q", v.Port, port)
		}
		for _, h := range v.Headers {
			if h.Name == "" || h.Value == "" || h.Regex || h.Invert {
				t.Errorf("header %+v", h)
			}
		}
		_, again := convention.Read(d, convention.DefaultLabelKeys())
		if diff := cmp.Diff(findings, again); diff != "" {
			t.Errorf("Read() twice: %s", diff)
		}
		// A patch applies and settles, whatever was read.
		encoded, err := json.Marshal(map[string]any{
			"metadata": map[string]any{"name": name, "annotations": annotations},
			"spec":     map[string]any{"template": map[string]any{}},
		})
		if err != nil {
			t.Fatal(err)
		}
		patched := apply(t, string(encoded),
			defaulted(nil, decode(t, string(encoded))))
		if p := defaulted(nil, decode(t, patched)); len(p) > 0 {
			t.Errorf("Default() twice: %v", p)
		}
	})
}

// FuzzPaths: what is accepted is sorted, within the bounds, and reads back from the form that messages show.
func FuzzPaths(f *testing.F) {
	for _, seed := range []string{
		"/", "/echo,=/health,~/v[0-9]{1\\,2}/.*", "/a,/a/b,/a/b/c", "=/,~.*", "~a\\\\,/b", "/%41",
		"~/,=/", "~/.*,/echo", "~/echo/.*,~/echo/x,/",
	} {
		f.Add(seed)
	}
	eachSeed(f, func(d *convention.Deployment) { f.Add(d.Annotations[convention.KeyPaths]) })
	f.Fuzz(func(t *testing.T, text string) {
		readPaths := func(text string) ([]route.Path, bool) {
			d := deployment(t, "echo-v1", map[string]string{convention.KeyApp: "echo", convention.KeyPaths: text})
			v, findings := convention.Read(d, convention.DefaultLabelKeys())
			return v.Paths, len(findings) == 0
		}
		got, ok := readPaths(text)
		if !ok {
			return
		}
		if len(got) == 0 || len(got) > 32 {
			t.Fatalf("%d paths", len(got))
		}
		var parts []string
		for i, p := range got {
			if p.Kind != route.Regex && (!strings.HasPrefix(p.Value, "/") || strings.ContainsAny(p.Value, " ?#\\\"")) {
				t.Errorf("path %q", p.Value)
			}
			for _, later := range got[i+1:] {
				// Gloo sorts regular expressions before prefixes, and what one hides has the same destinations; so has an
				// expression that is an exact path in other words.
				a, b := route.Matcher{Path: p}, route.Matcher{Path: later}
				if p.Kind != route.Regex && a.Covers(b) && !b.Covers(a) {
					t.Errorf("%q stands before %q, which nothing would reach", p, later)
				}
			}
			parts = append(parts, strings.ReplaceAll(p.String(), ",", `\,`))
			if strings.HasSuffix(p.Value, `\`) {
				return // its separator would read as an escape; a limit of the form
			}
		}
		again, ok := readPaths(strings.Join(parts, ","))
		if diff := cmp.Diff(got, again); !ok || diff != "" {
			t.Errorf("read back: %t, -want +got:\n%s", ok, diff)
		}
	})
}
