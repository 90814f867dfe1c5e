package convention_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"aviary.dev/convention"
	"aviary.dev/route"
)

func TestReadValues(t *testing.T) {
	t.Parallel()
	const at = "metadata.annotations[aviary.dev/"
	cases := map[string]struct {
		reason string
		name   string // of the Deployment; echo-v1 if empty
		set    map[string]string
		want   []string
	}{
		"Least": {"one annotation opts in", "", map[string]string{}, nil},
		"AppUpper": {
			"the app names a Service",
			"Echo-v1",
			map[string]string{"app": "Echo"},
			[]string{
				at + `app]: "Echo" must start with a letter, hold only lower-case letters, digits and -, end with a letter or digit, and have at most 52 characters; name the app like its Service, for example echo`,
			},
		},
		"AppDigit": {
			"a Service starts with a letter",
			"1echo-v1",
			map[string]string{"app": "1echo"},
			[]string{
				at + `app]: "1echo" must start with a letter, hold only lower-case letters, digits and -, end with a letter or digit, and have at most 52 characters; name the app like its Service, for example echo`,
			},
		},
		"AppEmpty": {
			"an empty one opts in to nothing",
			"",
			map[string]string{"app": "", "version": "v1"},
			[]string{
				at + `app]: "" must start with a letter, hold only lower-case letters, digits and -, end with a letter or digit, and have at most 52 characters; name the app like its Service, for example echo`,
			},
		},
		"App52": {
			"the longest that fits",
			strings.Repeat("a", 52) + "-v1",
			map[string]string{"app": strings.Repeat("a", 52)},
			nil,
		},
		"App53": {
			"<app>-routes must fit",
			strings.Repeat("a", 53) + "-v1",
			map[string]string{"app": strings.Repeat("a", 53)},
			[]string{
				at + `app]: "` + strings.Repeat(
					"a",
					53,
				) + `" must start with a letter, hold only lower-case letters, digits and -, end with a letter or digit, and have at most 52 characters; name the app like its Service, for example echo`,
			},
		},
		"Version": {"dots are allowed", "", map[string]string{"version": "v1.2-rc"}, nil},
		"VersionUpper": {
			"part of names",
			"",
			map[string]string{"version": "V1"},
			[]string{
				at + `version]: "V1" must hold only lower-case letters, digits, - and ., begin and end with a letter or digit, and have at most 40 characters; for example v2`,
			},
		},
		"Version40": {"the longest", "", map[string]string{"version": strings.Repeat("1", 40)}, nil},
		"VersionLong": {
			"part of names",
			"",
			map[string]string{"version": strings.Repeat("1", 41)},
			[]string{
				at + `version]: "` + strings.Repeat(
					"1",
					41,
				) + `" must hold only lower-case letters, digits, - and ., begin and end with a letter or digit, and have at most 40 characters; for example v2`,
			},
		},
		"VersionMissing": {
			"nothing to take it from",
			"blue",
			map[string]string{},
			[]string{at + `version]: is missing, and the name "blue" does not begin with "echo-"; set it, for example to v2`},
		},
		"VersionFromName": {
			"what follows is no version",
			"echo-v1-",
			map[string]string{},
			[]string{
				at + `version]: is missing, and cannot be taken from the Deployment's name: "v1-" must hold only lower-case letters, digits, - and ., begin and end with a letter or digit, and have at most 40 characters; set it, for example to v2`,
			},
		},
		"RolePrimary": {"stated", "", map[string]string{"role": "primary"}, nil},
		"RoleTypo": {
			"no guessing",
			"",
			map[string]string{"role": "Canary"},
			[]string{at + `role]: "Canary" must be primary, canary, shadow or standby; for example canary`},
		},
		"RoleEmpty": {
			"absent is not empty",
			"",
			map[string]string{"role": ""},
			[]string{at + `role]: "" must be primary, canary, shadow or standby; for example canary`},
		},
		"Role60": {
			"a value is shown up to here",
			"",
			map[string]string{"role": strings.Repeat("a", 60)},
			[]string{
				at + `role]: "` + strings.Repeat("a", 60) + `" must be primary, canary, shadow or standby; for example canary`,
			},
		},
		"Weight": {"a canary's", "", map[string]string{"role": "canary", "weight": "100"}, nil},
		"WeightOver": {
			"percent",
			"",
			map[string]string{"role": "canary", "weight": "101"},
			[]string{at + `weight]: "101" must be a whole number from 0 to 100; for example "10"`},
		},
		"WeightZero": {"the least", "", map[string]string{"role": "canary", "weight": "0"}, nil},
		"WeightNegative": {
			"percent",
			"",
			map[string]string{"role": "canary", "weight": "-1"},
			[]string{at + `weight]: "-1" must be a whole number from 0 to 100; for example "10"`},
		},
		"WeightPercent": {
			"no sign",
			"",
			map[string]string{"role": "canary", "weight": "10%"},
			[]string{at + `weight]: "10%" must be a whole number from 0 to 100; for example "10"`},
		},
		"WeightOctal": {
			"010 is not 10 everywhere",
			"",
			map[string]string{"role": "canary", "weight": "010"},
			[]string{at + `weight]: "010" must be a whole number from 0 to 100; for example "10"`},
		},
		"WeightFraction": {
			"whole",
			"",
			map[string]string{"role": "canary", "weight": "1.5"},
			[]string{at + `weight]: "1.5" must be a whole number from 0 to 100; for example "10"`},
		},
		"WeightPrimary": {
			"a likely slip, but harmless",
			"",
			map[string]string{"role": "primary", "weight": "10"},
			[]string{
				"warning: " + at + "weight]: has no effect on a version that is no canary; set aviary.dev/role: canary, or remove it",
			},
		},
		"Headers":    {"two", "", map[string]string{"role": "canary", "headers": "stage=canary, x-team=a b"}, nil},
		"HeadersOff": {"empty turns the route off", "", map[string]string{"role": "canary", "headers": ""}, nil},
		"HeadersName": {
			"a space is no part of a name",
			"",
			map[string]string{"role": "canary", "headers": "my stage=canary"},
			[]string{
				at + `headers]: "my stage=canary" must be name=value[,name=value]: "my stage" is no header name; for example stage=canary`,
			},
		},
		"HeadersColon": {
			"YAML habit",
			"",
			map[string]string{"role": "canary", "headers": "stage: canary"},
			[]string{
				at + `headers]: "stage: canary" must be name=value[,name=value]: "stage: canary" is no header name; for example stage=canary`,
			},
		},
		"HeadersNoValue": {
			"presence would take too much",
			"",
			map[string]string{"role": "canary", "headers": "stage="},
			[]string{
				at + `headers]: "stage=" must give header stage a value: an empty one fits every request that has the header; for example stage=canary`,
			},
		},
		"HeadersNonASCII": {
			"HTTP",
			"",
			map[string]string{"role": "canary", "headers": "stage=ä"},
			[]string{
				at + `headers]: "stage=ä" must hold printable ASCII only: the value of header stage does not; for example stage=canary`,
			},
		},
		"HeadersSpace": {
			"a proxy trims it, so nothing would fit",
			"",
			map[string]string{"role": "canary", "headers": "stage= canary"},
			[]string{
				at + `headers]: "stage= canary" must not begin or end the value of header stage with a space; for example stage=canary`,
			},
		},
		"HeadersTwice": {
			"names have no case",
			"",
			map[string]string{"role": "canary", "headers": "a=1,A=2"},
			[]string{at + `headers]: "a=1,A=2" must name each header once: A stands twice; for example stage=canary`},
		},
		"HeadersMany": {
			"a limit",
			"",
			map[string]string{"role": "canary", "headers": "a=1,b=1,c=1,d=1,e=1,f=1,g=1,h=1,i=1"},
			[]string{at + `headers]: must name at most 8 headers, not 9; for example stage=canary`},
		},
		"Headers8": {
			"the limit itself",
			"",
			map[string]string{"role": "canary", "headers": "a=1,b=1,c=1,d=1,e=1,f=1,g=1,h=1"},
			nil,
		},
		"HeadersLong": {
			"the limit of an annotation",
			"",
			map[string]string{"role": "canary", "headers": "a=" + strings.Repeat("a", 4094)},
			nil,
		},
		"HeadersStandby": {
			"no effect",
			"",
			map[string]string{"role": "standby", "headers": "a=1"},
			[]string{
				"warning: " + at + "headers]: has no effect on a version that is no canary; set aviary.dev/role: canary, or remove it",
			},
		},
		"Paths": {"all kinds", "", map[string]string{"paths": `/echo, =/exact,~/v[0-9]{1\,3}/.*`}, nil},
		"PathsRelative": {
			"a path begins with /",
			"",
			map[string]string{"paths": "echo"},
			[]string{
				at + `paths]: "echo" must be /prefix, =/exact or ~regex, of at most 512 characters that a URL path may hold; for example /echo`,
			},
		},
		"PathsEmpty": {
			"no path is no route",
			"",
			map[string]string{"paths": ""},
			[]string{
				at + `paths]: "" must be /prefix, =/exact or ~regex, of at most 512 characters that a URL path may hold; for example /echo`,
			},
		},
		"PathsQuery": {
			"not part of a path",
			"",
			map[string]string{"paths": "/a?b=c"},
			[]string{
				at + `paths]: "/a?b=c" must be /prefix, =/exact or ~regex, of at most 512 characters that a URL path may hold; for example /echo`,
			},
		},
		"PathsDouble": {
			"Gloo refuses it",
			"",
			map[string]string{"paths": "/a//b"},
			[]string{at + `paths]: "/a//b" must not contain //; for example /echo`},
		},
		"PathsDots": {
			"Gloo refuses it",
			"",
			map[string]string{"paths": "/a/../b"},
			[]string{at + `paths]: "/a/../b" must not contain /../; for example /echo`},
		},
		"PathsEndDots": {
			"Gloo refuses it",
			"",
			map[string]string{"paths": "/a/.."},
			[]string{
				at + `paths]: "/a/.." must be /prefix, =/exact or ~regex, of at most 512 characters that a URL path may hold; for example /echo`,
			},
		},
		"PathsSlash": {
			"Gloo refuses it",
			"",
			map[string]string{"paths": "/a%2Fb"},
			[]string{at + `paths]: "/a%2Fb" must not contain %2f; for example /echo`},
		},
		"PathsRegex": {
			"RE2",
			"",
			map[string]string{"paths": "~/(a"},
			[]string{at + `paths]: "~/(a" must be an RE2 expression of 1 to 256 characters; for example /echo`},
		},
		"PathsRegexEmpty": {
			"fits nothing",
			"",
			map[string]string{"paths": "~"},
			[]string{at + `paths]: "~" must be an RE2 expression of 1 to 256 characters; for example /echo`},
		},
		"PathsTwice": {
			"a slip",
			"",
			map[string]string{"paths": "/a,/b,/a"},
			[]string{at + `paths]: "/a,/b,/a" must name each path once: "/a" stands twice; for example /echo`},
		},
		"PathsMany": {
			"a limit",
			"",
			map[string]string{"paths": manyPaths(33)},
			[]string{at + `paths]: must name at most 32 paths, not 33; for example /echo`},
		},
		"Paths32":  {"the limit itself", "", map[string]string{"paths": manyPaths(32)}, nil},
		"PathLong": {"the limit itself", "", map[string]string{"paths": "/" + strings.Repeat("a", 511)}, nil},
		"PathTooLong": {
			"above it",
			"",
			map[string]string{"paths": "/" + strings.Repeat("a", 512)},
			[]string{
				at + `paths]: "/` + strings.Repeat(
					"a",
					59,
				) + `…" must be /prefix, =/exact or ~regex, of at most 512 characters that a URL path may hold; for example /echo`,
			},
		},
		"PathRegexLong": {"the limit itself", "", map[string]string{"paths": "~" + strings.Repeat("a", 256)}, nil},
		"PathRegexLonger": {
			"above it",
			"",
			map[string]string{"paths": "~" + strings.Repeat("a", 257)},
			[]string{
				at + `paths]: "~` + strings.Repeat(
					"a",
					59,
				) + `…" must be an RE2 expression of 1 to 256 characters; for example /echo`,
			},
		},
		"PathsBackslash": {
			"it escapes nothing",
			"",
			map[string]string{"paths": `/a\`},
			[]string{
				at + `paths]: "/a\\" must be /prefix, =/exact or ~regex, of at most 512 characters that a URL path may hold; for example /echo`,
			},
		},
		"Port": {"the highest", "", map[string]string{"port": "65535"}, nil},
		"PortZero": {
			"none",
			"",
			map[string]string{"port": "0"},
			[]string{at + `port]: "0" must be a whole number from 1 to 65535; for example "80"`},
		},
		"PortOne": {"the lowest", "", map[string]string{"port": "1"}, nil},
		"PortHigh": {
			"16 bits",
			"",
			map[string]string{"port": "65536"},
			[]string{at + `port]: "65536" must be a whole number from 1 to 65535; for example "80"`},
		},
		"PortHuge": {
			"no overflow",
			"",
			map[string]string{"port": "99999999999999999999"},
			[]string{at + `port]: "99999999999999999999" must be a whole number from 1 to 65535; for example "80"`},
		},
		"TargetPort":     {"a number", "", map[string]string{"target-port": "8080"}, nil},
		"TargetPortName": {"a name", "", map[string]string{"target-port": "http"}, nil},
		"TargetPortBad": {
			"neither",
			"",
			map[string]string{"target-port": "HTTP_1"},
			[]string{
				at + `target-port]: "HTTP_1" must be a number from 1 to 65535 or the name of a container port; for example "8080"`,
			},
		},
		"APIGroup": {"a label value", "", map[string]string{"api-group": "example"}, nil},
		"APIGroupEmpty": {
			"selects nothing",
			"",
			map[string]string{"api-group": ""},
			[]string{at + `api-group]: "" must not be empty; for example example`},
		},
		"APIGroupList": {
			"the Namespace lists, the app picks",
			"",
			map[string]string{"api-group": "a,b"},
			[]string{
				at + `api-group]: "a,b" must be a label value: a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?'); for example example`,
			},
		},
		"Use": {"both", "", map[string]string{"use": "service,upstream"}, nil},
		"UseOther": {
			"nothing else is used",
			"",
			map[string]string{"use": "service,gateway"},
			[]string{at + `use]: "service,gateway" must be service, upstream or both; for example service,upstream`},
		},
		"Ungated": {"as Kubernetes writes booleans", "", map[string]string{"ungated": "true"}, nil},
		"UngatedYes": {
			"YAML 1.1's yes",
			"",
			map[string]string{"ungated": "yes"},
			[]string{at + `ungated]: "yes" must be "true" or "false"; remove it, or quote the value`},
		},
		"Typo": {
			"did you mean",
			"",
			map[string]string{"wieght": "10"},
			[]string{at + `wieght]: is not an annotation that Aviary knows; did you mean aviary.dev/weight?`},
		},
		"Unknown": {
			"nothing is near",
			"",
			map[string]string{"colour-of-the-team": "red"},
			[]string{
				at + `colour-of-the-team]: is not an annotation that Aviary knows; remove it; keys of your own may begin with aviary.dev/x-`,
			},
		},
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
		"Long": {
			"no parser sees more",
			"",
			map[string]string{"x-note": strings.Repeat("a", 5000), "headers": strings.Repeat("a", 5000), "role": "canary"},
			[]string{
				at + `headers]: must have at most 4096 bytes, not 5000; shorten it`,
				at + `headers]: "` + strings.Repeat(
					"a",
					60,
				) + `…" must give header ` + strings.Repeat(
					"a",
					60,
				) + `… a value: an empty one fits every request that has the header; for example stage=canary`,
			},
		},
	}
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

