package judge_test

import (
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/fact"
)

const agreementPage = "../../docs/gloo-agreement.md"

// TestAgreementPage keeps docs/gloo-agreement.md equal to what is there; -update rewrites it. Without recorded worlds
// it leaves the page as it is.
func TestAgreementPage(t *testing.T) {
	t.Parallel()
	worlds := recordedWorlds(t)
	rows := map[string]*agreement{}
	for _, w := range worlds {
		a := w.agreement(t)
		for _, class := range append(slices.Clone(w.Class), allClasses) {
			if rows[class] == nil {
				rows[class] = &agreement{}
			}
			rows[class].add(&a)
		}
	}
	page := agreementText(rows)
	if *update {
		if err := os.WriteFile(agreementPage, []byte(page), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	is, err := os.ReadFile(agreementPage)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(is), page); diff != "" {
		t.Errorf("%s is out of date; -update rewrites it (-is +must be):\n%s", agreementPage, diff)
	}
}

// tally is of how many things both say the same.
type tally struct{ agree, of int }

func (a *tally) count(agree bool) {
	if a.of++; agree {
		a.agree++
	}
}

// agreement is that of some worlds, by columns of the page.
type agreement struct {
	worlds int
	counts [len(agreementColumns)]tally
}

func (a *agreement) add(o *agreement) {
	a.worlds += o.worlds
	for i, c := range o.counts {
		a.counts[i].agree, a.counts[i].of = a.counts[i].agree+c.agree, a.counts[i].of+c.of
	}
}

// The columns, in the order of agreementColumns.
const (
	columnDropped = iota
	columnFrozen
	columnServed
	columnUnreached
	columnOrder
	columnAnswers
	columnShares
)

func (w *judgedWorld) agreement(t *testing.T) agreement {
	t.Helper()
	out := agreement{worlds: 1}
	for name, what := range w.said {
		if slices.Contains(what, "dropped") && !slices.Contains(w.Gloo.Dropped, name) {
			out.counts[columnDropped].count(false)
		}
	}
	for _, name := range w.Gloo.Dropped {
		out.counts[columnDropped].count(slices.Contains(w.said[name], "dropped"))
	}
	out.counts[columnFrozen].count(w.holds() && len(w.denied) > 0 || !w.holds() && len(w.freezes) == 0)
	for _, name := range w.Gloo.Reached {
		out.counts[columnServed].count(len(w.said[name]) == 0)
	}
	w.compareModel(t, &out)
	return out
}

// compareModel adds what the rules' model of Gloo says.
func (w *judgedWorld) compareModel(t *testing.T, out *agreement) {
	t.Helper()
	parents, err := glootest.Kinds().Writer().Parents(t.Context(), w.store)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range w.store.All() {
		if table, ok := f.(*fact.Table); ok && table.Led {
			unreached := len(parents.Ways(table)) == 0
			if recorded := slices.Contains(w.Gloo.UnreachedTables, table.Ref.String()); unreached || recorded {
				out.counts[columnUnreached].count(unreached == recorded)
			}
		}
	}
	order, err := w.CompareOrder(t.Context(), parents, w.store.All())
	if err != nil {
		t.Fatal(err)
	}
	out.counts[columnOrder] = tally{order.Of - len(order.Differ), order.Of}
	model, err := glootest.NewModel(t.Context(), w.store, w.store.All())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range w.Gloo.Probes {
		answer, err := model.Answer(t.Context(), p.Request)
		if err != nil {
			t.Fatal(err)
		}
		out.counts[columnAnswers].count(answer.Same(p.Answer))
		if p.Answer != nil && len(p.Answer.Destinations) > 0 {
			out.counts[columnShares].count(answer.SameShares(p.Answer))
		}
	}
}
