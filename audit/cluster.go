package audit

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"
	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/inventory"
)

// listsAtOnce bounds what is asked of the API server at a time.
const listsAtOnce = 4

// ReadCluster takes in what is live. All namespaces are read, because routes and backends point across
// them; a kind for which that is not allowed is read in the namespace given, with a note. What stands
// in that namespace, "" for all, is judged; nothing is if judge is false. A kind that the cluster does
// not serve is skipped with a note.
//
// Call it before ReadFiles: what is in a file takes the place of what is live.
func (s *Set) ReadCluster(ctx context.Context, c inventory.Cluster, namespace string, judge bool) error {
	r := clusterReader{set: s, cluster: c, namespace: namespace, judge: judge}
	all := s.kinds.Live()
	r.results = make([]result, len(all))
	group := errgroup.Group{}
	group.SetLimit(listsAtOnce)
	for i := range all {
		group.Go(func() error {
			r.results[i] = r.list(ctx, &all[i])
			return nil
		})
	}
	_ = group.Wait()
	if err := r.unanswered(); err != nil {
		return err
	}
	r.notes()
	s.world.AskForPods(c)
	return nil
}

// clusterReader reads one cluster.
type clusterReader struct {
	set       *Set
	cluster   inventory.Cluster
	namespace string
	judge     bool

	mu      sync.Mutex
	results []result
}

// result is how one kind could be read.
type result struct {
	kind *dialect.Kind
	err  error
	// narrowed: only in one namespace.
	narrowed bool
}

func (r *clusterReader) list(ctx context.Context, kind *dialect.Kind) result {
	out := result{kind: kind}
	out.err = inventory.List(ctx, r.cluster, kind, "", r.take)
	if r.namespace != "" && kind.Role != dialect.Namespace && apierrors.IsForbidden(out.err) {
		out.narrowed = true
		out.err = inventory.List(ctx, r.cluster, kind, r.namespace, r.take)
	}
	return out
}

func (r *clusterReader) take(f fact.Fact) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.set
	if r.judge {
		s.world.AddLive(f)
	} else {
		s.world.AddBeneath(f)
	}
	if r.judge && (r.namespace == "" || f.Identity().Namespace == r.namespace) {
		s.objects = append(s.objects, object{fact: f})
	} else {
		s.summary.Facts++
	}
	if n := len(s.objects) + s.summary.Facts; n%progressEvery == 0 {
		s.progress(Reading, n, 0)
	}
}

// missing: the cluster does not serve the kind.
func (r result) missing() bool { return apierrors.IsNotFound(r.err) }

// unlabelled: it is Namespaces that may not be listed.
func (r result) unlabelled() bool {
	return r.kind.Role == dialect.Namespace && apierrors.IsForbidden(r.err)
}

func (r *clusterReader) notes() {
	var missing, narrowed []string
	for _, x := range r.results {
		switch {
		case x.missing():
			missing = append(missing, x.kind.Kind)
		case x.unlabelled():
			r.set.note("Namespaces may not be listed, so what their annotations allow is not known: %s", forbidden(x.err))
		case x.narrowed:
			narrowed = append(narrowed, x.kind.Kind)
		}
	}
	if len(missing) > 0 {
		r.set.note("the cluster does not serve %s; skipped", strings.Join(missing, ", "))
	}
	if len(narrowed) > 0 {
		r.set.note("only namespace %s may be read of %s; what it shares with others is not known",
			r.namespace, strings.Join(narrowed, ", "))
	}
}

// unanswered words why kinds could not be listed: what holds for several of them once.
func (r *clusterReader) unanswered() error {
	var mayNot []string
	var why string
	for _, x := range r.results {
		switch {
		case x.err == nil || x.missing() || x.unlabelled():
			continue
		case apierrors.IsUnauthorized(x.err):
			return errors.New("the cluster does not know you: log in again, or say another --context or --user")
		case !apierrors.IsForbidden(x.err):
			return fmt.Errorf("list %ss: %w", x.kind.Kind, x.err)
		case why == "":
			why = forbidden(x.err)
		}
		mayNot = append(mayNot, x.kind.Kind)
	}
	if len(mayNot) == 0 {
		return nil
	}
	return fmt.Errorf("%ss may not be listed: %s; ask for that right, or say -n NAMESPACE for one where you have it",
		strings.Join(mayNot, "s, "), why)
}

// forbidden returns what the API server says, without its preamble.
func forbidden(err error) string {
	text := err.Error()
	if _, why, ok := strings.Cut(text, "is forbidden: "); ok {
		return why
	}
	return text
}
