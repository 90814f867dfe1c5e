package route

import "regexp/syntax"

// maxInstructions is how large a compiled regular expression may be to be followed through a text.
const maxInstructions = 1000

// follower follows an expression through a text. It follows no condition on a place but ^ at the start and $ at the
// end: what it finds is there, and some that is there it does not find.
type follower struct {
	prog *syntax.Prog
	at   []uint32 // the instructions that wait for a character, or are the end
	seen []bool
}

// fitsBeneath reports whether the expression fits a path beneath a prefix by segment, whatever follows.
func (r *expression) fitsBeneath(prefix string) bool {
	if r == nil || r.prog == nil {
		return false
	}
	f := r.follow(prefix + "/")
	ends := make([]bool, len(r.prog.Inst))
	for _, pc := range f.at {
		if f.reaches(pc, ends) {
			return true
		}
	}
	return false
}

// goesOn reports whether the expression may fit a path that begins with the text.
func (r *expression) goesOn(text string) bool {
	return r != nil && r.prog != nil && len(r.follow(text).at) > 0
}

// follow follows the expression through the text.
func (r *expression) follow(text string) *follower {
	f := &follower{prog: r.prog, seen: make([]bool, len(r.prog.Inst))}
	start := uint32(r.prog.Start) // #nosec G115 -- at most maxInstructions
	f.enter(start, syntax.EmptyBeginText|syntax.EmptyBeginLine)
	for _, char := range text {
		f.step(char)
	}
	return f
}

func (f *follower) step(char rune) {
	was := f.at
	f.at = nil
	clear(f.seen)
	for _, pc := range was {
		switch i := &f.prog.Inst[pc]; i.Op {
		case syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
			if i.MatchRune(char) {
				f.enter(i.Out, 0)
			}
		default:
		}
	}
}

// enter adds an instruction, or those to which it leads without a character.
func (f *follower) enter(pc uint32, holds syntax.EmptyOp) {
	if f.seen[pc] {
		return
	}
	f.seen[pc] = true
	switch i := &f.prog.Inst[pc]; i.Op {
	case syntax.InstAlt, syntax.InstAltMatch:
		f.enter(i.Out, holds)
		f.enter(i.Arg, holds)
	case syntax.InstCapture, syntax.InstNop:
		f.enter(i.Out, holds)
	case syntax.InstEmptyWidth:
		if syntax.EmptyOp(i.Arg)&^holds == 0 { // #nosec G115 -- it is one
			f.enter(i.Out, holds)
		}
	case syntax.InstFail:
	default:
		f.at = append(f.at, pc)
	}
}

// reaches reports whether the expression's end comes after an instruction, by any characters.
func (f *follower) reaches(pc uint32, seen []bool) bool {
	if seen[pc] {
		return false
	}
	seen[pc] = true
	switch i := &f.prog.Inst[pc]; i.Op {
	case syntax.InstMatch:
		return true
	case syntax.InstAlt, syntax.InstAltMatch:
		return f.reaches(i.Out, seen) || f.reaches(i.Arg, seen)
	case syntax.InstRune:
		return len(i.Rune) > 0 && f.reaches(i.Out, seen)
	case syntax.InstCapture, syntax.InstNop, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
		return f.reaches(i.Out, seen)
	case syntax.InstEmptyWidth:
		asks := syntax.EmptyOp(i.Arg) // #nosec G115 -- it is one
		return f.prog.Inst[i.Out].Op == syntax.InstMatch && asks == syntax.EmptyEndText
	default:
		return false
	}
}
