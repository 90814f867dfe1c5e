package audit

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/tools/txtar"
	"sigs.k8s.io/yaml"

	"aviary.dev/dryrun"
	"aviary.dev/manifest/odd"
	"aviary.dev/policy/judge"
)

var (
	oddSeed    = flag.Uint64("seed", 0, "the one folder that TestOddFolders tries; 0 tries as many as -folders says")
	oddFolders = flag.Uint64("folders", 500, "how many folders TestOddFolders tries")
)

// TestOddFolders: however files are written, an audit finds the same as in plain ones, and says where. The folders are
// made of the corpus, of neighbours of mistakes and of rules' stories. In a quarter of them kubectl is seen to read the
// same objects, too. To repeat one, and have kubectl read it:
//
//	go test ./audit -run TestOddFolders -seed=17
func TestOddFolders(t *testing.T) {
	t.Parallel()
	sources, j := oddSources(t), newJudge(t)
	first, last := uint64(1), *oddFolders
	if *oddSeed > 0 {
		first, last = *oddSeed, *oddSeed
	}
	found, lines := 0, 0
	for seed := first; seed <= last; seed++ {
		o := oddFolder{T: t, seed: seed, folder: t.TempDir()}
		o.write(sources)
		if seed%4 == 0 || seed == *oddSeed {
			o.readByKubectl()
		}
		n, located := o.audited(j)
		found, lines = found+n, lines+located
	}
	t.Logf("%d findings, %d of them in lines of their own", found, lines)
	if *oddSeed == 0 && (found < 250 || lines < found/2) {
		t.Error("these are too few")
	}
}

// oddSources are manifests.
func oddSources(t *testing.T) (out [][]byte) {
	t.Helper()
	corpus, _ := filepath.Glob("../policy/testdata/corpus/*.yaml")
	neighbours, _ := filepath.Glob("../policy/testdata/neighbours/*.txtar")
	stories, _ := filepath.Glob("../policy/rules/*/testdata/*.txtar")
	if len(corpus) == 0 || len(neighbours) == 0 || len(stories) == 0 {
		t.Fatalf("%d manifests, %d neighbours and %d stories", len(corpus), len(neighbours), len(stories))
	}
	for _, file := range slices.Concat(corpus, neighbours, stories) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Ext(file) == ".yaml" {
			out = append(out, text)
			continue
		}
		var base []byte
		for _, f := range txtar.Parse(text).Files {
			switch {
			case f.Name == "world.yaml" || f.Name == "objects.yaml":
				base = f.Data
			case filepath.Ext(f.Name) == ".yaml" && f.Name != "config.yaml":
				out = append(out, slices.Concat(base, []byte("\n---\n"), f.Data))
			}
		}
	}
	return out
}

// oddFolder is a folder, beside a file in which the same objects stand plainly.
type oddFolder struct {
	*testing.T
	seed          uint64
	folder, plain string
	files         []odd.File
}

func (o *oddFolder) Errorf(format string, args ...any) {
	o.Helper()
	o.T.Errorf("-seed=%d: "+format, append([]any{o.seed}, args...)...)
}

// decoy only looks like objects.
const decoy = "\n---\nkind: ConfigMap\napiVersion: v1\nmetadata: {name: decoy}\ndata:\n  x.yaml: |\n" +
	"    kind: List\n    items:\n    - kind: Service\n    ---\n    {\"kind\": \"Deployment\"}\n"

func (o *oddFolder) write(sources [][]byte) {
	choice := rand.New(rand.NewPCG(o.seed, 1))
	text := sources[choice.IntN(len(sources))]
	if choice.IntN(3) == 0 {
		text = slices.Concat(text, []byte(decoy))
	}
	var objects []map[string]any
	taken, err := kubectlTakes(write(o.T, "source.yaml", text))
	if err != nil {
		o.Fatal(err)
	}
	for _, taken := range taken {
		objects = append(objects, taken.Object)
	}
	o.files = odd.Folder(o.seed, objects)
	var plain bytes.Buffer
	for _, f := range o.files {
		if err := os.WriteFile(filepath.Join(o.folder, f.Name), f.Text, 0o600); err != nil {
			o.Fatal(err)
		}
		for _, object := range f.Objects {
			text, err := yaml.Marshal(object.Value)
			if err != nil {
				o.Fatal(err)
			}
			fmt.Fprintf(&plain, "---\n%s", text)
		}
	}
	o.plain = write(o.T, "plain.yaml", plain.Bytes())
}

// readByKubectl sees that the folder is legal: kubectl reads the same objects in it.
func (o *oddFolder) readByKubectl() {
	for _, f := range o.files {
		if f.Nested {
			continue
		}
		var want, got []string
		for _, object := range f.Objects {
			text, _ := json.Marshal(object.Value)
			want = append(want, string(text))
		}
		taken, err := kubectlTakes(filepath.Join(o.folder, f.Name))
		for _, taken := range taken {
			text, _ := json.Marshal(taken.Object)
			got = append(got, string(text))
		}
		slices.Sort(want)
		slices.Sort(got)
		if !reflect.DeepEqual(want, got) {
			o.Errorf("kubectl takes other objects of %s than were written: %v (-written +taken)\n%s\n%s",
				f.Name, err, cmp.Diff(want, got), f.Text)
		}
	}
}

// audited compares the audits of the folder and of the plain file. It returns how many findings there are, and how many
// of these have another line than their object.
func (o *oddFolder) audited(j *judge.Judge) (found, located int) {
	want, got := o.audit(j, o.plain), o.audit(j, o.folder)
	if diff := cmp.Diff(said(want), said(got)); diff != "" {
		o.Errorf("the audit differs (-plain +odd)\n%s", diff)
	}
	if diff := cmp.Diff(want.Summary, got.Summary, cmpopts.IgnoreFields(Summary{}, "Foreign")); diff != "" {
		o.Errorf("it counts something else (-plain +odd)\n%s", diff)
	}
	for _, f := range got.Findings {
		i := slices.IndexFunc(o.files, func(file odd.File) bool { return file.Name == filepath.Base(f.File) })
		if !slices.ContainsFunc(o.files[i].Objects, func(object odd.Object) bool {
			if f.Line < object.First || f.Line > object.Last {
				return false
			}
			if f.Line > object.First {
				located++
			}
			meta, _ := object.Value["metadata"].(map[string]any)
			return object.Value["kind"] == f.Kind && meta["name"] == f.Name
		}) {
			o.Errorf("%s:%d: %s is not there\n%s", f.File, f.Line, f.Object(), o.files[i].Text)
		}
	}
	return len(got.Findings), located
}

func (o *oddFolder) audit(j *judge.Judge, name string) Result {
	set := NewSet(kinds, "default")
	if err := set.ReadFiles(o.Context(), dryrun.Source{Names: []string{name}}); err != nil {
		o.Errorf("%s: %v", name, err)
	}
	result, err := set.Judge(o.Context(), j)
	if err != nil {
		o.Fatal(err)
	}
	return result
}

// said are findings without their places.
func said(r Result) (out []string) {
	for _, f := range r.Findings {
		out = append(out, fmt.Sprintf("%s %s: %s: [%s] %s; %s", f.Mode, f.Object(), f.Field, f.Rule, f.Message, f.Fix))
	}
	slices.Sort(out)
	return out
}
