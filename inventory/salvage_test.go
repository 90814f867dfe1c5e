package inventory

import (
	"context"
	"errors"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"aviary.dev/convention"
	"aviary.dev/route"
)

// odd is a cluster whose one Upstream no type can hold.
type odd struct{ client.Reader }

var errOdd = errors.New("cannot unmarshal string into Go value of type int32")

func (odd) object() map[string]any {
	return map[string]any{
		"apiVersion": "gloo.solo.io/v1", "kind": "Upstream", "metadata": map[string]any{"namespace": "n", "name": "echo", "uid": "u"},
		"spec": map[string]any{"kube": map[string]any{"servicePort": "eighty"}},
	}
}

func (o odd) Get(_ context.Context, _ client.ObjectKey, into client.Object, _ ...client.GetOption) error {
	u, ok := into.(*unstructured.Unstructured)
	if !ok {
		return errOdd
	}
	u.Object = o.object()
	return nil
}

func (o odd) List(_ context.Context, into client.ObjectList, _ ...client.ListOption) error {
	u, ok := into.(*unstructured.UnstructuredList)
	if !ok {
		return errOdd
	}
	u.Items = []unstructured.Unstructured{{Object: o.object()}}
	return nil
}

// A live look-up, too, sees an object whose content can't be read without that.
func TestLiveSalvages(t *testing.T) {
	t.Parallel()
	ref := route.Ref{Namespace: "n", Name: "echo"}
	for what, ask := range map[string]func(*Live) (*Upstream, error){
		"get": func(l *Live) (*Upstream, error) { return l.Upstream(t.Context(), ref) },
		"list": func(l *Live) (*Upstream, error) {
			if _, err := l.UpstreamsInto(t.Context(), "n"); err != nil {
				return nil, err
			}
			return l.Upstream(t.Context(), ref)
		},
	} {
		got, err := ask(NewLive(odd{}, convention.DefaultLabelKeys(), NewStore()))
		if err != nil || got == nil || got.Ref != ref || got.UID != "u" || got.Kube {
			t.Errorf("%s: must be there without content: %+v, %v", what, got, err)
		}
	}
}
