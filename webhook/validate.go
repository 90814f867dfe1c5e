package webhook

import (
	"context"
	"time"

	"k8s.io/client-go/tools/events"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/policy/judge"
)

// deadline ends a decision before the API server gives up on it (timeoutSeconds: 3 in the
// manifests). The rules' own limit is shorter, so that the error names what is slow.
const (
	deadline  = 2500 * time.Millisecond
	ruleLimit = 2 * time.Second
	// namespaceLimit is the rules' for a Namespace, whose entry has timeoutSeconds: 1.
	namespaceLimit = 700 * time.Millisecond
)

// limit is how long the rules may take.
func (c *call) limit() time.Duration {
	if kindOf(&c.AdmissionRequest) == fact.NamespaceKind {
		return namespaceLimit
	}
	return ruleLimit
}

// Validate admits, warns or refuses.
type Validate struct {
	// Judge returns the judge of the configuration in force.
	Judge func() *judge.Judge
	Facts fact.Reader
	// Live reads from the API server itself.
	Live   inventory.Cluster
	Rights Rights
	// Tables wakes requests that wait for their app's table; nil if none shall wait.
	Tables *Tables
	// Missing says what keeps Aviary from writing siblings at all; nil if nobody knows.
	Missing func() []string
	Events  events.EventRecorder
	Now     func() time.Time
	// Log says which decisions are logged.
	Log Decisions
	// absent is what was looked for a moment ago, see [Validate.lookAgain].
	absent absences
}

// Handle implements admission.Handler.
func (v *Validate) Handle(ctx context.Context, req admission.Request) admission.Response {
	ctx, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	j, began := v.Judge(), time.Now()
	resp := v.answer(ctx, j, &req, began)
	observe(j.Kinds(), &req.AdmissionRequest, resp)
	return resp
}

func (v *Validate) answer(
	ctx context.Context, j *judge.Judge, req *admission.Request, began time.Time,
) admission.Response {
	c, err := v.begin(ctx, j, req)
	switch {
	case err != nil:
		return c.answerUnread(ctx, err, failsOpen(j.Kinds(), &req.AdmissionRequest))
	case c.request.Old == nil && c.request.New == nil:
		return admission.Allowed("") // a Scale of a Deployment that is not there (any more)
	}
	findings, err := v.decide(ctx, c)
	if err != nil {
		return v.answerFailure(ctx, c, err)
	}
	m, err := v.managedBy(ctx, c)
	if err != nil {
		return v.answerFailure(ctx, c, err)
	}
	count(findings)
	resp := respond(&req.AdmissionRequest, findings, m)
	if resp.Allowed {
		resp.Warnings = append(resp.Warnings, v.blocked(ctx, c)...)
	}
	v.recordRefusal(c, resp)
	v.logDecision(ctx, c, findings, resp, time.Since(began))
	return resp
}

// call is one request on its way to an answer.
type call struct {
	*admission.Request
	judge   *judge.Judge
	request judge.Request
	live    *inventory.Live
	// facts are what the watches saw.
	facts fact.Reader
	// oldIsWhole: what is left out of a table's old object at first was decoded, or can't be.
	oldIsWhole bool
	// readLive and overridden are what became of it.
	readLive, overridden bool
}

func (v *Validate) begin(ctx context.Context, j *judge.Judge, req *admission.Request) (*call, error) {
	c := &call{Request: req, judge: j, live: v.newLive(j), facts: v.Facts}
	var err error
	if c.request, err = decode(ctx, &req.AdmissionRequest, j.Kinds(), c.live); err != nil {
		return c, err
	}
	c.request.Whole = func() fact.Fact { c.wholeOld(ctx); return c.request.Old }
	if c.request.User = req.UserInfo.Username; v.Now != nil {
		c.request.Now = v.Now()
	}
	if v.Live != nil {
		c.request.Look = c.live
	}
	if v.Rights != nil {
		c.request.May = v.may(c)
	}
	return c, nil
}

// newLive has read nothing yet.
func (v *Validate) newLive(j *judge.Judge) *inventory.Live {
	return inventory.NewLive(counting{v.Live}, j.Kinds(), v.Facts)
}
