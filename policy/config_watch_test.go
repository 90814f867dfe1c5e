package policy

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
)

// mount is a volume as Kubernetes makes it of a ConfigMap: what is seen are links through ..data,
// which is swapped.
type mount struct {
	dir   string
	swaps int
}

func (m *mount) swap(t *testing.T, files map[string]string) {
	t.Helper()
	m.swaps++
	fresh := "..2027_" + strings.Repeat("i", m.swaps)
	for name, text := range files {
		writeFile(t, filepath.Join(m.dir, fresh, name), text)
		top, _, _ := strings.Cut(name, "/")
		if _, err := os.Lstat(filepath.Join(m.dir, top)); err != nil {
			if err := os.Symlink(filepath.Join("..data", top), filepath.Join(m.dir, top)); err != nil {
				t.Fatal(err)
			}
		}
	}
	old, _ := os.Readlink(filepath.Join(m.dir, "..data"))
	if err := os.Symlink(fresh, filepath.Join(m.dir, "..data_tmp")); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(m.dir, "..data_tmp"), filepath.Join(m.dir, "..data")); err != nil {
		t.Fatal(err)
	}
	if old != "" {
		if err := os.RemoveAll(filepath.Join(m.dir, old)); err != nil {
			t.Fatal(err)
		}
	}
}

// rule is a custom rule in the mode given; "broken" is no mode.
func rule(mode string) string {
	return `# METADATA
# title: Zone
# description: For tests.
# custom: {subjects: [routes], mode: ` + mode + `}
package policy.rules.zone

` + customBody
}

// look asserts what one look makes of a change.
func look(t *testing.T, s *Source, changed bool, want string) {
	t.Helper()
	got, err := s.look(t.Context())
	switch {
	case got != changed:
		t.Fatalf("changed %t, %v, want %t", got, err, changed)
	case err == nil && want != "", err != nil && (want == "" || !strings.Contains(err.Error(), want)):
		t.Fatalf("got %v, want %q", err, want)
	}
}

func TestSourceReloads(t *testing.T) {
	t.Parallel()
	config, rules := &mount{dir: t.TempDir()}, &mount{dir: t.TempDir()}
	text := configHead + "policies: [" + rules.dir + "]\n"
	const file = "zone/zone.rego"
	config.swap(t, map[string]string{"config.yaml": text})
	rules.swap(t, map[string]string{file: rule("warn")})
	s, err := NewSource(t.Context(), filepath.Join(config.dir, "config.yaml"), nil)
	if err != nil || s.Broken() != nil {
		t.Fatal(err, s.Broken())
	}
	zone := func(want Mode) {
		t.Helper()
		if got := s.Current().Engine.Mode("zone"); got != want {
			t.Fatalf("zone is %s, want %s", got, want)
		}
	}
	zone(ModeWarn)
	look(t, s, false, "")

	config.swap(t, map[string]string{"config.yaml": text + "rules: {zone: {mode: audit}}\n"})
	look(t, s, true, "")
	zone(ModeAudit)

	before := s.Current()
	config.swap(t, map[string]string{"config.yaml": text + "rules: {zone2: {mode: off}}\n"})
	look(t, s, true, "the last good configuration stays: configuration "+filepath.Join(config.dir, "config.yaml")+
		": rules.zone2: unknown rule; did you mean zone?")
	look(t, s, false, "") // told once
	if s.Current() != before {
		t.Error("a broken file was taken")
	}

	config.swap(t, map[string]string{"config.yaml": text})
	look(t, s, true, "")
	zone(ModeWarn)

	rules.swap(t, map[string]string{file: rule("broken")})
	look(t, s, true, `rule zone (`+filepath.Join(rules.dir, "zone")+`): METADATA: mode "broken" must be one of`)
	zone(ModeWarn)
	config.swap(t, map[string]string{"config.yaml": text + "enforcement: warn\n"})
	look(t, s, true, "mode \"broken\"")
	if s.Current().Config.Enforcement != ModeDeny {
		t.Error("with a broken rule the last good configuration must stay as a whole")
	}
	rules.swap(t, map[string]string{file: rule("audit")})
	look(t, s, true, "")
	zone(ModeAudit)

	if err := os.Remove(filepath.Join(config.dir, "config.yaml")); err != nil {
		t.Fatal(err)
	}
	look(t, s, true, "no such file or directory")
	zone(ModeAudit)
}

func TestSourceStartsWithoutBrokenRules(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "rules/zone/zone.rego"), rule("broken"))
	writeRule(t, filepath.Join(dir, "rules"), "good", customBody)
	file := filepath.Join(dir, "config.yaml")
	text := configHead + `policies: [rules, missing]
rules: {zone: {mode: warn}, elsewhere: {mode: off}, good: {mode: audit}, promotion: {mode: warn}}
namespaces: [{selector: {}, rules: {zone: warn, good: warn}}]
exceptions: [{rule: zone, match: {name: a}, reason: x, expires: 2999-01-31}]
`
	writeFile(t, file, text)
	s, err := NewSource(t.Context(), file, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"rule zone (", "policies: read " + filepath.Join(dir, "missing") + ": no such file"} {
		if s.Broken() == nil || !strings.Contains(s.Broken().Error(), want) {
			t.Errorf("got %v, want it to say %q", s.Broken(), want)
		}
	}
	engine := s.Current().Engine
	if engine.Mode("zone") != ModeUnset || engine.Mode("good") != ModeAudit || engine.Mode("promotion") != ModeWarn {
		t.Errorf("got zone %s, good %s, promotion %s",
			engine.Mode("zone"), engine.Mode("good"), engine.Mode("promotion"))
	}
	if _, err := LoadConfig(file, nil); err == nil || !strings.Contains(err.Error(), "rule zone (") {
		t.Errorf("got %v, want that the command line refuses a broken rule", err)
	}
	// With the folder there, only the broken rule's id may be unknown.
	writeFile(t, file, strings.Replace(text, ", missing", "", 1))
	_, err = NewSource(t.Context(), file, nil)
	if err == nil || !strings.Contains(err.Error(), "rules.elsewhere: unknown rule") {
		t.Errorf("got %v, want an unknown rule", err)
	}
	writeFile(t, file, "kind: Config")
	if _, err := NewSource(t.Context(), file, nil); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("got %v, want that a broken file is an error", err)
	}
}

func TestSourceWithoutFile(t *testing.T) {
	t.Parallel()
	s, err := NewSource(t.Context(), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	look(t, s, false, "")
	if s.Current().Engine.Mode("promotion") != ModeDeny {
		t.Error("want the defaults")
	}
}

func TestWatchTellsOfEachChange(t *testing.T) {
	file := filepath.Join(t.TempDir(), "config.yaml")
	writeFile(t, file, configHead)
	s, err := NewSource(t.Context(), file, nil)
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		told := make(chan error)
		go s.Watch(ctx, func(err error) { told <- err })
		writeFile(t, file, configHead+"enforcement: warn\n")
		if err := <-told; err != nil || s.Current().Config.Enforcement != ModeWarn {
			t.Errorf("got %v, want the new configuration", err)
		}
		writeFile(t, file, configHead+"enforcement: maybe\n")
		if err := <-told; err == nil || s.Current().Config.Enforcement != ModeWarn {
			t.Errorf("got %v, want a refusal", err)
		}
	})
}
