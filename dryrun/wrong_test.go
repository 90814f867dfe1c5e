package dryrun

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/dialect"
)

// TestWithout: a value of the wrong type becomes text, or goes, and all else of the JSON stays.
func TestWithout(t *testing.T) {
	t.Parallel()
	text := dialect.ValueError{Is: "a number", Must: "text; write it in quotes"}
	list := dialect.ValueError{Is: "a list", Must: "text; write it in quotes"}
	number := dialect.ValueError{Is: "text", Must: "a whole number"}
	for name, tc := range map[string]struct {
		in, pointer string
		bad         dialect.ValueError
		want        string
	}{
		"a number":                 {`{"a": {"x/y": 10, "b": 1}}`, "/a/x~1y", text, `{"a": {"x/y": "10", "b": 1}}`},
		"text":                     {`{"a": "10"}`, "/a", number, `{"a": 10}`},
		"text that is no number":   {`{"a": "ten", "b": 1}`, "/a", number, `{ "b": 1}`},
		"a number with a fraction": {`{"a": "1.5", "b": 1}`, "/a", number, `{ "b": 1}`},
		"in a list":                {`[1, {"a": 2}, [3, 4]]`, "/2/1", text, `[1, {"a": 2}, [3, "4"]]`},
		"the first key":            {`{"a": [1], "b": 2}`, "/a", list, `{ "b": 2}`},
		"a key in the middle":      {`{"a": 1 , "b": [2] , "c": 3}`, "/b", list, `{"a": 1 , "c": 3}`},
		"the last key":             {`{"a": 1, "b": [2]}`, "/b", list, `{"a": 1}`},
		"the only key":             {`{"c": {"a": [1]}}`, "/c/a", list, `{"c": {}}`},
		"an element":               {`{"a": [[1], [2]]}`, "/a/0", list, `{"a": [null, [2]]}`},
		"a key with escapes":       {`{"a": 1, "\u0062": [2], "c": 3}`, "/b", list, `{"a": 1, "c": 3}`},
		"a key that isn't there":   {`{"a": 1}`, "/b", text, ``},
		"an element that isn't":    {`[1]`, "/1", text, ``},
		"a pointer into a scalar":  {`{"a": 1}`, "/a/b", text, ``},
		"null":                     {`[null]`, "/0", list, ``},
	} {
		bad := tc.bad
		if err := json.Unmarshal([]byte(`"`+tc.pointer+`"`), &bad.Pointer); err != nil {
			t.Fatal(err)
		}
		got, ok := without([]byte(tc.in), &bad)
		if ok != (tc.want != "") || string(got) != tc.want {
			t.Errorf("%s (-want +got)\n%s", name, cmp.Diff(tc.want, string(got)))
		}
	}
}
