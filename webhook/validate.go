package webhook

import (
	"context"
	"slices"
	"time"

	authenticationv1 "k8s.io/api/authentication/v1"
	authorizationv1 "k8s.io/api/authorization/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/tools/events"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
)

// deadline ends a decision before the API server gives up on it (timeoutSeconds: 3 in the manifests). The rules' own
// limit is shorter, so that what is slow is named.
const (
	deadline   = 2500 * time.Millisecond
	ruleBudget = 2 * time.Second
)

// Rights tells what users may do; see package access.
type Rights interface {
	May(ctx context.Context, user authenticationv1.UserInfo, what authorizationv1.ResourceAttributes) (bool, error)
}

// Validate admits, warns or refuses.
type Validate struct {
	// Judge gives the judge of the configuration in force.
	Judge func() *judge.Judge
	Facts inventory.Reader
	// Live reads from the API server itself.
	Live   client.Reader
	Rights Rights
	// Missing says what keeps Aviary from keeping siblings at all; nil if nobody knows.
	Missing func() []string
	Events  events.EventRecorder
	Now     func() time.Time
	// Log says which decisions are logged.
	Log Decisions
}

// Handle implements admission.Handler.
func (v *Validate) Handle(ctx context.Context, req admission.Request) admission.Response {
	ctx, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	began := time.Now()
	resp := v.answer(ctx, &req, began)
	observe(&req.AdmissionRequest, resp)
	return resp
}

func (v *Validate) answer(ctx context.Context, req *admission.Request, began time.Time) admission.Response {
	c, err := v.begin(ctx, req)
	switch {
	case err != nil:
		return c.unread(ctx, err, failsOpen(&req.AdmissionRequest))
	case c.request.Old == nil && c.request.New == nil:
		return admission.Allowed("") // a Scale of a Deployment that is not there (any more)
	}
	if err := c.tooLarge(); err != nil {
		return c.unread(ctx, err, c.judge.Enforcement() == policy.ModeWarn)
	}
	findings, err := v.decide(ctx, c)
	if err != nil {
		return v.undecided(ctx, c, err)
	}
	app, err := keptFor(ctx, c.request, v.Facts)
	if err != nil {
		return v.undecided(ctx, c, err)
	}
	count(findings)
	resp := respond(&req.AdmissionRequest, findings, app)
	if resp.Allowed {
		resp.Warnings = append(resp.Warnings, v.hindrances(c.request)...)
	}
	v.logDecision(ctx, c, findings, resp, time.Since(began))
	return resp
}

// call is one request on its way to an answer.
type call struct {
	*admission.Request
	judge   *judge.Judge
	request judge.Request
	live    *inventory.Live
	// readLive and overridden are what became of it.
	readLive, overridden bool
}

func (v *Validate) begin(ctx context.Context, req *admission.Request) (*call, error) {
	j := v.Judge()
	c := &call{Request: req, judge: j, live: inventory.NewLive(counting{v.Live}, j.Settings().Keys, v.Facts)}
	var err error
	if c.request, err = decode(ctx, &req.AdmissionRequest, j.Settings().Keys, c.live); err != nil {
		return c, err
	}
	c.request.User = req.UserInfo.Username
	if v.Rights != nil {
		c.request.May = v.may(req)
	}
	return c, nil
}

// decide judges by the cache. A denial that rests on another object, and whatever takes a workload away, is judged by
// what the API server holds now: a cache that lags behind must neither refuse what is right nor allow what strands a
// route that it has not seen.
func (v *Validate) decide(ctx context.Context, c *call) ([]policy.Finding, error) {
	ctx, cancel := context.WithTimeout(ctx, ruleBudget)
	defer cancel()
	facts := v.Facts
	if c.request.TakesAway() {
		facts, c.readLive = c.live, true
	}
	findings, err := c.evaluate(ctx, facts)
	if err == nil && facts != c.live && denies(findings, func(f policy.Finding) bool { return f.Evidence }) {
		facts, c.readLive = c.live, true
		findings, err = c.evaluate(ctx, facts)
	}
	if err != nil {
		return nil, err
	}
	if !denies(findings, nil) {
		return c.misnamed(findings)
	}
	c.wholeOld()
	if findings, err = c.judge.Ratchet(ctx, c.request, findings, facts); err != nil {
		return nil, err
	}
	return v.override(ctx, c, findings), nil
}

func (c *call) evaluate(ctx context.Context, facts inventory.Reader) ([]policy.Finding, error) {
	from := "cache"
	if facts == inventory.Reader(c.live) {
		from = "live"
	}
	began := time.Now()
	findings, err := c.judge.Judge(ctx, c.request, facts)
	evaluation.WithLabelValues(from).Observe(time.Since(began).Seconds())
	return findings, err
}

// denies reports whether there is a denial that fits.
func denies(findings []policy.Finding, fits func(policy.Finding) bool) bool {
	return slices.ContainsFunc(findings, func(f policy.Finding) bool {
		return f.Mode == policy.ModeDeny && (fits == nil || fits(f))
	})
}

// hindrances warn, at the door of a Deployment that opted in, of what keeps its siblings from coming.
func (v *Validate) hindrances(r judge.Request) []string {
	if w, ok := r.New.(*inventory.Workload); !ok || w.Version == nil || v.Missing == nil {
		return nil
	}
	var out []string
	for _, text := range v.Missing() {
		out = append(out, cut("Aviary can't keep this app's siblings now: "+text))
	}
	return out
}

// overridden tells of the object of a request; where it is not stored yet nobody can find it, so only updates and deletions
// do. The rule is in the action, too, because client-go folds Events that differ in nothing but their text.
func (v *Validate) overridden(c *call, rule, reason string) {
	if v.Events == nil || c.DryRun != nil && *c.DryRun || c.Operation == "CREATE" {
		return
	}
	object := &corev1.ObjectReference{
		APIVersion: groupVersion(c.Kind.Group, c.Kind.Version), Kind: c.Kind.Kind, Namespace: c.Namespace, Name: c.Name,
	}
	if w, ok := c.request.Old.(*inventory.Workload); ok {
		object.UID = w.UID
	}
	v.Events.Eventf(object, nil, corev1.EventTypeWarning, "Overridden", string(c.Operation)+" "+rule,
		"%s overrode %s: %s", c.UserInfo.Username, rule, reason)
}

func groupVersion(group, version string) string {
	if group == "" {
		return version
	}
	return group + "/" + version
}
