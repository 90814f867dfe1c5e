package stories

import (
	"fmt"
	"strings"
	"testing"
)

// TestParents changes what leads to a live table. Each change that would take its traffic away is refused, and says the
// way that passes: the new one first. An app whose path no parent takes is refused, until the path is one that the
// parent takes.
func TestParents(t *testing.T) {
	t.Parallel()
	s := begin(t, "parents")
	leading := func(name string, prefixes ...string) string {
		host := strings.Replace(s.virtualService(""), "by-hand", name, 1)
		begin, route, _ := strings.Cut(host, "    - matchers:")
		for _, p := range prefixes {
			begin += "    - matchers:" + strings.Replace(route, "{prefix: /}", fmt.Sprintf("{prefix: %s}", p), 1)
		}
		return begin
	}
	s.apply(leading("public", "/")).mustSucceed()
	s.apply(v("v1", "role=primary").String()).mustSucceed()
	s.waitAvailable("echo-v1")
	s.waitTraffic("echo", "/echo: v1")

	s.step("a prefix that drops the live route is refused; the new way beside the old one passes, and then without it")
	s.apply(leading("public", "/api")).mustFail("[routes-kept]", "RouteTable parents/echo-routes", "first have another")
	s.apply(leading("public", "/echo", "/")).mustSucceed()
	s.apply(leading("public", "/echo")).mustSucceed()
	s.apply(leading("public", "/")).mustSucceed()

	s.step("the VirtualService is renamed: the new one first")
	s.kubectl("", "delete", "virtualservice", "public").mustFail("[routes-kept]")
	s.apply(leading("renamed", "/")).mustSucceed()
	s.kubectl("", "delete", "virtualservice", "public").mustSucceed()

	s.step("another app at a path that the parent does not take is refused, and passes at one that it takes")
	s.apply(leading("renamed", "/echo", "/api")).mustSucceed()
	s.apply(v("v1", "role=primary").of("till").String()).
		mustFail("[parent-accepts]", "aviary.dev/paths", "begin the path with")
	s.apply(v("v1", "role=primary", "paths=/api/till").of("till").String()).mustSucceed()
	s.waitTraffic("till", "/api/till: v1")

	s.step("what leads to live tables goes once it says that it retires")
	s.kubectl("", "delete", "virtualservice", "renamed").mustFail("[routes-kept]")
	s.kubectl("", "annotate", "virtualservice", "renamed", "aviary.dev/retire=true").mustSucceed()
	s.kubectl("", "delete", "virtualservice", "renamed").mustSucceed()
}
