// Package story runs the stories of rules: whole manifests, one request, and the findings that it
// must lead to, of all rules together (policy/README.md has the form).
package story

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"golang.org/x/tools/txtar"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/manifest"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
)

// Config is what stories are judged with that have no config.yaml of their own.
func Config() policy.Config {
	config := policy.DefaultConfig()
	config.Defaults.APIGroup = "example"
	return config
}

// Story is one, read.
type Story struct {
	// Want is the expected text: sorted lines "mode field: [rule] message; fix".
	Want string

	file    string
	archive *txtar.Archive
	want    int
	kinds   *dialect.Kinds
	facts   []fact.Fact
	request judge.Request
	config  *policy.Config
}

// Read reads a story's file, which may hold objects of these kinds.
func Read(file string, kinds *dialect.Kinds) (*Story, error) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		return nil, err
	}
	s := &Story{file: file, archive: archive, want: -1, kinds: kinds}
	for i, f := range archive.Files {
		if err := s.part(i, f); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	switch {
	case s.want < 0:
		return nil, errors.New("findings.txt is missing")
	case s.request.New == nil && s.request.Old == nil:
		return nil, errors.New("request.yaml is missing, or old.yaml for a DELETE")
	case s.request.New == nil:
		s.request.Operation = judge.Delete
	case s.request.Old == nil:
		s.request.Operation = judge.Create
	default:
		s.request.Operation = judge.Update
	}
	return s, nil
}

func (s *Story) part(i int, f txtar.File) (err error) {
	switch f.Name {
	case "config.yaml":
		config, err := policy.ParseConfig(f.Data, s.kinds)
		s.config = &config
		return err
	case "objects.yaml":
		s.facts, err = Facts(f.Data, s.kinds)
		return err
	case "old.yaml":
		s.request.Old, err = s.one(f.Data)
	case "request.yaml":
		s.request.New, err = s.one(f.Data)
	case "author.txt":
		s.request.User, s.request.May = author(string(f.Data))
	case "findings.txt":
		s.want, s.Want = i, string(f.Data)
	default:
		return errors.New("is no part of a story; the parts are config.yaml, objects.yaml, old.yaml, request.yaml, " +
			"author.txt and findings.txt")
	}
	return err
}

// Tell judges the request and returns the findings in the form of Want. A story's own configuration
// takes the place of the one given, but for the custom rules.
func (s *Story) Tell(ctx context.Context, config policy.Config) (string, error) {
	return s.TellWith(ctx, config, Engine)
}

// TellWith is [Story.Tell] with another way to make the engine than [Engine].
func (s *Story) TellWith(
	ctx context.Context, config policy.Config, compile func(context.Context, policy.Config) (*policy.Engine, error),
) (string, error) {
	findings, err := s.judge(ctx, config, compile)
	if err != nil {
		return "", err
	}
	var got strings.Builder
	for _, f := range findings {
		got.WriteString(f.Mode.String() + " " + f.String() + "\n")
	}
	return got.String(), nil
}

func (s *Story) judge(
	ctx context.Context, config policy.Config, compile func(context.Context, policy.Config) (*policy.Engine, error),
) ([]policy.Finding, error) {
	if s.config != nil {
		custom := config.CustomRules
		config = *s.config
		config.CustomRules = custom
	}
	engine, err := compile(ctx, config)
	if err != nil {
		return nil, err
	}
	store := inventory.NewStore()
	for _, f := range s.facts {
		store.Put(f)
	}
	if s.request.Old != nil {
		store.Put(s.request.Old)
	}
	store.Lend()
	j := judge.New(engine, config.Settings(s.kinds.Keys()), s.kinds)
	return j.Decide(ctx, s.request, store)
}

// Rewrite makes the file expect these findings.
func (s *Story) Rewrite(findings string) error {
	s.archive.Files[s.want].Data = []byte(findings)
	return os.WriteFile(s.file, txtar.Format(s.archive), 0o600)
}

// author reads who asks, and below a line for each right, as "create Service".
func author(text string) (string, func(context.Context, string, schema.GroupKind) (bool, error)) {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[0], func(_ context.Context, verb string, kind schema.GroupKind) (bool, error) {
		return slices.Contains(lines[1:], verb+" "+kind.String()), nil
	}
}

func (s *Story) one(data []byte) (fact.Fact, error) {
	facts, err := Facts(data, s.kinds)
	if err == nil && len(facts) != 1 {
		err = fmt.Errorf("must hold one object, holds %d", len(facts))
	}
	if err != nil {
		return nil, err
	}
	return facts[0], nil
}

// Facts reads the facts of a stream's objects, and of those in Lists.
func Facts(data []byte, kinds *dialect.Kinds) (out []fact.Fact, err error) {
	err = manifest.Read(manifest.Stdin, bytes.NewReader(data), func(d manifest.Document) error {
		raw, err := d.StrictJSON()
		if err != nil {
			return err
		}
		var kind metav1.TypeMeta
		if err := json.Unmarshal(raw, &kind); err != nil {
			return err
		}
		f, err := kinds.Decode(schema.FromAPIVersionAndKind(kind.APIVersion, kind.Kind).GroupKind(), raw)
		if err == nil && f == nil {
			err = fmt.Errorf("no facts are kept of %s %s", kind.APIVersion, kind.Kind)
		}
		out = append(out, f)
		return err
	})
	if errors.Is(err, manifest.ErrEmpty) {
		err = nil
	}
	return out, err
}
