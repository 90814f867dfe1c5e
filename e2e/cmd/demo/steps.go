package main

// namespace is the team's.
const namespace = "echo"

// action is one thing that the team does: it writes or edits a file, then runs kubectl.
type action struct {
	file    string   // In team/; its base name is that in the team's folder.
	from    string   // The file in the team's folder that it is a copy of, if it is new.
	kubectl []string // What the team types.
	// want is the expected traffic, as traffic.String returns it, and owners are the Deployments
	// that must own the siblings.
	want   string
	owners []string
}

// step is one of the six steps.
type step struct {
	title, note string
	actions     []action
}

var (
	applyV1  = []string{"apply", "-f", "echo-v1.yaml"}
	applyV2  = []string{"apply", "-f", "echo-v2.yaml"}
	applyV3  = []string{"apply", "-f", "echo-v3.yaml"}
	deleteV1 = []string{"delete", "-f", "echo-v1.yaml"}
	deleteV2 = []string{"delete", "-f", "echo-v2.yaml"}

	onlyV1 = []string{"echo-v1"}
	onlyV2 = []string{"echo-v2"}
	v1v2   = []string{"echo-v1", "echo-v2"}
	v2v3   = []string{"echo-v2", "echo-v3"}
)

// steps are the six of the two-phased canary.
var steps = []step{
	{
		"Install v1", "One Deployment is all that a team writes. It needs neither selector nor labels.",
		[]action{{"1/echo-v1.yaml", "", applyV1, "/echo: v1 100", onlyV1}},
	},
	{
		"Deploy v2, without traffic", "A standby runs, and nobody is sent to it.",
		[]action{{"2/echo-v2.yaml", "echo-v1.yaml", applyV2, "/echo: v1 100", v1v2}},
	},
	{
		"Phase 1: testers reach v2 by a header", "Everybody else stays on v1.",
		[]action{{"3/echo-v2.yaml", "", applyV2, "/echo stage: canary: v2 100; /echo: v1 100, v2 0", v1v2}},
	},
	{
		"Phase 2: half of the traffic to v2", "The team says the canary's weight; the primary gets the rest.",
		[]action{{"4/echo-v2.yaml", "", applyV2, "/echo stage: canary: v2 100; /echo: v1 50, v2 50", v1v2}},
	},
	{
		"Phase 2, finished: all of it to v2", "v1 still runs, so going back is one edit.",
		[]action{{"5/echo-v2.yaml", "", applyV2, "/echo stage: canary: v2 100; /echo: v1 0, v2 100", v1v2}},
	},
	{
		"Decommission v1", "v2 has carried all of it, so it may become the primary; then nobody needs v1.",
		[]action{
			{"6/echo-v2.yaml", "", applyV2, "/echo: v2 100", v1v2},
			{"", "", deleteV1, "/echo: v2 100", onlyV2},
		},
	},
}

// refusal is an action that must be refused.
type refusal struct {
	title, note string
	before      *action // Which works.
	action
	rule string // Must be in kubectl's message.
}

// refusals are tried during the next rollout, of v3.
var refusals = []refusal{
	{
		"Weights that don't sum to 100", "A RouteTable written by hand. v3, the next version, is a canary by now.",
		&action{"next/echo-v3.yaml", "echo-v2.yaml", applyV3, v3Phase1, v2v3},
		action{"refused/by-hand.yaml", "", []string{"apply", "-f", "by-hand.yaml"}, v3Phase1, v2v3},
		"weights-sum",
	},
	{
		"A route to a version that nobody deployed", "Another one by hand.", nil,
		action{"refused/to-v9.yaml", "", []string{"apply", "-f", "to-v9.yaml"}, v3Phase1, v2v3},
		"version-deployed",
	},
	{
		"Deleting the primary, at 100 %", "The wrong file, and everybody would get errors.", nil,
		action{"", "", deleteV2, v3Phase1, v2v3},
		"stranded-traffic",
	},
	{
		"Promoting a canary that is at 10 %", "The other 90 % would move at once.",
		&action{"next/10/echo-v3.yaml", "", applyV3, v3At10, v2v3},
		action{"refused/echo-v3.yaml", "", applyV3, v3At10, v2v3},
		"promotion",
	},
}

const (
	v3Phase1 = "/echo stage: canary: v3 100; /echo: v2 100, v3 0"
	v3At10   = "/echo stage: canary: v3 100; /echo: v2 90, v3 10"
)
