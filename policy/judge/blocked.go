package judge

import (
	"context"

	"aviary.dev/fact"
	"aviary.dev/route"
)

// Blocked returns what keeps Aviary from writing the app's siblings, as one of them tells; false if none does. An app
// of which no sibling can be written may be blocked all the same: of that only Events tell.
func (j *Judge) Blocked(ctx context.Context, app route.Ref, facts fact.Reader) (fact.Blocked, bool, error) {
	return j.kinds.Blocked(ctx, facts, app)
}
