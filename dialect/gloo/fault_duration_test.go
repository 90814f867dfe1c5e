package gloo

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/fact"
)

// TestDurationsWithin: what stands at other names, or is no text, is nobody's business.
func TestDurationsWithin(t *testing.T) {
	t.Parallel()
	in := textFields{"a": nil, "b": {"c": nil}, "d": {anyName: {"e": nil}}}
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"None":     {`{}`, nil},
		"Readable": {`{"a":"5m","b":{"c":"1.5h"},"d":{"x":{"e":"0"}}}`, nil},
		"Others":   {`{"x":"1","b":{"a":"1","x":{"c":"1"}},"e":"1","d":{"e":"1"}}`, nil},
		"NoText":   {`{"a":5,"b":null,"d":[{"x":null}]}`, nil},
		"NoObject": {`{"a":{"c":"1"},"b":"1"}`, nil},
		"Text":     {`{"a":"5"}`, []string{"o.a"}},
		"After":    {`{"x":[{"a":"1"}],"b":{"x":{},"c":"soon"},"a":"5"}`, []string{"o.b.c", "o.a"}},
		"List":     {`{"b":[{"c":"1s"},{"c":"1 s"},[{"c":"1"}]]}`, []string{"o.b[1].c", "o.b[2][0].c"}},
		"Map":      {`{"d":{"x.y":{"e":"1d"},"z":{"e":"1s"}}}`, []string{"o.d[x.y].e"}},
		"Cut":      {`{"a":"5","b":[{"c":"6"`, []string{"o.a", "o.b[0].c"}},
	} {
		var f faults
		f.durations([]byte(c.text), in, "o")
		var got []string
		for _, x := range f.list {
			if got = append(got, x.Field); x.Reach != fact.ReachKind {
				t.Errorf("%s: %s reaches %q", name, x.Field, x.Reach)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
