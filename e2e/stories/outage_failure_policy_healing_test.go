package stories

import (
	"context"
	"errors"
	"fmt"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/util/wait"
)

// waitHealed waits, after the end of the outage, for what heals the request according to its row.
func (s *story) waitHealed(c request, ended time.Time, r *row) error {
	ctx, cancel := context.WithTimeout(s.Context(), healWithin)
	defer cancel()
	defer func() { r.healed = time.Since(ended) }()
	if c.rule == "" {
		return poll(ctx, func() error {
			if err := c.do(ctx, s); err != nil && !apierrors.IsAlreadyExists(err) {
				return err
			}
			return nil
		})
	}
	return poll(ctx, func() error {
		metrics, err := s.aviary.Metrics(ctx)
		if err != nil {
			return err
		}
		if metrics.Sum("aviary_standing_findings", "namespace", s.namespace, "rule", c.rule) == 0 {
			return fmt.Errorf("no standing finding of %s in %s", c.rule, s.namespace)
		}
		if !c.event {
			return nil
		}
		count, err := s.events("RuleBroken", "["+c.rule+"]") //nolint:contextcheck // because a look that began is finished.
		if err == nil && count == 0 {
			err = fmt.Errorf("no Event of %s in %s", c.rule, s.namespace)
		}
		return err
	})
}

// poll polls until try succeeds, and returns its last error after healWithin.
func poll(ctx context.Context, try func() error) error {
	var last error
	err := wait.PollUntilContextTimeout(ctx, 50*time.Millisecond, healWithin, true,
		func(context.Context) (bool, error) {
			last = try()
			return last == nil, nil
		})
	if err != nil {
		return errors.Join(err, last)
	}
	return nil
}
