package judge_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// allClasses is the row of all worlds.
const allClasses = "all worlds"

// agreementColumns are what is compared.
var agreementColumns = [...]string{"dropped", "frozen", "served", "unreached", "order", "answers", "shares"}

// agreementText is docs/gloo-agreement.md.
func agreementText(rows map[string]*agreement) string {
	var out strings.Builder
	fmt.Fprintf(&out, `<!-- Written by go test ./policy/judge -run TestAgreementPage -update; don't edit. -->

# Agreement with Gloo

What Aviary says of Gloo is held to what Gloo did. Of %d small sets of objects ("worlds"), made at random, it was
recorded what running Gloo makes of them: Gloo's own gateway and Envoy translators, validators and reconciler at commit
8d57572e55, with default settings, were given the objects, and it was written down which routes they left out and why,
which VirtualServices they kept as they were, and which routes they sent, in which order. Envoy was not run: which of
these routes takes a request was worked out from them as Envoy documents it, and so was what Envoy refuses.

The worlds are not in the repository. `+"`GLOO_WORLDS=<file> go test ./policy/judge -run TestAgreementPage`"+`
compares this page with them. Their objects are judged as `+"`audit -f`"+` judges files.

Each cell is how many are the same, of how many; empty where there are none.

| column | what is compared |
|---|---|
| dropped | routes that Gloo leaves out for their parents' sake, and those of which a rule says so |
| frozen | worlds that a rule refuses, if in them a neighbour's change does not go live or Envoy refuses the routes; `+
		"`freezes-others`"+` refuses no other |
| served | routes that answered a request: no rule says that they are dropped, or that no request reaches them |
| unreached | tables that no parent enters |
| order | VirtualServices: the order of all routes below them |
| answers | requests: the route that takes them, or that none does |
| shares | requests that were sent on: the destinations, each with its weight |

The first three are what the rules say, the others what the model says that the rules ask
([ways of requests](adr/0021-ways.md)). A world is in several classes.

`, rows[allClasses].worlds)
	header := append([]string{"class", "worlds"}, agreementColumns[:]...)
	fmt.Fprintf(&out, "| %s |\n|---|%s\n", strings.Join(header, " | "), strings.Repeat("--:|", len(header)-1))
	classes := slices.Sorted(maps.Keys(rows))
	classes = slices.DeleteFunc(classes, func(class string) bool { return class == allClasses })
	var differ []string
	for _, class := range append([]string{allClasses}, classes...) {
		fmt.Fprintf(&out, "| %s | %d |", class, rows[class].worlds)
		for i, c := range rows[class].counts {
			if c.of == 0 {
				out.WriteString(" |")
				continue
			}
			if fmt.Fprintf(&out, " %d/%d |", c.agree, c.of); c.agree < c.of {
				differ = append(differ, fmt.Sprintf("%s of %s", agreementColumns[i], class))
			}
		}
		out.WriteString("\n")
	}
	if len(differ) == 0 {
		out.WriteString("\nNothing differs.\n")
	} else {
		fmt.Fprintf(&out, "\nThese differ: %s.\n", strings.Join(differ, ", "))
	}
	return out.String()
}
