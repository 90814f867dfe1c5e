package nodes

import (
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// at is what a Pod must be some time after its start.
type at struct {
	after    time.Duration
	ready    bool
	restarts int32
}

// TestBehaviour follows Pods over time, and looks at them only when they said that they change, or
// when the table does.
func TestBehaviour(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name        string
		annotations map[string]string
		want        []at
	}{
		{"plain", nil, []at{{0, true, 0}, {time.Hour, true, 0}}},
		{"not ready", map[string]string{ReadyAnnotation: "false"}, []at{{0, false, 0}, {time.Hour, false, 0}}},
		{
			"ready after a time",
			map[string]string{ReadyAfterAnnotation: "5s"},
			[]at{{0, false, 0}, {5 * time.Second, false, 0}, {6 * time.Second, true, 0}, {time.Hour, true, 0}},
		},
		{
			"a time that is none",
			map[string]string{ReadyAfterAnnotation: "5"},
			[]at{{0, false, 0}, {time.Hour, false, 0}},
		},
		{
			"crashes at once",
			map[string]string{CrashAfterAnnotation: "0s"},
			[]at{{0, false, 1}, {3 * time.Second, false, 2}, {time.Hour, false, 300}},
		},
		{
			"crashes after a time",
			map[string]string{CrashAfterAnnotation: "2s"},
			[]at{
				{0, true, 0},
				{2 * time.Second, true, 0},
				{3 * time.Second, true, 1},
				{6 * time.Second, false, 1},
				{8 * time.Second, true, 2},
			},
		},
		{
			"crashes before it is ready",
			map[string]string{CrashAfterAnnotation: "2s", ReadyAfterAnnotation: "5s"},
			[]at{{0, false, 0}, {2 * time.Second, false, 0}, {7 * time.Second, false, 1}, {time.Hour, false, 200}},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := newSimulated(c.annotations)
			for _, want := range c.want {
				p.runUntil(want.after)
				if p.ready() != want.ready || p.restarts() < want.restarts || p.restarts() > 2*want.restarts {
					t.Errorf("after %s it must be ready %t with %d restarts, is ready %t with %d",
						want.after, want.ready, want.restarts, p.ready(), p.restarts())
				}
			}
		})
	}
}

// TestChangedWhileItRuns breaks a ready Pod by an annotation, and mends it.
func TestChangedWhileItRuns(t *testing.T) {
	t.Parallel()
	p := newSimulated(nil)
	p.runUntil(time.Minute)
	p.annotate(time.Minute, map[string]string{CrashAfterAnnotation: "0s"})
	p.runUntil(2 * time.Minute)
	if p.ready() || p.restarts() < 5 {
		t.Errorf("it must crash again and again, is ready %t with %d restarts", p.ready(), p.restarts())
	}
	p.annotate(2*time.Minute, nil)
	p.runUntil(3 * time.Minute)
	if !p.ready() {
		t.Error("it must be ready again")
	}
}

// TestBackOff expects restarts that come at once, and then later and later.
func TestBackOff(t *testing.T) {
	t.Parallel()
	for n, want := range map[int32]time.Duration{
		1: 0, 2: time.Second, 3: 2 * time.Second, 5: 8 * time.Second, 6: 10 * time.Second, 99: 10 * time.Second,
	} {
		if got := backOff(n); got != want {
			t.Errorf("the back-off of end %d must be %s, is %s", n, want, got)
		}
	}
}

// simulated is a Pod with a clock of its own.
type simulated struct {
	pod   *corev1.Pod
	start time.Time
	next  time.Time
}

func newSimulated(annotations map[string]string) *simulated {
	// A start with a part of a second, which a stored status does not keep.
	start := time.Date(2026, 1, 1, 0, 0, 0, 999_000_000, time.UTC)
	return &simulated{start: start, next: start, pod: &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: "x", UID: "1", Annotations: annotations},
		Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "a"}, {Name: "b"}}},
	}}
}

// runUntil lets time pass until some time after the start.
func (p *simulated) runUntil(after time.Duration) {
	end := p.start.Add(after)
	for now := p.next; !p.next.IsZero() && !now.After(end); now = p.next {
		p.settle(now)
	}
	p.settle(end)
}

// annotate changes the Pod's annotations some time after the start.
func (p *simulated) annotate(after time.Duration, annotations map[string]string) {
	p.pod.Annotations, p.next = annotations, p.start.Add(after)
}

// settle takes as many steps as the Pod takes at one time.
func (p *simulated) settle(now time.Time) {
	for changed := true; changed; {
		p.pod, changed, p.next = run(p.pod, now)
		p.pod = stored(p.pod)
	}
}

// stored returns the Pod as the API server stores it, whose times have whole seconds.
func stored(pod *corev1.Pod) *corev1.Pod {
	data, err := pod.Marshal()
	if err != nil {
		panic(err)
	}
	var out corev1.Pod
	if err := out.Unmarshal(data); err != nil {
		panic(err)
	}
	return &out
}

func (p *simulated) ready() bool {
	for _, c := range p.pod.Status.Conditions {
		if c.Type == corev1.PodReady {
			return c.Status == corev1.ConditionTrue
		}
	}
	return false
}

func (p *simulated) restarts() int32 { return p.pod.Status.ContainerStatuses[0].RestartCount }
