package inventory

import (
	"context"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"

	"aviary.dev/dialect"
	"aviary.dev/fact"
)

// pageSize is how many objects the API server is asked for at a time.
const pageSize = 500

// List calls put with the facts of all objects of a kind, page by page; namespace "" means all.
func List(ctx context.Context, c Cluster, kind *dialect.Kind, namespace string, put func(fact.Fact)) error {
	if kind.Role == dialect.Namespace {
		namespace = ""
	}
	for next := ""; ; {
		list := kind.NewList() // a new one, because decoding would write into the objects of the page before
		if err := c.List(ctx, list, ListOptions{Namespace: namespace, Limit: pageSize, Continue: next}); err != nil {
			return err
		}
		// The objects are let go of: a fact holds none of a list's memory but strings and maps.
		if err := meta.EachListItem(list, func(o runtime.Object) error {
			put(compacted(kind.Fact(o.(dialect.Object))))
			return nil
		}); err != nil {
			return err
		}
		if next = list.GetContinue(); next == "" {
			return nil
		}
	}
}
