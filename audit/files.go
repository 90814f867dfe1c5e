package audit

import (
	"context"
	"errors"

	"aviary.dev/dryrun"
	"aviary.dev/manifest"
)

// Stdin is the name of what came through a pipe.
const Stdin = "stdin"

// maxErrors is how many things that can't be read are told at once.
const maxErrors = 50

// ReadFiles takes in all objects of files and folders. The error joins all that could not be read:
// objects first, then files, each in order.
func (s *Set) ReadFiles(ctx context.Context, files dryrun.Source) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var errs, unread []error
	dryrun.Each(ctx, files, s.decode, func(o outcome) {
		if o.err != nil {
			if errs = append(errs, o.err); len(errs) > maxErrors {
				cancel()
			}
		}
		s.take(o)
	}, func(err error, inFolder bool) {
		if !inFolder || !errors.Is(err, manifest.ErrEmpty) {
			unread = append(unread, err)
		}
	})
	if errs = append(errs, unread...); len(errs) > maxErrors {
		errs = append(errs[:maxErrors], errors.New("there is more that can't be read"))
	}
	if len(errs) == 0 {
		return context.Cause(ctx)
	}
	return errors.Join(errs...)
}

func (s *Set) take(o outcome) {
	switch {
	case o.skipped:
		s.summary.Skipped++
	case o.foreign:
		s.summary.Foreign++
	case o.fact != nil:
		s.add(o.object)
		s.wrong = append(s.wrong, o.wrong...)
	}
	if n := len(s.objects) + s.summary.Skipped; n%progressEvery == 0 {
		s.progress(Reading, n, 0)
	}
}

// progressEvery is after how many objects that were read the progress is told.
const progressEvery = 100
