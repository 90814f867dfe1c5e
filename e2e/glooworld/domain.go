package glooworld

import (
	"slices"
	"strings"
)

// freezeConflicts freezes all virtual hosts if two have the same domain, or one has it twice, or one is empty:
// Gloo 1.2x holds the whole listener back then. Bare are the VirtualServices without a virtualHost.
func freezeConflicts(hosts []VirtualHost, bare []string) {
	fault := conflict(hosts, bare)
	for i := range hosts {
		if fault != "" {
			hosts[i].Faults = append(hosts[i].Faults, fault)
		}
	}
}

// conflict returns "novhost" where a VirtualService without a virtualHost is one of two with a domain,
// "domain" where others are, and "" where none are.
func conflict(hosts []VirtualHost, bare []string) (fault string) {
	owner := map[string]string{}
	for _, h := range hosts {
		for _, domain := range h.Domains {
			first, taken := owner[domain]
			switch {
			case taken && (slices.Contains(bare, first) || slices.Contains(bare, h.VirtualService)):
				return "novhost"
			case taken || domain == "":
				fault = "domain"
			}
			owner[domain] = h.VirtualService
		}
	}
	return fault
}

// choose returns the virtual host that takes a host's requests, or nil: the one with that domain, else with
// the longest suffix, else with the longest prefix, else with "*".
func choose(hosts []VirtualHost, name string) *VirtualHost {
	name = strings.ToLower(name)
	var best *VirtualHost
	bestRank, bestLength := 0, 0
	for i := range hosts {
		for _, domain := range hosts[i].Domains {
			rank := rankOf(strings.ToLower(domain), name)
			if rank > bestRank || rank == bestRank && rank > 0 && len(domain) > bestLength {
				best, bestRank, bestLength = &hosts[i], rank, len(domain)
			}
		}
	}
	return best
}

// rankOf returns how well a domain fits a host's name: 0 not at all, 4 exactly. A wildcard stands for at
// least one character.
func rankOf(domain, name string) int {
	suffix, isSuffix := strings.CutPrefix(domain, "*")
	prefix, isPrefix := strings.CutSuffix(domain, "*")
	switch {
	case domain == name:
		return 4
	case domain == "*":
		return 1
	case isSuffix && len(name) > len(suffix) && strings.HasSuffix(name, suffix):
		return 3
	case isPrefix && len(name) > len(prefix) && strings.HasPrefix(name, prefix):
		return 2
	}
	return 0
}
