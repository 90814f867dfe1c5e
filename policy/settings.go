package policy

import (
	"aviary.dev/convention"
	"aviary.dev/route"
)

// Settings returns the part of the configuration that the convention needs.
func (c Config) Settings(keys convention.LabelKeys) convention.Settings {
	port := int32(c.Defaults.Port) // #nosec G115 -- checked: at most 65535
	s := convention.Settings{Keys: keys, APIGroup: c.Defaults.APIGroup, Port: port, Fallback: c.Defaults.FallbackPolicy}
	for name, value := range c.Defaults.CanaryHeaders {
		s.CanaryHeaders = append(s.CanaryHeaders, route.Header{Name: name, Value: value})
	}
	convention.SortHeaders(s.CanaryHeaders)
	return s
}
