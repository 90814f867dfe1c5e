package dryrun

import (
	"context"
	"io"
	"os"
	"runtime"
	"sync"

	"aviary.dev/manifest"
)

// Source says where manifests are.
type Source struct {
	// Names are files, folders and "-" for Stdin.
	Names []string
	// Recursive: the folders in a folder are read, too.
	Recursive bool
	Stdin     io.Reader
}

// Each calls decode for all documents, on all cores, and take with what it returned, one after the
// other in the order of the files. Fail is called in the same order with what can't be read at all.
// Both are told whether the file was found in a folder. Only a few documents are in memory at a time;
// once ctx has ended no more are read.
func Each[T any](
	ctx context.Context, s Source,
	decode func(d manifest.Document, inFolder bool) T, take func(T), fail func(err error, inFolder bool),
) {
	workers := runtime.GOMAXPROCS(0)
	r := reader[T]{ctx: ctx, work: make(chan *batch[T]), queue: make(chan *batch[T], 2*workers)}
	var decoding sync.WaitGroup
	for range workers {
		decoding.Go(func() {
			for b := range r.work {
				b.decode(decode)
			}
		})
	}
	go func() {
		defer close(r.queue)
		defer close(r.work)
		r.read(s)
	}()
	for b := range r.queue {
		for _, result := range <-b.done {
			take(result)
		}
		if b.err != nil {
			fail(b.err, b.inFolder)
		}
	}
	decoding.Wait()
}

// batch is a handful of documents on its way through: decoded by whoever is free, taken in the order
// of the files.
type batch[T any] struct {
	documents []manifest.Document
	inFolder  bool
	// err is why no more of the file can be read.
	err  error
	done chan []T
}

func (b *batch[T]) decode(decode func(manifest.Document, bool) T) {
	out := make([]T, len(b.documents))
	for i, d := range b.documents {
		out[i] = decode(d, b.inFolder)
	}
	b.documents = nil
	b.done <- out
}

const (
	batchDocuments = 64
	batchBytes     = 256 << 10
)

// reader cuts files into batches.
type reader[T any] struct {
	ctx         context.Context //nolint:containedctx // it lives as long as the call
	work, queue chan *batch[T]
	// next is the batch that is being filled; bytes is how long its documents are.
	next  *batch[T]
	bytes int
}

func (r *reader[T]) read(s Source) {
	for _, name := range s.Names {
		files, err := manifest.Files(name, s.Recursive)
		r.fail(err, false)
		info, err := os.Stat(name)
		inFolder := name != manifest.Stdin && err == nil && info.IsDir()
		for _, file := range files {
			err := manifest.Read(file, s.Stdin, func(d manifest.Document) error { return r.add(d, inFolder) })
			if r.ctx.Err() != nil {
				return
			}
			r.fail(err, inFolder)
		}
	}
	r.flush()
}

func (r *reader[T]) add(d manifest.Document, inFolder bool) error {
	if r.next == nil || r.next.inFolder != inFolder {
		r.start(inFolder)
	}
	r.next.documents = append(r.next.documents, d)
	r.bytes += len(d.Text)
	if len(r.next.documents) >= batchDocuments || r.bytes >= batchBytes {
		r.flush()
	}
	return r.ctx.Err()
}

// fail ends the batch with an error, if there is one.
func (r *reader[T]) fail(err error, inFolder bool) {
	if err == nil {
		return
	}
	if r.next == nil || r.next.inFolder != inFolder {
		r.start(inFolder)
	}
	r.next.err = err
	r.flush()
}

func (r *reader[T]) start(inFolder bool) {
	r.flush()
	r.next = &batch[T]{inFolder: inFolder, done: make(chan []T, 1)}
}

func (r *reader[T]) flush() {
	b := r.next
	if r.next, r.bytes = nil, 0; b == nil {
		return
	}
	select {
	case r.queue <- b:
		r.work <- b
	case <-r.ctx.Done():
	}
}
