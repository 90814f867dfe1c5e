package convention_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"aviary.dev/convention"
)

// readCase is a Deployment with annotations, whose keys are without the prefix, and what is found.
type readCase struct {
	reason string
	name   string // of the Deployment; echo-v1 if empty
	set    map[string]string
	want   []string
}

// at begins a finding about an annotation.
const at = "metadata.annotations[aviary.dev/"

func testRead(t *testing.T, cases map[string]readCase) {
	t.Helper()
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			annotations := map[string]string{convention.KeyApp: "echo"}
			for k, v := range tc.set {
				annotations[convention.Prefix+k] = v
			}
			if tc.name == "" {
				tc.name = "echo-v1"
			}
			v, findings := convention.Read(deployment(t, tc.name, annotations), convention.DefaultLabelKeys())
			findings = append(findings, convention.CheckUse(v, annotations, []string{"service", "upstream"})...)
			if v == nil {
				t.Fatalf("%s\nRead() gave no version", tc.reason)
			}
			if diff := cmp.Diff(tc.want, lines(findings), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s\nRead(): -want +got:\n%s", tc.reason, diff)
			}
			for _, p := range findings {
				if len(line(p)) > 700 {
					t.Errorf("a message of %d bytes: %.100s", len(line(p)), line(p))
				}
			}
		})
	}
}

func TestReadValues(t *testing.T) {
	t.Parallel()
	testRead(t, map[string]readCase{
		"Least": {"one annotation opts in", "", map[string]string{}, nil},
		"Typo": {"did you mean", "", map[string]string{"wieght": "10"}, []string{
			at + `wieght]: is not an annotation that Aviary knows; did you mean aviary.dev/weight?`,
		}},
		"Unknown": {"nothing is near", "", map[string]string{"colour-of-the-team": "red"}, []string{
			at + `colour-of-the-team]: is not an annotation that Aviary knows; ` +
				`remove it; keys of your own may begin with aviary.dev/x-`,
		}},
		"Free": {"keys of one's own", "", map[string]string{"x-team": "red"}, nil},
		"Stamps": {"both, in order", "", map[string]string{"promoted-at": "now", "weight-raised-at": "yesterday"}, []string{
			at + `promoted-at]: "now" must be a time in RFC 3339; remove it: Aviary sets it`,
			at + `weight-raised-at]: "yesterday" must be a time in RFC 3339; remove it: Aviary sets it`,
		}},
		"AllAtOnce": {"sorted by what is read", "", map[string]string{"role": "boss", "weight": "x", "port": "x"}, []string{
			at + `role]: "boss" must be primary, canary, shadow or standby; for example canary`,
			at + `weight]: "x" must be a whole number from 0 to 100; for example "10"`,
			at + `port]: "x" must be a whole number from 1 to 65535; for example "80"`,
		}},
		"Long": {"no parser sees more", "", map[string]string{
			"x-note": strings.Repeat("a", 5000), "headers": strings.Repeat("a", 5000), "role": "canary",
		}, []string{
			at + `headers]: must have at most 4096 bytes, not 5000; shorten it`,
			at + `headers]: "` + strings.Repeat("a", 60) + `…" must give header ` + strings.Repeat("a", 60) + `… a value: ` +
				`an empty one fits every request that has the header; for example stage=canary`,
		}},
	})
}