func manyPaths(n int) string {
	var parts []string
	for i := range n {
		parts = append(parts, "/"+strings.Repeat("a", i+1))
	}
	return strings.Join(parts, ",")
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
		"Role": {
			"forgot the app",
			map[string]string{"aviary.dev/role": "canary", "aviary.dev/weight": "10"},
			[]string{
				"metadata.annotations[aviary.dev/app]: is missing, so aviary.dev/role has no effect; set aviary.dev/app to the app's name, or remove Aviary's annotations",
			},
		},
		"Typo": {
			"the likely one",
			map[string]string{"aviary.dev/ap": "echo"},
			[]string{
				"metadata.annotations[aviary.dev/ap]: is not an annotation that Aviary knows; did you mean aviary.dev/app?",
			},
		},
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
		"warning: spec.template.metadata.annotations[aviary.dev/role]: has no effect on the pod template; move it to the Deployment's own annotations",
	}
	if diff := cmp.Diff(want, lines(findings)); diff != "" {
		t.Errorf("Read(): -want +got:\n%s", diff)
	}
}

func TestReadVersionName(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ reason, name, annotation, label, want string }{
		"Annotation": {"it wins", "echo-v1", "v3", "v2", "v3"},
		"Label":      {"the pods' before the name", "echo-v1", "", "v2", "v2"},
		"Name":       {"what follows the app", "echo-v1", "", "", "v1"},
		"NameDashes": {"all that follows", "echo-2024-01", "", "", "2024-01"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := deployment(t, tc.name, map[string]string{convention.KeyApp: "echo"})
			if tc.annotation != "" {
				d.Annotations[convention.KeyVersion] = tc.annotation
			}
			if tc.label != "" {
				d.Spec.Template.Labels = map[string]string{"version": tc.label}
			}
			v, findings := convention.Read(d, convention.DefaultLabelKeys())
			if v.Name != tc.want || len(findings) > 0 {
				t.Errorf("%s\nRead() = version %q, findings %v, want %q", tc.reason, v.Name, findings, tc.want)
			}
		})
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
			convention.Primary,
			true,
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
			convention.Canary,
			false,
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
				t.Errorf(
					"%s\nRead() = role %s, unreadable %t; want %s, %t",
					tc.reason,
					v.Role,
					v.Unreadable,
					tc.role,
					tc.unreadable,
				)
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

