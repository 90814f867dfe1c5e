package audit

import (
	"fmt"
	"hash/maphash"
	"slices"

	"aviary.dev/dialect"
	"aviary.dev/dryrun"
	"aviary.dev/fact"
	"aviary.dev/route"
)

// Stage is what an audit does at the moment.
type Stage string

// The stages, as a progress bar shows them.
const (
	Reading Stage = "reading"
	Judging Stage = "judging"
)

// place is where an object was read; zero for one of the cluster.
type place struct {
	file string
	line int
	// number is that of the document in the file.
	number int
}

// object is one that is to be judged. Of its text nothing is kept.
type object struct {
	fact  fact.Fact
	place place
}

// Set holds the facts of all objects that were read, and which of them are to be judged.
type Set struct {
	// Progress, if set, is told from time to time how many objects have been read, of a total that is
	// not known (0), and how many have been judged. It is never called twice at a time.
	Progress func(stage Stage, done, total int)

	kinds *dialect.Kinds
	// names are those of the kinds, whatever their group is.
	names   map[string]bool
	world   *dryrun.World
	objects []object
	wrong   []Finding // values of the wrong type
	seed    maphash.Seed
	seen    map[uint64]int32 // by the hash of an object from a file: its place among objects
	summary Summary
	notes   []string
	repeats int
}

// NewSet makes an empty set. Objects in files that name no namespace are taken to be in the one given.
func NewSet(kinds *dialect.Kinds, namespace string) *Set {
	s := &Set{
		kinds: kinds, names: map[string]bool{}, world: dryrun.NewWorld(kinds, namespace),
		seed: maphash.MakeSeed(), seen: map[uint64]int32{},
	}
	for _, kind := range kinds.All() {
		s.names[kind.Kind] = true
	}
	return s
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

// add takes in an object from a file. Of two that are the same the later one counts for all others,
// and both are judged.
func (s *Set) add(o object) {
	id := o.fact.Identity()
	hash := maphash.Comparable(s.seed, id)
	if i, twice := s.seen[hash]; !twice {
		s.seen[hash] = int32(len(s.objects)) // #nosec G115 -- two thousand million objects don't fit in memory
	} else if s.objects[i].fact.Identity() == id {
		s.repeat(id, s.objects[i].place, o.place)
	}
	s.world.Add(o.fact)
	s.objects = append(s.objects, o)
}

func (s *Set) repeat(id route.ID, first, again place) {
	if s.repeats++; s.repeats > maxRepeats {
		return
	}
	s.note("%s:%d: %s stands twice, first at %s:%d; for all other objects the later one counts",
		again.file, again.line, name(id), first.file, first.line)
}

// name returns what an object is called: "Service shop/till", "Namespace shop".
func name(id route.ID) string {
	if id.Namespace == "" {
		return id.Kind + " " + id.Name
	}
	return id.String()
}
