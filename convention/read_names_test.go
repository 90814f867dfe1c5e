package convention_test

import (
	"strings"
	"testing"

	"aviary.dev/convention"
)

// What is said of names that are none.
const (
	badApp = " must start with a letter, hold only lower-case letters, digits and -, end with a letter or digit, " +
		"and have at most 52 characters; name the app like its Service, for example echo"
	badVersion = " must hold only lower-case letters, digits, - and ., begin and end with a letter or digit, " +
		"and have at most 40 characters; "
)

func TestReadNames(t *testing.T) {
	t.Parallel()
	testRead(t, map[string]readCase{
		"AppUpper": {"the app names a Service", "Echo-v1", map[string]string{"app": "Echo"}, []string{
			at + `app]: "Echo"` + badApp,
		}},
		"AppDigit": {"a Service starts with a letter", "1echo-v1", map[string]string{"app": "1echo"}, []string{
			at + `app]: "1echo"` + badApp,
		}},
		"AppEmpty": {
			"an empty one opts in to nothing", "",
			map[string]string{"app": "", "version": "v1"},
			[]string{at + `app]: ""` + badApp},
		},
		"App52": {
			"the longest that fits", strings.Repeat("a", 52) + "-v1", map[string]string{"app": strings.Repeat("a", 52)}, nil,
		},
		"App53": {
			"<app>-routes must fit", strings.Repeat("a", 53) + "-v1",
			map[string]string{"app": strings.Repeat("a", 53)},
			[]string{at + `app]: "` + strings.Repeat("a", 53) + `"` + badApp},
		},
		"Version": {"dots are allowed", "", map[string]string{"version": "v1.2-rc"}, nil},
		"VersionUpper": {"part of names", "", map[string]string{"version": "V1"}, []string{
			at + `version]: "V1"` + badVersion + "for example v2",
		}},
		"Version40": {"the longest", "", map[string]string{"version": strings.Repeat("1", 40)}, nil},
		"VersionLong": {"part of names", "", map[string]string{"version": strings.Repeat("1", 41)}, []string{
			at + `version]: "` + strings.Repeat("1", 41) + `"` + badVersion + "for example v2",
		}},
		"VersionMissing": {"nothing to take it from", "blue", map[string]string{}, []string{
			at + `version]: is missing, and the name "blue" does not begin with "echo-"; set it, for example to v2`,
		}},
		"VersionFromName": {"what follows is no version", "echo-v1-", map[string]string{}, []string{
			at + `version]: is missing, and cannot be taken from the Deployment's name: "v1-"` + badVersion +
				"set it, for example to v2",
		}},
	})
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
