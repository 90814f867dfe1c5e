package access_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	authenticationv1 "k8s.io/api/authentication/v1"
	authorizationv1 "k8s.io/api/authorization/v1"
	"k8s.io/apimachinery/pkg/runtime"
	authorizationfake "k8s.io/client-go/kubernetes/typed/authorization/v1/fake"
	clienttesting "k8s.io/client-go/testing"

	"aviary.dev/access"
)

// judge answers SubjectAccessReviews, and keeps what it was asked.
type judge struct {
	allow bool
	err   error
	asked []authorizationv1.SubjectAccessReviewSpec
}

func (j *judge) reviews() *access.Reviews {
	var api clienttesting.Fake
	api.AddReactor("create", "subjectaccessreviews", func(a clienttesting.Action) (bool, runtime.Object, error) {
		review := a.(clienttesting.CreateAction).GetObject().(*authorizationv1.SubjectAccessReview).DeepCopy()
		j.asked = append(j.asked, review.Spec)
		review.Status.Allowed = j.allow
		return true, review, j.err
	})
	return access.NewReviews(&authorizationfake.FakeAuthorizationV1{Fake: &api})
}

var (
	jane = authenticationv1.UserInfo{
		Username: "jane", UID: "u-1", Groups: []string{"dev", "ops"},
		Extra: map[string]authenticationv1.ExtraValue{"scopes": {"a", "b"}, "origin": {"vpn"}},
	}
	createUpstream = authorizationv1.ResourceAttributes{
		Namespace: "echo", Verb: "create", Group: "gloo.solo.io", Resource: "upstreams",
	}
)

// must asks, and fails unless the answer is the one that is wanted after that many questions to the API server.
func (j *judge) must(t *testing.T, r *access.Reviews, want bool, questions int) {
	t.Helper()
	got, err := r.May(t.Context(), jane, createUpstream)
	if got != want || err != nil || len(j.asked) != questions {
		t.Errorf("May() is %t, %v after %d questions, want %t after %d", got, err, len(j.asked), want, questions)
	}
}

func TestAllThatIsKnownOfTheUserIsAsked(t *testing.T) {
	t.Parallel()
	j := judge{allow: true}
	j.must(t, j.reviews(), true, 1)
	want := []authorizationv1.SubjectAccessReviewSpec{{
		ResourceAttributes: &createUpstream, User: "jane", UID: "u-1", Groups: []string{"dev", "ops"},
		Extra: map[string]authorizationv1.ExtraValue{"scopes": {"a", "b"}, "origin": {"vpn"}},
	}}
	if diff := cmp.Diff(want, j.asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
}

// A yes holds for ten seconds from when it was given, however often it is asked for.
func TestYesIsRemembered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		j := judge{allow: true}
		r := j.reviews()
		j.must(t, r, true, 1)
		j.allow = false
		for range 2 {
			<-time.After(5 * time.Second)
			j.must(t, r, true, 1)
		}
		<-time.After(time.Nanosecond)
		j.must(t, r, false, 2)
	})
}

func TestNoIsAskedAgain(t *testing.T) {
	t.Parallel()
	var j judge
	r := j.reviews()
	j.must(t, r, false, 1)
	j.must(t, r, false, 2)
	j.allow = true
	j.must(t, r, true, 3)
	j.must(t, r, true, 3)
}

func TestErrorIsUnknown(t *testing.T) {
	t.Parallel()
	j := judge{allow: true, err: context.DeadlineExceeded}
	r := j.reviews()
	may, err := r.May(t.Context(), jane, createUpstream)
	if may || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("May() is %t, %v, want false and the error", may, err)
	}
	if want := "ask whether jane may create upstreams: "; err != nil && !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %q, want %q…", err, want)
	}
	j.err = nil
	j.must(t, r, true, 2)
}

// What an answer depends on must not be answered for somebody, or something, else.
func TestYesIsForThisQuestionOnly(t *testing.T) {
	t.Parallel()
	type question struct {
		authenticationv1.UserInfo
		authorizationv1.ResourceAttributes
	}
	for name, change := range map[string]func(*question){
		"another name":      func(q *question) { q.Username = "john" },
		"another UID":       func(q *question) { q.UID = "u-2" },
		"a group more":      func(q *question) { q.Groups = []string{"dev", "ops", "root"} },
		"a group less":      func(q *question) { q.Groups = []string{"dev"} },
		"two groups in one": func(q *question) { q.Groups = []string{`dev" "ops`} },
		"no extra":          func(q *question) { q.Extra = nil },
		"an extra more":     func(q *question) { q.Extra["region"] = authenticationv1.ExtraValue{"eu"} },
		"another extra":     func(q *question) { q.Extra["origin"] = authenticationv1.ExtraValue{"web"} },
		"another namespace": func(q *question) { q.Namespace = "foxtrot" },
		"another verb":      func(q *question) { q.Verb = "update" },
		"another group":     func(q *question) { q.Group = "gateway.solo.io" },
		"another resource":  func(q *question) { q.Resource = "routetables" },
		"another object":    func(q *question) { q.ResourceAttributes.Name = "echo" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := judge{allow: true}
			r := j.reviews()
			j.must(t, r, true, 1)
			j.allow = false
			q := question{*jane.DeepCopy(), createUpstream}
			change(&q)
			if may, err := r.May(t.Context(), q.UserInfo, q.ResourceAttributes); may || err != nil || len(j.asked) != 2 {
				t.Errorf("May() is %t, %v after %d questions, want a no after 2", may, err, len(j.asked))
			}
			j.must(t, r, true, 2)
		})
	}
}
