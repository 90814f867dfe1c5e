package audit

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/cli-runtime/pkg/resource"

	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/manifest"
)

// FuzzAsKubectl holds the reader to kubectl's own: each object of a kind that is judged, and that
// kubectl takes of a file, is one that an audit takes, and it says the same; or the audit tells of an
// error. Nothing of it is counted as of another kind, or as no object. Each byte of more is a piece of
// text to add.
func FuzzAsKubectl(f *testing.F) {
	for _, seed := range kubectlSeeds {
		f.Add([]byte(seed), []byte(nil))
	}
	f.Add([]byte(nil), []byte{0, 4, 14, 2, 3, 40, 41, 1, 7, 2, 3})
	folder := f.TempDir()
	f.Fuzz(func(t *testing.T, text, more []byte) {
		for _, i := range more {
			text = append(text, kubectlPieces[int(i)%len(kubectlPieces)]...)
		}
		file := filepath.Join(folder, fmt.Sprint(os.Getpid())+".yaml")
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		taken, _ := kubectlTakes(file)
		for _, inFolder := range []bool{false, true} {
			if missed := missedBy(file, inFolder, taken); missed != "" {
				t.Errorf("in a folder: %t\n%s", inFolder, missed)
			}
		}
	})
}

// kubectlTakes returns the objects that kubectl reads, and what it says of the rest.
func kubectlTakes(file string) (out []*unstructured.Unstructured, err error) {
	options := &resource.FilenameOptions{Filenames: []string{file}}
	err = resource.NewLocalBuilder().Unstructured().ContinueOnError().FilenameParam(false, options).Flatten().Do().
		Visit(func(info *resource.Info, err error) error {
			if o, ok := info.Object.(*unstructured.Unstructured); err == nil && ok {
				out = append(out, o)
			}
			return err
		})
	return out, err
}

// missedBy tells of an object that an audit of the file does not take as kubectl does; empty if there
// is none, or if the audit has an error.
func missedBy(file string, inFolder bool, taken []*unstructured.Unstructured) string {
	set := NewSet(glootest.Kinds(), "default")
	var judged []any
	failed := false
	err := manifest.Read(file, nil, func(d manifest.Document) error {
		out := set.decode(d, inFolder)
		failed = failed || out.err != nil
		if out.fact != nil {
			text, _ := d.JSON()
			judged = append(judged, plain(text))
		}
		return nil
	})
	if failed || err != nil && !errors.Is(err, manifest.ErrEmpty) {
		return ""
	}
	for _, o := range taken {
		text, err := json.Marshal(o.Object)
		if set.kinds.Of(o.GroupVersionKind().GroupKind()) == nil || err != nil || o.GetAPIVersion() == "" {
			continue // without an apiVersion kubectl's validation refuses it
		}
		want := plain(text)
		if !slices.ContainsFunc(judged, func(got any) bool { return reflect.DeepEqual(got, want) }) {
			return fmt.Sprintf("kubectl takes %s\nthe audit takes %v", text, judged)
		}
	}
	return ""
}

// plain reads an object. A namespace that is no text is left out, as kubectl does before we see it.
func plain(text []byte) (out any) {
	_ = json.Unmarshal(text, &out)
	o, _ := out.(map[string]any)
	if meta, ok := o["metadata"].(map[string]any); ok {
		if _, ok := meta["namespace"].(string); !ok {
			delete(meta, "namespace")
		}
	}
	return out
}
