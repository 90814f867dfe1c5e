package convention_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/convention"
)

func TestParseOverride(t *testing.T) {
	t.Parallel()
	const form = " must be <rule>[,<rule>]: <reason>"
	cases := map[string]struct {
		reason, text string
		want         convention.Override
		err          string
	}{
		"One": {
			"a rule and why", "stranded-traffic: INC-42",
			convention.Override{Rules: []string{"stranded-traffic"}, Reason: "INC-42"},
			"",
		},
		"Two": {
			"each once, spaces dropped", "promotion , capacity,promotion:INC-42: all of it",
			convention.Override{Rules: []string{"promotion", "capacity"}, Reason: "INC-42: all of it"},
			"",
		},
		"NoReason": {"somebody will ask", "promotion: ", convention.Override{}, `"promotion: "` + form},
		"NoColon":  {"nor is this one", "promotion", convention.Override{}, `"promotion"` + form},
		"NoRule": {
			"nothing is no rule", ": INC-42", convention.Override{}, `": INC-42"` + form + `: "" is no rule's name`,
		},
		"All": {
			"there is no word for all of them", "*: INC-42",
			convention.Override{},
			`"*: INC-42"` + form + `: "*" is no rule's name`,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := convention.ParseOverride(tc.text)
			if diff := cmp.Diff(tc.want, got); diff != "" || errorText(err) != tc.err {
				t.Errorf("%s\nParseOverride() = error %q, want %q; -want +got:\n%s", tc.reason, errorText(err), tc.err, diff)
			}
		})
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
