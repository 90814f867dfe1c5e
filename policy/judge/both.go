package judge

import (
	"context"

	"aviary.dev/dialect"
	"aviary.dev/route"
)

// both follows destinations before and after the request. What one comes to is asked once.
type both struct {
	before, after *resolver
	lost          map[*resolved]*behind
}

func (d *decision) both() *both {
	return &both{newResolver(d.kinds, d.before), newResolver(d.kinds, d.after), map[*resolved]*behind{}}
}

// loses tells who is left behind a destination of a table in the dialect if the request takes those away who answered
// it; nil if it does not. Of more than [maxFollowed] that differ the others are not followed.
func (w *both) loses(ctx context.Context, in dialect.Dialect, to *route.Destination) (*resolved, *behind, error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	s := w.after.resolve(ctx, in, to)
	if out, ok := w.lost[s]; ok || len(w.lost) >= maxFollowed {
		return s, out, nil
	}
	w.lost[s] = nil
	now, err := w.after.behind(ctx, s)
	if err != nil || !now.known || now.version {
		return s, nil, err
	}
	had, err := w.before.behind(ctx, w.before.resolve(ctx, in, to))
	if err == nil && now.loses(had) {
		w.lost[s] = &now
	}
	return s, w.lost[s], err
}
