package policy

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// lookEvery is how often a [Source] looks whether its files have changed. It compares contents and
// doesn't ask for notifications: those don't come through every volume, and a mounted ConfigMap is
// renewed by swapping a link.
const lookEvery = 2 * time.Second

// InForce is a configuration with the engine that is compiled for it.
type InForce struct {
	Config Config
	Engine *Engine
}

// Source keeps a configuration in force: that of a file and of the folders of custom rules that it
// names. When they change it reads them again; what is broken as a whole or in part is refused, and
// the last good one stays. It is safe for concurrent use.
type Source struct {
	path    string
	known   Judged
	current atomic.Pointer[InForce]
	broken  error

	mu   sync.Mutex
	seen [sha256.Size]byte // of the contents that were last judged, good or not
}

// NewSource reads the file, or takes [DefaultConfig] for the path "". A broken file is an error.
// Custom rules that are broken are not: they are left out and told by [Source.Broken], because not
// to start would take the guard away from all else. known is as for [ParseConfig].
func NewSource(ctx context.Context, path string, known Judged) (*Source, error) {
	s := &Source{path: path, known: known}
	cfg := DefaultConfig()
	if path != "" {
		var err error
		s.seen = fingerprint(path)
		if cfg, s.broken, err = loadConfig(path, known); err != nil {
			return nil, fmt.Errorf("configuration %s: %w", path, err)
		}
	}
	engine, err := New(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("configuration %s: %w", path, err)
	}
	s.current.Store(&InForce{Config: cfg, Engine: engine})
	return s, nil
}

// Current is what is in force.
func (s *Source) Current() *InForce { return s.current.Load() }

// Broken joins what is wrong with custom rules that were left out at the start; nil if none was.
func (s *Source) Broken() error { return s.broken }

// Watch looks for changes until ctx ends, and tells of each: with nil when a new configuration is
// in force, with the reason when one was refused. The same contents are told of once.
func (s *Source) Watch(ctx context.Context, onReload func(error)) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if changed, err := s.look(ctx); changed {
				onReload(err)
			}
		}
	}
}

// look looks once, and reports whether the contents have changed since it last did. The error tells
// why they were refused.
func (s *Source) look(ctx context.Context) (changed bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.path == "" {
		return false, nil
	}
	now := fingerprint(s.path)
	if now == s.seen {
		return false, nil
	}
	next, err := s.load(ctx)
	if fingerprint(s.path) != now || ctx.Err() != nil {
		return false, nil // somebody is still writing: the next look sees it whole
	}
	s.seen = now
	if err != nil {
		return true, fmt.Errorf("refused, and the last good configuration stays: %w", err)
	}
	s.current.Store(next)
	return true, nil
}

func (s *Source) load(ctx context.Context) (*InForce, error) {
	cfg, err := LoadConfig(s.path, s.known)
	if err != nil {
		return nil, err
	}
	engine, err := New(ctx, cfg)
	if err != nil {
		return nil, err
	}
	return &InForce{Config: cfg, Engine: engine}, nil
}

// fingerprint sums up all that a configuration is read from.
func fingerprint(file string) [sha256.Size]byte {
	hash := sha256.New()
	text, err := os.ReadFile(file) // #nosec G304 -- the path is the operator's flag
	_, _ = fmt.Fprintf(hash, "%d %v\n%s", len(text), err, text)
	said, _, _ := decodeConfig(text)
	for _, dir := range said.Policies {
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(filepath.Dir(file), dir)
		}
		fsys := os.DirFS(dir)
		ids, err := ruleFolders(fsys)
		_, _ = fmt.Fprintf(hash, "%s %q %v\n", dir, ids, err)
		for _, id := range ids {
			sum(hash, fsys, id)
		}
	}
	return [sha256.Size]byte(hash.Sum(nil))
}

// sum adds the files of one rule that are read, and the names of all.
func sum(hash io.Writer, fsys fs.FS, id string) {
	files, err := fs.ReadDir(fsys, id)
	_, _ = fmt.Fprintf(hash, "%s %d %v\n", id, len(files), err)
	for _, f := range files {
		var text []byte
		name := f.Name()
		isRule := strings.HasSuffix(name, ".rego") && !strings.HasSuffix(name, "_test.rego")
		if isRule || name == "README.md" {
			text, err = fs.ReadFile(fsys, path.Join(id, name))
		}
		_, _ = fmt.Fprintf(hash, "%s %d %v\n%s", name, len(text), errors.Unwrap(err), text)
	}
}
