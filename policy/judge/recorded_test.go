package judge_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
)

// judgedWorld is a recorded world with what the rules find in it.
type judgedWorld struct {
	glootest.World
	store *inventory.Store
	// said is what is said of routes, "echo/echo-routes routes[0]": see [claim].
	said map[string][]string
	// denied are findings that refuse an object, freezes those of them by freezes-others.
	denied, freezes []string
}

var judgedWorlds struct {
	once sync.Once
	list []*judgedWorld
}

// recordedWorlds are all recorded worlds. Each object of them is judged as an audit of files does it, in the default
// configuration. It skips the test where there are none.
func recordedWorlds(t *testing.T) []*judgedWorld {
	t.Helper()
	judgedWorlds.once.Do(func() {
		j := judgeOf(t, policy.DefaultConfig())
		glootest.EachWorld(t, func(w glootest.World) {
			judged := &judgedWorld{World: w, store: inventory.NewStore(), said: map[string][]string{}}
			for _, f := range w.Facts(t) {
				judged.store.Put(f)
			}
			judged.judge(t, j)
			judgedWorlds.list = append(judgedWorlds.list, judged)
		})
	})
	if len(judgedWorlds.list) == 0 {
		t.Skip("no recorded worlds")
	}
	return judgedWorlds.list
}

func (w *judgedWorld) judge(t *testing.T, j *judge.Judge) {
	t.Helper()
	for _, f := range w.store.All() {
		found, err := j.Decide(t.Context(), judge.Request{Operation: judge.Audit, New: f}, w.store)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range found {
			if table, ok := f.(*fact.Table); ok && claim(x) != "" {
				_, after, _ := strings.Cut(x.Field, "routes[")
				index, _, _ := strings.Cut(after, "]")
				name := fmt.Sprintf("%s routes[%s]", table.Ref, index)
				w.said[name] = append(w.said[name], claim(x))
			}
			if x.Mode != policy.ModeDeny {
				continue
			}
			text := fmt.Sprintf("%s: %s", f.Identity(), x)
			if w.denied = append(w.denied, text); x.Rule == "freezes-others" {
				w.freezes = append(w.freezes, text)
			}
		}
	}
}

// claim is what a finding says of its route: that it is dropped, or that no request reaches it.
func claim(f policy.Finding) string {
	switch {
	case strings.Contains(f.Message, "Gloo drops the route"):
		return "dropped"
	case strings.Contains(f.Message, "no request reaches it"):
		return "unreached"
	}
	return ""
}

// holds reports whether something in the world keeps others' changes from going live: a root froze, or the gateway
// refuses the routes of all.
func (w *judgedWorld) holds() bool {
	return len(w.Gloo.FrozenVirtualServices) > 0 || w.Gloo.EnvoyConstraintViolations > 0
}
