package access

import (
	"context"
	"fmt"
	"strings"
	"time"

	authenticationv1 "k8s.io/api/authentication/v1"
	authorizationv1 "k8s.io/api/authorization/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/cache"
	authorizationclient "k8s.io/client-go/kubernetes/typed/authorization/v1"
)

// A yes is remembered for a moment, since tools apply many objects in a row. A no is not: whoever
// was just granted a right must not be refused for what was true before.
const (
	remembered = 10 * time.Second
	mostYeses  = 4096
)

// Reviews asks whether users may do something. It is safe for concurrent use.
type Reviews struct {
	client authorizationclient.SubjectAccessReviewsGetter
	yeses  *cache.LRUExpireCache
}

// NewReviews makes Reviews that ask with the client.
func NewReviews(client authorizationclient.SubjectAccessReviewsGetter) *Reviews {
	return &Reviews{client: client, yeses: cache.NewLRUExpireCache(mostYeses)}
}

// May reports whether the user has the right; an error means that it is not known.
func (r *Reviews) May(
	ctx context.Context, user authenticationv1.UserInfo, what authorizationv1.ResourceAttributes,
) (bool, error) {
	key := keyOf(user, what)
	if _, ok := r.yeses.Get(key); ok {
		return true, nil
	}
	extra := make(map[string]authorizationv1.ExtraValue, len(user.Extra))
	for k, v := range user.Extra {
		extra[k] = authorizationv1.ExtraValue(v)
	}
	answer, err := r.client.SubjectAccessReviews().Create(ctx, &authorizationv1.SubjectAccessReview{
		Spec: authorizationv1.SubjectAccessReviewSpec{
			ResourceAttributes: &what, User: user.Username, Groups: user.Groups, UID: user.UID, Extra: extra,
		},
	}, metav1.CreateOptions{})
	if err != nil {
		return false, fmt.Errorf("ask whether %s may %s %s: %w", user.Username, what.Verb, what.Resource, err)
	}
	if answer.Status.Allowed {
		r.yeses.Add(key, nil, remembered)
	}
	return answer.Status.Allowed, nil
}

// key holds all that an answer depends on.
type key struct {
	user string
	what authorizationv1.ResourceAttributes
}

func keyOf(user authenticationv1.UserInfo, what authorizationv1.ResourceAttributes) key {
	var b strings.Builder
	fmt.Fprintf(&b, "%q %q %q %q", user.Username, user.UID, user.Groups, user.Extra) // maps print sorted
	return key{b.String(), what}
}
