package main

import (
	"slices"

	"github.com/prometheus/client_golang/prometheus"

	"aviary.dev/expander"
	"aviary.dev/inventory"
	"aviary.dev/rejudge"
	aviarywebhook "aviary.dev/webhook"
)

// register registers all metrics of Aviary's: those of its packages, and those that are handed in.
func register(registry prometheus.Registerer, more ...prometheus.Collector) error {
	unreadable := prometheus.NewCounterFunc(prometheus.CounterOpts{
		Name: "aviary_unreadable_total",
		Help: "Responses of the API server with an object whose content could not be decoded; " +
			"it counts as one without content.",
	}, func() float64 { return float64(inventory.Unreadable()) })
	all := slices.Concat(aviarywebhook.Collectors(), expander.Collectors(), rejudge.Collectors(), more)
	for _, c := range append(all, unreadable) {
		if err := registry.Register(c); err != nil {
			return err
		}
	}
	return nil
}
