package audit

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"aviary.dev/inventory"
)

// listsAtOnce bounds what is asked of the API server at a time.
const listsAtOnce = 4

// ReadCluster takes in what is live. All namespaces are read, because routes and upstreams point across them; a kind for
// which that is not allowed is read in the namespace given, with a note. Judged is what stands in that namespace, "" for
// all, or nothing if judge is false. A kind that the cluster does not serve is skipped with a note.
//
// Call it before ReadFiles: what is in a file takes the place of what is live.
func (s *Set) ReadCluster(ctx context.Context, c client.Reader, namespace string, judge bool) error {
	var mu sync.Mutex
	var missing, narrow []string
	kinds := inventory.Kinds()
	failed := map[string]error{}
	group := errgroup.Group{}
	group.SetLimit(listsAtOnce)
	for _, kind := range kinds {
		put := func(f inventory.Fact) {
			mu.Lock()
			defer mu.Unlock()
			s.takeLive(f, namespace, judge)
		}
		group.Go(func() error {
			err := inventory.List(ctx, c, kind, "", s.keys, put)
			narrowed := namespace != "" && kind != inventory.KindNamespace && apierrors.IsForbidden(err)
			if narrowed {
				err = inventory.List(ctx, c, kind, namespace, s.keys, put)
			}
			mu.Lock()
			defer mu.Unlock()
			switch {
			case meta.IsNoMatchError(err) || apierrors.IsNotFound(err):
				missing = append(missing, kind)
			case apierrors.IsForbidden(err) && kind == inventory.KindNamespace:
				s.note("Namespaces may not be listed, so what their annotations allow is not known: %s", forbidden(err))
			case err != nil:
				failed[kind] = err
			case narrowed:
				narrow = append(narrow, kind)
			}
			return nil
		})
	}
	_ = group.Wait()
	if len(failed) > 0 {
		return unanswered(failed)
	}
	s.noteKinds("the cluster does not serve %s; skipped", missing)
	s.noteKinds("only namespace "+namespace+" may be read of %s; what it shares with others is not known", narrow)
	s.facts = newWithPods(s.store, c)
	return nil
}

func (s *Set) noteKinds(format string, kinds []string) {
	if len(kinds) > 0 {
		s.note(format, strings.Join(inOrder(kinds), ", "))
	}
}

// inOrder puts kinds in the order in which they are always told of.
func inOrder(kinds []string) []string {
	return slices.DeleteFunc(inventory.Kinds(), func(kind string) bool { return !slices.Contains(kinds, kind) })
}

func (s *Set) takeLive(f inventory.Fact, namespace string, judge bool) {
	s.know(f)
	id := f.Identity()
	if w, ok := f.(*inventory.Workload); ok && !judge {
		s.live[id] = w
	}
	if judge && (namespace == "" || id.Namespace == namespace) {
		s.objects = append(s.objects, object{fact: f})
	} else {
		s.summary.Facts++
	}
	if n := len(s.objects) + s.summary.Facts; n%500 == 0 {
		s.progress(Reading, n, 0)
	}
}

// unanswered words why kinds could not be listed: what holds for several of them once.
func unanswered(failed map[string]error) error {
	var mayNot []string
	var why string
	for _, kind := range inOrder(slices.Collect(maps.Keys(failed))) {
		switch err := failed[kind]; {
		case apierrors.IsUnauthorized(err):
			return errors.New("the cluster does not know you: log in again, or say another --context or --user")
		case !apierrors.IsForbidden(err):
			return fmt.Errorf("list %ss: %w", kind, err)
		case why == "":
			why = forbidden(err)
		}
		mayNot = append(mayNot, kind)
	}
	return fmt.Errorf("%ss may not be listed: %s; ask for that right, or say -n NAMESPACE for one where you have it", strings.Join(mayNot, "s, "), why)
}

// forbidden gives what the API server says, without its preamble.
func forbidden(err error) string {
	text := err.Error()
	if _, why, ok := strings.Cut(text, "is forbidden: "); ok {
		return why
	}
	return text
}