func TestReadPaths(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason, text string
		want         []route.Path
	}{
		"Order": {"exact, regex, longer prefix first", "/a,~/r.*,=/z,/a/b,/", []route.Path{
			{Kind: route.Exact, Value: "/z"},
			{Kind: route.Regex, Value: "/r.*"},
			{Kind: route.Prefix, Value: "/a/b"},
			{Kind: route.Prefix, Value: "/a"},
			{Kind: route.Prefix, Value: "/"},
		}},
		"Comma": {
			`a comma in a regex is written \,`,
			`~/a{1\,2},/b`,
			[]route.Path{{Kind: route.Regex, Value: "/a{1,2}"}, {Kind: route.Prefix, Value: "/b"}},
		},
		"Escape": {"a backslash before anything else stays", `~/\d+`, []route.Path{{Kind: route.Regex, Value: `/\d+`}}},
		"Spaces": {
			"around each are dropped",
			" /a , /b ",
			[]route.Path{{Kind: route.Prefix, Value: "/a"}, {Kind: route.Prefix, Value: "/b"}},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v, findings := convention.Read(
				deployment(t, "echo-v1", map[string]string{convention.KeyApp: "echo", convention.KeyPaths: tc.text}),
				convention.DefaultLabelKeys(),
			)
			if diff := cmp.Diff(tc.want, v.Paths); diff != "" || len(findings) > 0 {
				t.Errorf("%s\nRead(): findings %v, paths -want +got:\n%s", tc.reason, findings, diff)
			}
		})
	}
}
