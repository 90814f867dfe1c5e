package story

import (
	"context"
	"reflect"
	"sync"

	"aviary.dev/policy"
)

// engines are those made, with what they were made of.
var engines struct {
	sync.Mutex
	configs []policy.Config
	made    []*policy.Engine
}

// Engine is [policy.New], but makes one engine of configurations that are the same, as those of most stories are.
func Engine(ctx context.Context, config policy.Config) (*policy.Engine, error) {
	if len(config.CustomRules) > 0 {
		return policy.New(ctx, config)
	}
	engines.Lock()
	defer engines.Unlock()
	for i, c := range engines.configs {
		if reflect.DeepEqual(c, config) {
			return engines.made[i], nil
		}
	}
	engine, err := policy.New(ctx, config)
	if err == nil {
		engines.configs, engines.made = append(engines.configs, config), append(engines.made, engine)
	}
	return engine, err
}
