package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"aviary.dev/convention"
	"aviary.dev/dialect"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
)

// loadConfig reads a configuration file; without one the built-in defaults hold. What the file warns
// of is told.
func loadConfig(file string, kinds *dialect.Kinds, messages io.Writer) (policy.Config, error) {
	if file == "" {
		return policy.DefaultConfig(), nil
	}
	config, err := policy.LoadConfig(file, kinds)
	if err != nil {
		return config, inputError(strings.Split(err.Error(), "\n"))
	}
	for _, w := range config.Warnings(time.Now()) {
		_, _ = fmt.Fprintln(messages, "warning: "+file+": "+w)
	}
	return config, nil
}

// newEngine compiles the rules of a configuration.
func newEngine(ctx context.Context, config policy.Config) (*policy.Engine, error) {
	engine, err := policy.New(ctx, config)
	if err != nil {
		return nil, inputError{err.Error()}
	}
	return engine, nil
}

// newJudge makes the judge that admission would have with a configuration file.
func newJudge(
	ctx context.Context, file string, keys convention.LabelKeys, messages io.Writer,
) (*judge.Judge, *policy.Engine, error) {
	kinds := newKinds(keys)
	config, err := loadConfig(file, kinds, messages)
	if err != nil {
		return nil, nil, err
	}
	engine, err := newEngine(ctx, config)
	if err != nil {
		return nil, nil, err
	}
	return judge.New(engine, config.Settings(keys), kinds), engine, nil
}
