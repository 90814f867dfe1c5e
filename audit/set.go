package audit

import (
	"fmt"
	"hash/maphash"
	"slices"

	"aviary.dev/convention"
	"aviary.dev/inventory"
)

// Stage is what an audit does at the moment.
type Stage string

// The stages, as a progress bar shows them.
const (
	Reading Stage = "reading"
	Judging Stage = "judging"
)

// Place is where an object was read; zero for one of the cluster.
type Place struct {
	File string
	Line int
	// Item says where in a List it stands, "items[3]".
	Item string
}

// object is one that is to be judged. Of its text nothing is kept.
type object struct {
	fact  inventory.Fact
	place Place
}

// Set holds the facts of all objects that were read, and which of them are to be judged.
type Set struct {
	keys convention.LabelKeys
	// namespace is that of objects in files that name none.
	namespace string
	// Progress, if set, is told from time to time how many objects have been read, of a total that is not known (0), and
	// how many have been judged. It is never called twice at a time.
	Progress func(stage Stage, done, total int)

	store      *inventory.Store
	facts      inventory.Reader
	objects    []object
	seen       map[uint64]int32 // by the hash of an object from a file: its place among objects
	share      sharer
	live       map[inventory.ID]*inventory.Workload
	namespaces map[string]*inventory.Namespace
	summary    Summary
	notes      []string
	repeats    int
}

// NewSet makes an empty set. Objects in files that name no namespace are taken to be in the one given.
func NewSet(keys convention.LabelKeys, namespace string) *Set {
	store := inventory.NewStore()
	return &Set{
		keys: keys, namespace: namespace, store: store, facts: store, seen: map[uint64]int32{}, share: newSharer(),
		live: map[inventory.ID]*inventory.Workload{}, namespaces: map[string]*inventory.Namespace{},
	}
}

// Notes are words about the reading that the user should see.
func (s *Set) Notes() []string {
	out := slices.Clone(s.notes)
	if more := s.repeats - maxRepeats; more > 0 {
		out = append(out, fmt.Sprintf("%d more objects stand twice", more))
	}
	return out
}

func (s *Set) progress(stage Stage, done, total int) {
	if s.Progress != nil {
		s.Progress(stage, done, total)
	}
}

func (s *Set) note(format string, args ...any) {
	s.notes = append(s.notes, fmt.Sprintf(format, args...))
}

// maxRepeats is how many objects that stand twice are named.
const maxRepeats = 5

// put takes in an object from a file. Of two that are the same the later one counts for all others, and both are judged.
func (s *Set) put(fact inventory.Fact, place Place) {
	id := fact.Identity()
	hash := maphash.Comparable(s.share.seed, id)
	if i, twice := s.seen[hash]; !twice {
		s.seen[hash] = int32(len(s.objects)) // #nosec G115 -- two thousand million objects don't fit in memory
	} else if s.objects[i].fact.Identity() == id {
		first := s.objects[i].place
		if s.repeats++; s.repeats <= maxRepeats {
			s.note("%s:%d: %s %s stands twice, first at %s:%d; for all other objects the later one counts", place.File, place.Line, id.Kind, name(id), first.File, first.Line)
		}
	}
	if w, ok := fact.(*inventory.Workload); ok {
		if live := s.live[id]; live != nil {
			carry(live, w)
		}
		defaulted(w, s.keys)
	}
	s.know(fact)
	s.objects = append(s.objects, object{fact, place})
}

// know makes a fact count for the judgement of all objects.
func (s *Set) know(fact inventory.Fact) {
	if ns, ok := fact.(*inventory.Namespace); ok {
		s.namespaces[ns.Name] = ns
	}
	s.share.fact(fact)
	s.store.Put(fact)
}

func name(id inventory.ID) string {
	if id.Namespace == "" {
		return id.Name
	}
	return id.Ref.String()
}
