package audit

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"aviary.dev/dryrun"
	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
)

// toldElsewhere are rules about two objects: admission may say at the one that is created what an audit says at the
// other. Of these the worst that is said of a file is compared.
var toldElsewhere = []string{"path-owned", "parent-accepts", "table-selected"}

// TestSameVerdictOnCases: the audit of a file finds of each object what is found when that is created last. The files
// are those of CASE_FILES.
func TestSameVerdictOnCases(t *testing.T) {
	t.Parallel()
	folder := os.Getenv("CASE_FILES")
	if folder == "" {
		folder = "../../shared/cases/files"
	}
	files, _ := filepath.Glob(filepath.Join(folder, "*.yaml"))
	if len(files) == 0 {
		t.Skip("no case files beside the repository: say CASE_FILES=<a folder>")
	}
	j := newJudge(t)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			set := NewSet(kinds, "default")
			if err := set.ReadFiles(t.Context(), dryrun.Source{Names: []string{file}}); err != nil {
				t.Fatal(err)
			}
			r, err := set.Judge(t.Context(), j)
			if err != nil {
				t.Fatal(err)
			}
			audited, admitted := newVerdict(), newVerdict()
			for _, f := range r.Findings {
				audited.take(f)
			}
			for i := range set.objects {
				for _, f := range set.createLast(t, j, i) {
					admitted.take(f)
				}
			}
			slices.Sort(admitted.here)
			slices.Sort(audited.here)
			if diff := cmp.Diff(admitted, audited, cmp.AllowUnexported(verdict{}), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("the audit differs (-admission +audit)\n%s", diff)
			}
		})
	}
}

// createLast returns what admission finds of an object whose siblings nobody wrote yet, beside all others.
func (s *Set) createLast(t *testing.T, j *judge.Judge, i int) (out []Finding) {
	t.Helper()
	store := inventory.NewStore()
	for _, o := range slices.Delete(slices.Clone(s.objects), i, i+1) {
		store.Put(o.fact)
	}
	store.Lend()
	found, err := j.Decide(t.Context(), judge.Request{Operation: judge.Create, New: s.objects[i].fact}, store)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		out = append(out, s.objects[i].finding(f))
	}
	return out
}

// verdict is what is said of a file: at its objects, and by rules that may say it elsewhere.
type verdict struct {
	here      []string
	elsewhere map[string]policy.Mode
}

func newVerdict() verdict { return verdict{elsewhere: map[string]policy.Mode{}} }

func (v *verdict) take(f Finding) {
	switch {
	case f.Rule == Readable().ID || strings.HasSuffix(f.Field, "[aviary.dev/promoted-at]"):
		// The API server refuses the one, and the defaulting webhook fills in the other.
	case slices.Contains(toldElsewhere, f.Rule):
		v.elsewhere[f.Rule] = max(v.elsewhere[f.Rule], f.Mode)
	case f.Rule == "freezes-others" && strings.HasPrefix(f.Message, "UpstreamGroup "):
		// A group may follow the route to it, so that admission warns: see TestMissingGroup.
		v.here = append(v.here, f.Object()+": "+f.Field+": "+f.Message)
	default:
		v.here = append(v.here, f.Mode.String()+" "+f.Object()+": "+f.Field+": ["+f.Rule+"] "+f.Message+"; "+f.Fix)
	}
}
