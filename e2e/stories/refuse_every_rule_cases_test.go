package stories

import "strings"

// manifest returns an attempt to apply a manifest, command one to run kubectl.
func manifest(text string, says ...string) attempt { return attempt{manifests: text, parts: says} }

func command(args string, says ...string) attempt {
	return attempt{args: strings.Fields(args), parts: says}
}

// refusals returns the wrong steps by rule; what follows a comma tells several of a rule apart.
func (s *story) refusals() map[string]refusal {
	v1, v2 := v("v1", "role=primary"), v("v2", "role=canary", "weight=10")
	v3 := v("v3", "role=standby")
	mislabelled, labelled := v3, v3
	mislabelled.labels = map[string]string{"app": "echo", "version": "v1"}
	labelled.labels = map[string]string{"app": "echo", "version": "v3"}
	mislabelled.annotations = map[string]string{"version": "v3", "role": "standby"}
	whole := forApp(readTestdata(s.T, "six-steps", "step-1.yaml"), "echo", s.namespace) // With a selector.
	whole = replace(whole, "role: primary", "role: standby")
	whole = replace(replace(whole, "echo-v1", "echo-v3"), "version: v1", "version: v3")
	off := v1
	off.replicas = "0"
	canaryOff := v2
	canaryOff.replicas = "0"
	split := s.table("by-hand", destination{"v1", 60}, destination{"v2", 40})
	single := s.table("by-hand", destination{"v2", 0})

	return map[string]refusal{
		"weights-sum": {
			manifest(s.table("by-hand", destination{"v1", 60}, destination{"v2", 30}),
				"weights sum to 90 (v1: 60, v2: 30), must be 100; raise v1 to 70"),
			manifest(split),
		},
		"weights-sum, a weight is missing": {
			manifest(replace(split, "          weight: 40\n", ""), "destinations[1].weight", "set weight 40 on v2"),
			manifest(split),
		},
		"version-deployed": {
			manifest(s.table("by-hand", destination{"v9", 0}), "no workload has version v9", "deployed: v1, v2"),
			manifest(single),
		},
		"version-deployed, but without traffic": {
			manifest(s.table("by-hand", destination{"v1", 99}, destination{"v9", 1}), "no workload has version v9"),
			manifest(s.table("by-hand", destination{"v1", 100}, destination{"v9", 0}), "[version-deployed]"),
		},
		"subset-named": {
			manifest(s.table("by-hand", destination{"", 0}), "names none, must name one"),
			manifest(single),
		},
		"upstream-known": {
			manifest(replace(single, "upstream: {name: echo", "upstream: {name: ecko"), "ecko does not exist"),
			manifest(single),
		},
		"api-group": {
			manifest(replace(single, "apiGroup: example", "apiGroup: payments"), `"payments" may not be used`,
				"example, second"),
			manifest(replace(single, "apiGroup: example", "apiGroup: second")),
		},
		"api-group, of a Deployment": {
			manifest(v("v1", "role=primary", "api-group=payments").of("new").String(), `"payments" may not be used`),
			manifest(v("v1", "role=primary", "api-group=second").of("new").String()),
		},
		"annotations-valid": {
			manifest(v("v2", "role=canary", "weight=101").String(), `metadata.annotations[aviary.dev/weight]`,
				`"101" must be a whole number from 0 to 100`),
			manifest(v("v2", "role=canary", "weight=100").String()),
		},
		"annotations-valid, an unknown key": {
			manifest(v("v2", "role=canary", "wieght=10").String(), "did you mean aviary.dev/weight?"),
			manifest(v("v2", "role=canary", "x-wieght=10").String()),
		},
		"annotations-valid, a sum above 100": {
			manifest(v("v3", "role=canary", "weight=91", "headers=").String(),
				"canary weights sum to 101 (v2: 10, v3: 91)", `set aviary.dev/weight: "90" on v3`),
			manifest(v("v3", "role=canary", "weight=90", "headers=").String()),
		},
		"annotations-valid, no target port": {
			manifest(replace(v("v1", "role=primary").of("new").String(), ", ports: [{containerPort: 8080}]", ""),
				"aviary.dev/target-port", "list no port"),
			manifest(replace(v("v1", "role=primary", "target-port=8080").of("new").String(),
				", ports: [{containerPort: 8080}]", "")),
		},
		"annotations-valid, no app": {
			manifest(replace(whole, "    aviary.dev/app: echo\n", ""), "aviary.dev/app", "is missing"),
			manifest(replace(whole, "    aviary.dev/", "    example.com/")),
		},
		"labels-agree": {
			manifest(mislabelled.String(), "spec.template.metadata.labels[version]", `"v1" must be "v3"`),
			manifest(labelled.String()),
		},
		"version-unique": {
			manifest(replace(v("v1b", "version=v1", "role=standby").String(), "echo-v1b", "echo-zone-b"),
				"v1 is also the version of Deployment echo-v1"),
			manifest(v3.String()),
		},
		"canary-needs-primary": {
			manifest(v("v2", "role=canary", "weight=10").of("new").String(), "app new has no primary"),
			manifest(v("v2", "role=canary", "weight=100").of("new").String()),
		},
		"promotion": {
			manifest(v("v2", "role=primary").String(), "v2 carries 10 % of the traffic and v1 is still available"),
			manifest(v("v2", "role=primary").of("ready").String()),
		},
		"promotion, of a standby": {
			manifest(v("v3", "role=primary").String(), "the new primary must carry 100 % first"),
			manifest(v3.String()),
		},
		"stranded-traffic": {
			command("delete deployment echo-v1", "v1 carries 90 % of the traffic of app echo"),
			command("delete deployment echo-v2"),
		},
		"stranded-traffic, at weight 100": {
			command("delete deployment echo-v1", "may not be removed while it does"),
			command("delete deployment ready-v1"),
		},
		"stranded-traffic, by kubectl scale": {
			command("scale deployment echo-v1 --replicas=0", "may not be scaled to 0"),
			command("scale deployment echo-v2 --replicas=0"),
		},
		"stranded-traffic, by replicas": {
			manifest(off.String(), "may not be scaled to 0"),
			manifest(canaryOff.String()),
		},
		"stranded-traffic, by leaving the app": {
			command("annotate deployment echo-v1 aviary.dev/app- aviary.dev/role-", "app echo"),
			command("annotate deployment echo-v2 aviary.dev/app- aviary.dev/role- aviary.dev/weight- " +
				"aviary.dev/weight-raised-at-"),
		},
		"sibling-collision": {
			manifest(v("v1", "role=primary").of("taken").String(), "Service refusals/taken exists and is not Aviary's"),
			manifest(v("v1", "role=primary").of("free").String()),
		},
	}
}
