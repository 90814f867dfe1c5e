package policy

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/policy/input"
)

// TestKeysThatThereAreNot: a rule that reads a key that no document has would be silent for ever.
func TestKeysThatThereAreNot(t *testing.T) {
	t.Parallel()
	const siblings = "exists, kind, managed, name, namespace, shadow, unfit, use, used"
	cases := map[string]struct{ body, want string }{
		"Near":     {"input.app.wieghtSum > 3", "input.app.wieghtSum does not exist; did you mean weightSum?"},
		"Brackets": {`input.app["wieghtSum"] > 3`, "input.app.wieghtSum does not exist; did you mean weightSum?"},
		"Negated":  {"not input.app.hasRoute", "input.app.hasRoute does not exist; did you mean hadRoute?"},
		"Nothing":  {"some s in input.siblings\n\ts.mine", "s.mine does not exist; known: " + siblings},
		"Variable": {"v := input.app.versions[_]\n\tv.weihgt > 3", "v.weihgt does not exist; did you mean weight?"},
		"Index":    {"input.app.versions[i].rle == i", "input.app.versions[i].rle does not exist; did you mean role?"},
		"Closure": {
			`count([v | some v in input.app.versions; v.rle == ""]) > 0`,
			"v.rle does not exist; did you mean role?",
		},
		"Renamed": {"some s in input.siblings\n\tnot s.ours", "s.ours does not exist; did you mean managed?"},
		"RenamedOfSeveral": {
			"input.routes[_].destinations[_].upstream.kube",
			"input.routes[_].destinations[_].upstream does not exist; did you mean backend?",
		},
		"RenamedElsewhere": {
			"input.app.versions[_].kube",
			"input.app.versions[_].kube does not exist; known: available, deployment, ",
		},
		"Top": {"count(input.problems) > 0", "input.problems does not exist; did you mean findings?"},
		"List": {
			`input.routes.field == "x"`, "input.routes.field does not exist: input.routes has no such keys",
		},
		"Text":     {`input.name.first == "x"`, "input.name.first does not exist: input.name is a text"},
		"Type":     {"input.name == 1", "compares a text with a number, which is never true"},
		"Function": {"count(input.order) > 0", "rego_type_error: count: invalid argument(s)"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			head := `findings contains {"field": "f", "message": "m", "fix": "x"} if {`
			writeRule(t, dir, "x", head+"\n\t"+c.body+"\n}")
			_, err := ReadFolder(dir, nil)
			row := "8"
			if strings.Contains(c.body, "\n") {
				row = "9"
			}
			want := "rule x (" + filepath.Join(dir, "x") + "): x.rego:" + row + ": " + c.want
			if err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "occurred") {
				t.Errorf("got %v\nwant %s", err, want)
			}
		})
	}
}

// TestRenamedKeys: what the table says is a key now, and no key has an old name.
func TestRenamedKeys(t *testing.T) {
	t.Parallel()
	text := input.Schema().(map[string]any)
	keys := map[string]bool{}
	collect := func(object any) {
		for key := range object.(map[string]any)["properties"].(map[string]any) {
			keys[key] = true
		}
	}
	collect(text)
	for _, definition := range text["definitions"].(map[string]any) {
		collect(definition)
	}
	for old, now := range renamed {
		if !keys[now] || keys[old] {
			t.Errorf("%s is said to be %s now: keys have %t, and %t", old, now, keys[old], keys[now])
		}
	}
}

const misspelt = `findings contains {"field": "f", "message": "m", "fix": "x"} if input.app.wieghtSum > 100`

// TestMisspeltKeysAreRefused at each place where custom rules are read.
func TestMisspeltKeysAreRefused(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	folder := filepath.Join(root, "policies")
	writeRule(t, folder, "weights", misspelt)
	file := filepath.Join(root, "aviary.yaml")
	writeFile(t, file, configHead+"policies: [policies]\n")
	want := "rule weights (" + filepath.Join(folder, "weights") +
		"): weights.rego:7: input.app.wieghtSum does not exist; did you mean weightSum?"

	_, err := ReadFolder(folder, nil)
	if diff := cmp.Diff(want, message(err)); diff != "" {
		t.Errorf("ReadFolder (-want +got)\n%s", diff)
	}
	_, err = LoadConfig(file, nil)
	if diff := cmp.Diff("configuration "+file+": "+want, message(err)); diff != "" {
		t.Errorf("LoadConfig (-want +got)\n%s", diff)
	}
	s, err := NewSource(t.Context(), file, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, message(s.Broken())); diff != "" {
		t.Errorf("Source.Broken (-want +got)\n%s", diff)
	}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// TestWatchRefusesMisspeltKeys: the rule that stands stays in force.
func TestWatchRefusesMisspeltKeys(t *testing.T) {
	root := t.TempDir()
	folder := filepath.Join(root, "policies")
	writeRule(t, folder, "weights", customBody)
	file := filepath.Join(root, "aviary.yaml")
	writeFile(t, file, configHead+"policies: [policies]\n")
	s, err := NewSource(t.Context(), file, nil)
	if err != nil || s.Broken() != nil {
		t.Fatal(err, s.Broken())
	}
	before := s.Current()
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		told := make(chan error)
		go s.Watch(ctx, func(err error) { told <- err })
		writeRule(t, folder, "weights", misspelt)
		want := "input.app.wieghtSum does not exist; did you mean weightSum?"
		if err := <-told; !strings.Contains(message(err), want) || s.Current() != before {
			t.Errorf("got %v, want a refusal that says %q", err, want)
		}
	})
}
