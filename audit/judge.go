package audit

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"aviary.dev/policy"
	"aviary.dev/policy/judge"
)

// Judge judges every object of the set as it stands, on all cores.
func (s *Set) Judge(ctx context.Context, j *judge.Judge) (Result, error) {
	s.defaultTables()
	if err := s.plan(ctx, j); err != nil {
		return Result{}, err
	}
	const chunk = 256
	found := make([][]Finding, (len(s.objects)+chunk-1)/chunk)
	var mu sync.Mutex
	done := 0
	group, judging := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i := range found {
		group.Go(func() error {
			objects := s.objects[i*chunk : min((i+1)*chunk, len(s.objects))]
			for _, o := range objects {
				list, err := j.Judge(judging, judge.Request{Operation: judge.Audit, New: o.fact}, s.facts)
				if err != nil {
					id := o.fact.Identity()
					return fmt.Errorf("judge %s %s: %w", id.Kind, name(id), err)
				}
				for _, f := range list {
					found[i] = append(found[i], of(f, o))
				}
			}
			mu.Lock()
			defer mu.Unlock()
			done += len(objects)
			s.progress(Judging, done, len(s.objects))
			return judging.Err()
		})
	}
	if err := group.Wait(); err != nil {
		return Result{}, err
	}
	r := Result{Findings: slices.Concat(found...), Summary: s.summary}
	if r.Findings == nil {
		r.Findings = []Finding{} // a list in JSON, also if empty
	}
	if err := locate(ctx, r.Findings); err != nil {
		return Result{}, err
	}
	slices.SortFunc(r.Findings, Finding.compare)
	r.Summary.Objects = len(s.objects)
	for _, f := range r.Findings {
		switch f.Mode {
		case policy.ModeDeny:
			r.Summary.Deny++
		case policy.ModeWarn:
			r.Summary.Warn++
		default:
			r.Summary.Audit++
		}
	}
	return r, nil
}

func of(f policy.Finding, o object) Finding {
	id := o.fact.Identity()
	return Finding{
		Rule: f.Rule, Mode: f.Mode, Message: f.Message, Fix: f.Fix, Field: f.Field,
		Kind: id.Kind, Namespace: id.Namespace, Name: id.Name,
		File: o.place.File, Line: o.place.Line, item: o.place.Item,
	}
}
