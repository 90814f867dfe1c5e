package audit

import (
	"context"
	"errors"
	"io"
	"os"
	"runtime"
	"sync"

	"aviary.dev/manifest"
)

// Stdin is the name of what came through a pipe.
const Stdin = "stdin"

// maxErrors is how many things that can't be read are told at once.
const maxErrors = 50

// batch is a handful of documents on its way through: decoded by whoever is free, taken in in the order of the files.
type batch struct {
	documents []manifest.Document
	inFolder  bool
	done      chan []outcome
}

const (
	batchDocuments = 64
	batchBytes     = 256 << 10
)

// ReadFiles takes in all objects of files, folders and, for "-", of in. Only a few documents are in memory at a time. The
// error joins all that could not be read, in order.
func (s *Set) ReadFiles(ctx context.Context, names []string, recursive bool, in io.Reader) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	workers := runtime.GOMAXPROCS(0)
	work, queue := make(chan *batch), make(chan *batch, 2*workers)
	var decoding sync.WaitGroup
	for range workers {
		decoding.Go(func() {
			for b := range work {
				out := make([]outcome, len(b.documents))
				for i, d := range b.documents {
					out[i] = s.decode(d, b.inFolder)
				}
				b.documents = nil
				b.done <- out
			}
		})
	}
	var unread []error
	go func() {
		defer close(queue)
		defer close(work)
		f := feed{ctx: ctx, work: work, queue: queue}
		unread = f.files(names, recursive, in)
	}()
	var errs []error
	for b := range queue {
		for _, o := range <-b.done {
			if o.err != nil {
				errs = append(errs, o.err)
			}
			s.take(o)
		}
		if len(errs) > maxErrors {
			cancel()
		}
		s.progress(Reading, len(s.objects)+s.summary.Skipped, 0)
	}
	decoding.Wait()
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
		s.put(o.fact, o.place)
	}
}

// feed cuts files into batches.
type feed struct {
	ctx         context.Context //nolint:containedctx // it lives as long as the call
	work, queue chan<- *batch
	now         *batch
	bytes       int
	errs        []error
}

func (f *feed) files(names []string, recursive bool, in io.Reader) []error {
	for _, name := range names {
		files, err := manifest.Files(name, recursive)
		if err != nil {
			f.errs = append(f.errs, err)
		}
		info, err := os.Stat(name)
		inFolder := name != manifest.Stdin && err == nil && info.IsDir()
		for _, file := range files {
			f.file(file, inFolder, in)
		}
		f.flush()
	}
	return f.errs
}

func (f *feed) file(file string, inFolder bool, in io.Reader) {
	err := manifest.Read(file, in, func(d manifest.Document) error {
		if f.now == nil || f.now.inFolder != inFolder {
			f.flush()
			f.now = &batch{inFolder: inFolder, done: make(chan []outcome, 1)}
		}
		f.now.documents = append(f.now.documents, d)
		f.bytes += len(d.Text)
		if len(f.now.documents) >= batchDocuments || f.bytes >= batchBytes {
			f.flush()
		}
		return f.ctx.Err()
	})
	if err == nil || f.ctx.Err() != nil || inFolder && errors.Is(err, manifest.ErrEmpty) {
		return
	}
	f.errs = append(f.errs, err)
}

func (f *feed) flush() {
	b := f.now
	if f.now, f.bytes = nil, 0; b == nil {
		return
	}
	select {
	case f.queue <- b:
	case <-f.ctx.Done():
		return
	}
	f.work <- b
}
