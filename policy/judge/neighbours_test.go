package judge_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"aviary.dev/convention"
	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/policy/judge"
	"aviary.dev/policy/judge/story"
	"aviary.dev/route"
)

// A kind of mistake has at least so many neighbours, of which so many pass.
const (
	fewestNeighbours = 5
	fewestPassing    = 2
)

// TestNeighbours judges the neighbours of mistakes: manifests that differ in the one value or object that decides.
// policy/testdata/neighbours has a file for each kind of mistake, as CONTRIBUTING.md tells.
func TestNeighbours(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../testdata/neighbours/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no neighbours: %v", err)
	}
	engine, err := story.Engine(t.Context(), story.Config())
	if err != nil {
		t.Fatal(err)
	}
	j := judge.New(engine, story.Config().Settings(convention.DefaultLabelKeys()), glootest.Kinds())
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var world []byte
		all, passing := 0, 0
		kind := strings.TrimSuffix(filepath.Base(file), ".txtar")
		for _, f := range archive.Files {
			if f.Name == "world.yaml" {
				world = f.Data
				continue
			}
			n := readNeighbour(t, world, f)
			all++
			if n.audited == nil && n.created == nil {
				passing++
			}
			t.Run(kind+"/"+strings.TrimSuffix(f.Name, ".yaml"), func(t *testing.T) {
				t.Parallel()
				n.judge(t, j)
			})
		}
		if all < fewestNeighbours || passing < fewestPassing {
			t.Errorf("%s: %d neighbours of which %d pass, must be %d and %d",
				kind, all, passing, fewestNeighbours, fewestPassing)
		}
	}
}

// neighbour is one manifest beside those of its world.
type neighbour struct {
	store *inventory.Store
	all   []fact.Fact
	own   []fact.Fact
	// What the rules say of all objects in an audit, and of its own when they are created: "deny rule", sorted.
	audited, created []string
}

// readNeighbour reads a neighbour's file. It begins with what is found and, where that differs, what is found when its
// objects are created; then what the world is without:
//
//	# deny freezes-others, warn weights-sum      or: # passes
//	# created: warn freezes-others
//	# without Service echo/echo
func readNeighbour(t *testing.T, world []byte, f txtar.File) *neighbour {
	t.Helper()
	n := &neighbour{store: inventory.NewStore()}
	facts := map[string]fact.Fact{}
	for i, part := range [][]byte{world, f.Data} {
		list, err := story.Facts(part, glootest.Kinds())
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		for _, one := range list {
			facts[place(one.Identity())] = one
			if i == 1 {
				n.own = append(n.own, one)
			}
		}
	}
	n.verdicts(t, f, facts)
	for _, one := range facts {
		n.store.Put(one)
		n.all = append(n.all, one)
	}
	return n
}

func place(id route.ID) string { return fmt.Sprintf("%s %s", id.Kind, id.Ref) }

func (n *neighbour) verdicts(t *testing.T, f txtar.File, facts map[string]fact.Fact) {
	t.Helper()
	for i, line := range strings.Split(string(f.Data), "\n") {
		said, ok := strings.CutPrefix(line, "# ")
		if !ok {
			if i == 0 {
				t.Fatalf("%s: the first line must say what is found", f.Name)
			}
			return
		}
		created, isCreated := strings.CutPrefix(said, "created: ")
		gone, isGone := strings.CutPrefix(said, "without ")
		switch {
		case isCreated:
			n.created = found(created)
		case isGone:
			if facts[gone] == nil {
				t.Fatalf("%s: there is no %s", f.Name, gone)
			}
			delete(facts, gone)
		default:
			n.audited = found(said)
			n.created = n.audited
		}
	}
}

func found(text string) []string {
	if text == "passes" {
		return nil
	}
	out := strings.Split(text, ", ")
	slices.Sort(out)
	return out
}

func (n *neighbour) judge(t *testing.T, j *judge.Judge) {
	t.Helper()
	tell := func(facts []fact.Fact, operation judge.Operation) []string {
		var out []string
		for _, one := range facts {
			findings, err := j.Decide(t.Context(), judge.Request{Operation: operation, New: one}, n.store)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range findings {
				out = append(out, f.Mode.String()+" "+f.Rule)
			}
		}
		slices.Sort(out)
		return slices.Compact(out)
	}
	if diff := cmp.Diff(n.audited, tell(n.all, judge.Audit)); diff != "" {
		t.Errorf("audited (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(n.created, tell(n.own, judge.Create)); diff != "" {
		t.Errorf("created (-want +got):\n%s", diff)
	}
}
