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
	if err := s.world.Complete(ctx, j.Settings()); err != nil {
		return Result{}, err
	}
	r := Result{Findings: []Finding{}, Summary: s.summary} // a list in JSON, also if empty
	found, err := s.judgeAll(ctx, j)
	if err != nil {
		return Result{}, err
	}
	r.Findings = append(append(r.Findings, s.wrong...), found...)
	if err := locate(ctx, r.Findings); err != nil {
		return Result{}, err
	}
	slices.SortFunc(r.Findings, Finding.compare)
	r.Summary.Objects = len(s.objects)
	r.Summary.count(r.Findings)
	return r, nil
}

// atOnce is how many objects one core judges at a time.
const atOnce = 256

func (s *Set) judgeAll(ctx context.Context, j *judge.Judge) ([]Finding, error) {
	var mu sync.Mutex
	done := 0
	group, judging := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	found := make([][]Finding, (len(s.objects)+atOnce-1)/atOnce)
	for i := range found {
		group.Go(func() (err error) {
			objects := s.objects[i*atOnce : min((i+1)*atOnce, len(s.objects))]
			if found[i], err = s.judge(judging, j, objects); err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			done += len(objects)
			s.progress(Judging, done, len(s.objects))
			return judging.Err()
		})
	}
	err := group.Wait()
	return slices.Concat(found...), err
}

func (s *Set) judge(ctx context.Context, j *judge.Judge, objects []object) ([]Finding, error) {
	var out []Finding
	for _, o := range objects {
		list, err := j.Decide(ctx, judge.Request{Operation: judge.Audit, New: o.fact}, s.world.Facts())
		if err != nil {
			return nil, fmt.Errorf("judge %s: %w", name(o.fact.Identity()), err)
		}
		for _, f := range list {
			out = append(out, o.finding(f))
		}
	}
	return out, nil
}

func (o object) finding(f policy.Finding) Finding {
	id := o.fact.Identity()
	return Finding{
		Rule: f.Rule, Mode: f.Mode, Message: f.Message, Fix: f.Fix, Field: f.Field,
		Kind: id.Kind, Namespace: id.Namespace, Name: id.Name,
		File: o.place.file, Line: o.place.line, number: o.place.number,
	}
}