func TestReadWithoutApp(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason      string
		annotations map[string]string
		want        []string
	}{
		"None":   {"none of Aviary's business", nil, nil},
		"Others": {"nor are other people's keys", map[string]string{"role": "canary", "kubernetes.io/x": "1"}, nil},
		"Free":   {"keys of one's own opt in to nothing", map[string]string{"aviary.dev/x-team": "a"}, nil},
		"Role": {"forgot the app", map[string]string{"aviary.dev/role": "canary", "aviary.dev/weight": "10"}, []string{
			at + "app]: is missing, so aviary.dev/role has no effect; " +
				"set aviary.dev/app to the app's name, or remove Aviary's annotations",
		}},
		"Typo": {"the likely one", map[string]string{"aviary.dev/ap": "echo"}, []string{
			at + "ap]: is not an annotation that Aviary knows; did you mean aviary.dev/app?",
		}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v, findings := convention.Read(deployment(t, "echo-v1", tc.annotations), convention.DefaultLabelKeys())
			if v != nil {
				t.Errorf("%s\nRead() = %+v, want no version", tc.reason, v)
			}
			if diff := cmp.Diff(tc.want, lines(findings), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s\nRead(): -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestReadMisplaced(t *testing.T) {
	t.Parallel()
	_, findings := convention.Read(decode(t, `
metadata: {name: echo-v1, namespace: echo, annotations: {aviary.dev/app: echo}}
spec: {template: {metadata: {annotations: {aviary.dev/role: canary, aviary.dev/x-own: "1"}}}}
`), convention.DefaultLabelKeys())
	want := []string{
		"warning: spec.template.metadata.annotations[aviary.dev/role]: has no effect on the pod template; " +
			"move it to the Deployment's own annotations",
	}
	if diff := cmp.Diff(want, lines(findings)); diff != "" {
		t.Errorf("Read(): -want +got:\n%s", diff)
	}
}

// A version whose annotations can't be read counts, as standby, and freezes the route where traffic would have to be
// guessed.
func TestReadBroken(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason     string
		set        map[string]string
		role       convention.Role
		unreadable bool
	}{
		"Fine":    {"nothing to guess", map[string]string{"role": "canary", "weight": "10"}, convention.Canary, false},
		"Role":    {"is it the primary?", map[string]string{"role": "prmary"}, convention.Standby, true},
		"Weight":  {"how much?", map[string]string{"role": "canary", "weight": "x"}, convention.Canary, true},
		"Version": {"where are its pods?", map[string]string{"role": "primary", "version": "V 1"}, convention.Standby, true},
		"Paths": {
			"the default would drop those that are live",
			map[string]string{"role": "primary", "paths": "echo"},
			convention.Primary, true,
		},
		"Headers": {
			"no header route takes nobody's traffic",
			map[string]string{"role": "canary", "headers": "x"},
			convention.Canary,
			false,
		},
		"Long": {
			"the start of it is read",
			map[string]string{"role": "canary", "headers": "a=" + strings.Repeat("a", 5000)},
			convention.Canary, false,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			annotations := map[string]string{convention.KeyApp: "echo"}
			for k, v := range tc.set {
				annotations[convention.Prefix+k] = v
			}
			d := deployment(t, "echo-v1", annotations)
			v, _ := convention.Read(d, convention.DefaultLabelKeys())
			if v.Role != tc.role || v.Unreadable != tc.unreadable {
				t.Errorf("%s\nRead() = role %s, unreadable %t; want %s, %t", tc.reason, v.Role, v.Unreadable, tc.role,
					tc.unreadable)
			}
			if diff := cmp.Diff(annotations, d.Annotations); diff != "" {
				t.Errorf("Read() changed its input: %s", diff)
			}
			for _, h := range v.Headers {
				if len(h.Value) > 4096 {
					t.Errorf("a header of %d bytes was read", len(h.Value))
				}
			}
		})
	}
}

// Nothing is kept in the cluster's own namespace, so annotations there do nothing.
func TestReadInTheClustersOwnNamespace(t *testing.T) {
	t.Parallel()
	for namespace, want := range map[string][]string{
		"kube-systems": nil,
		"kube-system": {"warning: " + at + "app]: has no effect in namespace kube-system, where Aviary keeps nothing; " +
			"use another namespace"},
	} {
		d := deployment(t, "echo-v1", map[string]string{convention.KeyApp: "echo"})
		d.Namespace = namespace
		if _, found := convention.Read(d, convention.DefaultLabelKeys()); !slices.Equal(lines(found), want) {
			t.Errorf("in %s: %q, want %q", namespace, lines(found), want)
		}
	}
}
